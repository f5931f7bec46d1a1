"""OLE containers of the old Office formats: their streams, or a clear word about the damage."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

from desktop.documents.content import Remark
from desktop.domain.errors import DamagedFile

DAMAGED = Remark("The file is damaged; what could be read of it was read.")


class OleContainer:
    """Opens the container; `with` closes it. Raises `DamagedFile`."""

    def __init__(self, path: Path) -> None:
        from olefile import OleFileIO

        self._path = path
        try:
            self.file: Any = OleFileIO(str(path))
        except Exception as error:  # whatever its parsing met
            raise DamagedFile(str(path), "its OLE container is broken") from error

    def __enter__(self) -> OleContainer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.file.close()

    @property
    def is_damaged(self) -> bool:
        """Whether anything was found wrong so far that could be worked around."""
        return bool(self.file.parsing_issues)

    def has(self, name: str) -> bool:
        return bool(self.file.exists(name))

    def stream(self, name: str) -> bytes:
        """A stream's bytes."""
        if not self.has(name):
            raise DamagedFile(str(self._path), f"its stream {name} is missing")
        try:
            data: bytes = self.file.openstream(name).read()
        except Exception as error:
            raise DamagedFile(str(self._path), f"its stream {name} cannot be read") from error
        return data
