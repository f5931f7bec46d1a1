"""Which files of a folder are meant: patterns of names and of paths below the folder."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patterns:
    """Compiled patterns. `*.pdf` is held against names, `drafts/*` against paths; case is all one.

    A pattern without "/" that excludes also leaves out folders of that name with all in them.
    """

    include: re.Pattern[str] | None = None
    exclude_names: re.Pattern[str] | None = None
    exclude_paths: re.Pattern[str] | None = None
    include_paths: re.Pattern[str] | None = None

    @staticmethod
    def of(include: Sequence[str] = (), exclude: Sequence[str] = ()) -> Patterns:
        return Patterns(
            include=_joined(one for one in include if "/" not in one),
            include_paths=_joined(one for one in include if "/" in one),
            exclude_names=_joined(one for one in exclude if "/" not in one),
            exclude_paths=_joined(one for one in exclude if "/" in one),
        )

    @property
    def any(self) -> bool:
        every = (self.include, self.include_paths, self.exclude_names, self.exclude_paths)
        return any(pattern is not None for pattern in every)

    def takes_file(self, name: str, below: str) -> bool:
        """`below` is the file's path from the folder on, with "/" between its parts."""
        if self.leaves_out(name, below):
            return False
        if self.include is None and self.include_paths is None:
            return True
        return _matches(self.include, name) or _matches(self.include_paths, below)

    def leaves_out(self, name: str, below: str) -> bool:
        """Whether a file or folder is excluded."""
        return _matches(self.exclude_names, name) or _matches(self.exclude_paths, below)


def _joined(patterns: Iterable[str]) -> re.Pattern[str] | None:
    # "drafts/" and "drafts/*" mean the same folder.
    whole = [one + "*" if one.endswith("/") else one for one in patterns if one]
    alternatives = "|".join(fnmatch.translate(one.removeprefix("./")) for one in whole)
    return re.compile(alternatives, re.IGNORECASE) if alternatives else None


def _matches(pattern: re.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.match(text) is not None
