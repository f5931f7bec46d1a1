"""The content hash by which a document is known wherever it lies."""

from __future__ import annotations

import hashlib
from pathlib import Path

from desktop.documents.access import access_error
from desktop.domain.cancel import CancelToken

_PIECE_BYTES = 1 << 20


def sha256_of(path: Path, cancel: CancelToken) -> str:
    """Hash the file's bytes; raises `FileMissing`, `FileUnreadable` or `Cancelled`."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                cancel.raise_if_cancelled()
                digest.update(piece)
    except OSError as error:
        raise access_error(path, error) from None
    return digest.hexdigest()
