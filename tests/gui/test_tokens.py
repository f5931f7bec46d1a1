"""What must be read can be read, in both themes."""

from __future__ import annotations

import pytest

from desktop.gui.tokens import DARK, LIGHT, Tokens, contrast

_TEXT_ON = (
    ("text", ("bg", "side", "panel", "card", "user", "hover")),
    ("mute", ("bg", "side", "panel", "card")),
    ("acc", ("bg", "side", "panel", "card", "accbg")),
    ("warn", ("bg", "card", "warnbg")),
    ("bad", ("bg", "card", "badbg")),
    ("on_acc", ("acc", "acc_hover")),
    ("on_hl", ("hl",)),
)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"), [(text, ground) for text, grounds in _TEXT_ON for ground in grounds]
)
def test_text_keeps_its_contrast_on_every_ground(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


def test_contrast_is_the_one_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_focus_ring_stands_out_from_every_surface(tokens: Tokens) -> None:
    for ground in ("bg", "side", "panel", "card"):
        assert contrast(tokens.acc, getattr(tokens, ground)) >= 3.0
