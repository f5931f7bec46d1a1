"""All of them, by name."""

from __future__ import annotations

from tests.support.hostile.engine import engine_findings
from tests.support.hostile.entries import hostile_numbers, hostile_words
from tests.support.hostile.layout import hostile_bytes, hostile_layout
from tests.support.hostile.making import Hostile
from tests.support.hostile.others import hostile_others
from tests.support.hostile.parts import hostile_parts
from tests.support.hostile.uses import hostile_uses


def hostile() -> dict[str, Hostile]:
    """What the header check alone refuses."""
    kinds = (
        hostile_bytes(),
        hostile_layout(),
        hostile_numbers(),
        hostile_words(),
        hostile_uses(),
        hostile_parts(),
        hostile_others(),
    )
    return {name: one for kind in kinds for name, one in kind}


def hostile_to_engine() -> dict[str, Hostile]:
    """What only llama.cpp's own look finds."""
    return dict(engine_findings())
