"""Text and paths in the forms that the database can hold."""

from __future__ import annotations

import os
import re

_SURROGATES = re.compile("[\ud800-\udfff]")


def storable_text(text: str) -> str:
    """Return `text` with lone surrogates replaced, one for one, so that spans keep their meaning.

    Some PDF files yield them; they are no characters and no UTF-8.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text


def stored_path(path: str) -> bytes:
    """Return the bytes of a path; names that are no valid text survive."""
    return os.fsencode(path)


def path_of(stored: bytes) -> str:
    """Return the path that `stored_path` took."""
    return os.fsdecode(stored)
