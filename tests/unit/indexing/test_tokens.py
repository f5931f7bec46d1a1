"""Tokens are estimated well enough to size chunks."""

from __future__ import annotations

import pytest

from desktop.indexing.tokens import estimate_tokens


# The counts are those of the included embedder's own tokenizer.
@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The monthly rent of the flat is 900 euros.", 10),
        ("Invoice INV-2024-001 over 1,234.50 euros was paid by Brandt Limited.", 21),
        ("Das Mietverhältnis beginnt am ersten Januar.", 16),
        ("本合同受中华人民共和国法律管辖。", 16),
        ("", 0),
    ],
)
def test_the_estimate_is_near_the_tokenizer(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == pytest.approx(tokens, rel=0.35, abs=0.5)


def test_twice_the_text_has_twice_the_tokens() -> None:
    text = "The tenant shall pay 1,250.00 euros. "
    assert estimate_tokens(text * 20) == pytest.approx(20 * estimate_tokens(text))
