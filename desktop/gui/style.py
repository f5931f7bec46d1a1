"""The style sheet: one template filled with tokens and scaled sizes."""

from __future__ import annotations

from dataclasses import fields
from string import Template

from desktop.gui.resource_files import style_file
from desktop.gui.tokens import (
    FONT_FAMILY,
    FONT_SIZES,
    FONT_WEIGHTS,
    RADIUS_BUBBLE,
    RADIUS_BUTTON,
    RADIUS_CARD,
    RADIUS_CITATION,
    Tokens,
    scaled,
)

_TONES = ("text", "mute", "faint", "acc", "warn", "bad", "on_acc")


def style_sheet(tokens: Tokens, font_percent: int) -> str:
    """The whole style sheet for one theme at one font size."""
    template = Template(style_file().read_text(encoding="utf-8"))
    return template.substitute(_values(tokens, font_percent)) + _label_rules(tokens, font_percent)


def _values(tokens: Tokens, font_percent: int) -> dict[str, str]:
    values = {field.name: str(getattr(tokens, field.name)) for field in fields(tokens)}
    values["family"] = FONT_FAMILY
    for size in FONT_SIZES:
        values[f"f{size}"] = f"{scaled(size, font_percent)}px"
    for pixels in range(1, 61):
        values[f"p{pixels}"] = f"{scaled(pixels, font_percent)}px"
    # Qt drops a radius over half the height, so a pill's height is twice its radius.
    pill = scaled(13, font_percent)
    values["pill_radius"] = f"{pill - 1}px"
    values["pill_height"] = f"{2 * pill - 2}px"
    # The same for a radio button, whose border is as thick at every size.
    radio = 2 * (scaled(16, font_percent) // 2)
    values["radio_off"], values["radio_on"] = f"{radio - 4}px", f"{radio - 8}px"
    values["radio_radius"] = f"{radio // 2}px"
    values["r_citation"] = f"{RADIUS_CITATION}px"
    values["r_button"] = f"{RADIUS_BUTTON}px"
    values["r_card"] = f"{RADIUS_CARD}px"
    values["r_bubble"] = f"{RADIUS_BUBBLE}px"
    return values


def _label_rules(tokens: Tokens, font_percent: int) -> str:
    """Rules for the properties that `Label` sets: `textSize`, `weight` and `tone`."""
    rules = [
        f'QLabel[textSize="{s}"] {{ font-size: {scaled(s, font_percent)}px; }}' for s in FONT_SIZES
    ]
    rules += [f'QLabel[weight="{w}"] {{ font-weight: {w}; }}' for w in FONT_WEIGHTS]
    rules += [f'QLabel[tone="{tone}"] {{ color: {getattr(tokens, tone)}; }}' for tone in _TONES]
    return "\n".join(rules)
