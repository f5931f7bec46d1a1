"""Model files that came into a watched folder, once they are whole and nobody writes them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.model_errors import ModelError
from desktop.domain.models import ModelEntry, NewModelFile
from desktop.inference.gguf_check import check_file
from desktop.inference.gguf_header import GgufHeader, facts_of
from desktop.inference.gguf_parts import files_of, stem_of

_SUFFIX = ".gguf"
# A file that has not changed for so long is whole; a younger one must look the same twice.
_SETTLED_S = 60.0
_TAIL_BYTES = 4096
_MOST_FILES = 1000

_State = tuple[tuple[int, int], ...]  # size and time of change of each part


@dataclass(frozen=True, slots=True)
class _Seen:
    state: _State
    found: NewModelFile | None  # None for what is no whole model, as long as it stays as it is


class WatchedModels:
    """Looks through one folder, again and again; each look costs a listing and a few stats."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._states: dict[Path, _State] = {}
        self._seen: dict[Path, _Seen] = {}

    def new_files(
        self, known: Sequence[ModelEntry], now: float | None = None
    ) -> list[NewModelFile]:
        """The whole models of the folder that are in no entry of `known`, by name.

        A file that is still being written, or is no model, is left out until it changes. A
        folder that cannot be read holds nothing. `now` is the time, for tests.
        """
        at = time.time() if now is None else now
        taken = {one for entry in known for one in (entry.origin, entry.path, *entry.parts)}
        states = dict(self._states_now(taken))
        found = [
            new
            for path, state in states.items()
            if self._settled(path, state, at) and (new := self._looked_at(path, state))
        ]
        self._states = states
        self._seen = {path: seen for path, seen in self._seen.items() if path in states}
        return found

    def leave(self, path: str) -> None:
        """Offer a file no more while it stays as it is: its bytes are known from elsewhere."""
        place = Path(path)
        if place in self._states:
            self._seen[place] = _Seen(self._states[place], None)

    def _states_now(self, taken: set[str]) -> Iterator[tuple[Path, _State]]:
        for path in _model_files(self._folder):
            with suppress(OSError, ModelError):
                parts = files_of(path)
                if path == parts[0] and str(path) not in taken:
                    stats = [part.stat() for part in parts]
                    yield path, tuple((one.st_size, one.st_mtime_ns) for one in stats)

    def _settled(self, path: Path, state: _State, now: float) -> bool:
        newest = max(changed for _, changed in state) / 1e9
        # A clock that is behind makes files of the future; those must look the same twice.
        return newest <= now - _SETTLED_S or self._states.get(path) == state

    def _looked_at(self, path: Path, state: _State) -> NewModelFile | None:
        seen = self._seen.get(path)
        if seen is None or seen.state != state:
            seen = _Seen(state, _whole_model(path))
            self._seen[path] = seen
        return seen.found


def _model_files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix.lower() == _SUFFIX)[
            :_MOST_FILES
        ]
    except OSError:
        return []


def _whole_model(path: Path) -> NewModelFile | None:
    try:
        header, kind = check_file(path)
        if not all(_written_to_its_end(part) for part in header.parts):
            return None
    except (ModelError, OSError):
        return None
    return NewModelFile(str(path), _name(path, header), kind, header.size_bytes)


def _written_to_its_end(path: Path) -> bool:
    """Some programs give a copy its full length first: until the end is written, it is zeros."""
    with path.open("rb") as opened:
        opened.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        return bool(opened.read(_TAIL_BYTES).strip(b"\0"))


def _name(path: Path, header: GgufHeader) -> str:
    return facts_of(header).name or stem_of(path.name)
