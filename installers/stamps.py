"""What set-up has already done, as keys in one small file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


class Stamps:
    """The keys of the steps that were taken; an unreadable file counts as none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, name: str) -> str | None:
        value = self._load().get(name)
        return value if isinstance(value, str) else None

    def write(self, name: str, key: str) -> None:
        self._save({**self._load(), name: key})

    def forget(self, name: str) -> None:
        self._save({known: key for known, key in self._load().items() if known != name})

    def _load(self) -> dict[str, object]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _save(self, keys: dict[str, object]) -> None:
        if not self._path.parent.is_dir():
            return  # the environment is about to be made; nothing is on record yet
        aside = self._path.with_suffix(".new")
        aside.write_text(json.dumps(keys, indent=2) + "\n", encoding="utf-8")
        aside.replace(self._path)


def digest(*parts: bytes) -> str:
    """One hash over parts that cannot run into each other."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
