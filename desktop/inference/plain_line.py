"""Names from model files, made fit to be shown: one line, no marks that turn text around."""

from __future__ import annotations

import unicodedata

# Control, format (direction marks, joiners), surrogate and private characters; line separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def plain_line(text: str, limit: int) -> str:
    """The visible characters of a text, spaces joined, at most `limit` of them."""
    # Cut first: a file may claim a name of many megabytes.
    shown = (" " if unicodedata.category(one) in _UNSEEN else one for one in text[: 4 * limit])
    return " ".join("".join(shown).split())[:limit].strip()
