"""Where the window's own files lie: fonts, icons and the style sheet."""

from __future__ import annotations

from pathlib import Path

_RESOURCES = Path(__file__).resolve().parents[2] / "resources"


def fonts_folder() -> Path:
    return _RESOURCES / "fonts"


def icon_file(name: str) -> Path:
    return _RESOURCES / "icons" / f"{name}.svg"


def style_file() -> Path:
    return _RESOURCES / "style" / "carrel.qss"
