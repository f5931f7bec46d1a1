"""What must be read can be read, in both themes."""

from __future__ import annotations

import pytest

from desktop.gui.tokens import DARK, LIGHT, Tokens

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
    assert _contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


def test_contrast_is_the_one_of_the_standard() -> None:
    assert _contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert _contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_focus_ring_stands_out_from_every_surface(tokens: Tokens) -> None:
    for ground in ("bg", "side", "panel", "card"):
        assert _contrast(tokens.acc, getattr(tokens, ground)) >= 3.0


def _channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _luminance(color: str) -> float:
    """Relative luminance of #RRGGBB as WCAG 2 defines it."""
    red, green, blue = (_channel(int(color[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
