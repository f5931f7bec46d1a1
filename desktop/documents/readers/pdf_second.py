"""The other library's reading of a page, where the first one's is empty or nonsense."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from desktop.documents.readers.garble import is_garbled

# A file whose first pages the other library cannot read either is not asked page by page.
_MOST_IN_VAIN = 5


class SecondOpinion:
    """Opens the file with pypdf when a page is first asked for."""

    def __init__(self, path: Path, passwords: Sequence[str] = ()) -> None:
        self._path = path
        self._passwords = passwords
        self._file: IO[bytes] | None = None
        self._reader: Any = None
        self._in_vain = 0

    def text(self, number: int) -> str:
        """The page's text line by line, "" where there is none or it is nonsense too."""
        if self._in_vain >= _MOST_IN_VAIN:
            return ""
        try:
            lines = self._opened().pages[number - 1].extract_text().splitlines()
        except Exception:  # noqa: BLE001 - pypdf raises far more than its own errors
            lines = []
        text = "\n".join(filter(None, (line.strip() for line in lines)))
        if not text or is_garbled(text):
            self._in_vain += 1
            return ""
        self._in_vain = 0
        return text

    def close(self) -> None:
        """Close the file if it was opened."""
        if self._file is not None:
            self._file.close()

    def _opened(self) -> Any:
        if self._reader is None:
            self._file = self._path.open("rb")
            self._reader = pypdf_reader(self._file, self._passwords)
        return self._reader


def pypdf_reader(file: IO[bytes], passwords: Sequence[str] = ()) -> Any:
    """The file opened by pypdf, without its remarks, which can be longer than the file."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(file)
    if reader.is_encrypted:
        any(map(reader.decrypt, ("", *passwords)))
    return reader
