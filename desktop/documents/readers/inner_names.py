"""Names for files inside files: shown to people, and never a path on disk."""

from __future__ import annotations

import re

_DRIVE = re.compile(r"[A-Za-z]:")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_LONGEST_PART = 200
_MOST_PARTS = 40


def safe_name(name: str, instead: str = "file") -> str:
    """The name with "/" between folders, without roots, drives and steps upwards."""
    parts = []
    for part in _UNSEEN.sub("", name).replace("\\", "/").split("/"):
        kept = part.strip()
        if kept not in ("", ".", "..") and not _DRIVE.fullmatch(kept):
            parts.append(_shortened(kept))
    return "/".join(parts[-_MOST_PARTS:]) or instead


def file_name(name: str, instead: str = "file") -> str:
    """The last part of the name, as attachments have one."""
    return safe_name(name, instead).rpartition("/")[2]


class UniqueNames:
    """Gives a second file of the same name a name of its own."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, name: str) -> str:
        unique, number = name, 1
        while unique.lower() in self._taken:
            number += 1
            stem, dot, suffix = _split(name)
            unique = f"{stem} ({number}){dot}{suffix}"
        self._taken.add(unique.lower())
        return unique


def _shortened(part: str) -> str:
    if len(part) <= _LONGEST_PART:
        return part
    stem, dot, suffix = _split(part)
    if not dot or len(suffix) > 20:
        return part[:_LONGEST_PART]
    return stem[: _LONGEST_PART - len(suffix) - 1] + dot + suffix


def _split(name: str) -> tuple[str, str, str]:
    folder, slash, last = name.rpartition("/")
    stem, dot, suffix = last.rpartition(".")
    if not stem:
        return name, "", ""
    return folder + slash + stem, dot, suffix
