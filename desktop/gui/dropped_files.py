"""Files and folders that are dropped or pasted, as paths."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData


def local_paths(data: QMimeData) -> list[Path]:
    """The local files and folders among the URLs; a web address is none of them."""
    return [Path(url.toLocalFile()) for url in data.urls() if _local(url.toLocalFile(), url.host())]


def _local(path: str, host: str) -> bool:
    # A file: address with a host names a share on another machine.
    return bool(path) and not host
