"""What models have read of conversations, as files: bounded, checked, gone with them."""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.engine import SequenceState
from desktop.storage.checked_records import (
    SALT_BYTES,
    RecordsDamaged,
    Seal,
    read_body,
    stored_size,
    write_body,
)
from desktop.storage.database import Database
from desktop.storage.failures import folder_failures
from desktop.storage.whole_file import replaced_whole

_MAGIC = b"CARRELSQ"
_VERSION = 1
# Magic, version, sealed, the key's digest, number of tokens, bytes of the payload, salt.
_FRONT = struct.Struct(f"<8sB?16sIQ{SALT_BYTES}s")
_TOKEN_BYTES = 4
_TOKENS, _PAYLOAD = b"tokens", b"payload"
_SUFFIX = ".state"


@dataclass(frozen=True, slots=True)
class _Front:
    """The beginning of a file, before anything of it is believed."""

    raw: bytes
    sealed: bool
    key_digest: bytes
    tokens: int
    payload_bytes: int
    salt: bytes

    @property
    def file_bytes(self) -> int:
        bodies = (self.tokens * _TOKEN_BYTES, self.payload_bytes)
        return _FRONT.size + sum(stored_size(size, self.sealed) for size in bodies)


class SequenceStates:
    """One state for each conversation and key of `SequenceState`, the least used gone first.

    `limit_bytes` bounds them all together. With a `vault_key` of 256 bits files are sealed, and
    those that are not, or with another key, are not read.
    """

    def __init__(
        self,
        database: Database,
        folder: Path,
        limit_bytes: Callable[[], int],
        vault_key: bytes | None = None,
    ) -> None:
        self._database = database
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._vault_key = vault_key

    @property
    def limit_bytes(self) -> int:
        return self._limit_bytes()

    def keep(
        self, conversation_id: int, state: SequenceState, cancel: CancelToken | None = None
    ) -> bool:
        """Write a state to the disk; False where it is larger than all of them may be together.

        Raises `StorageError` types, `Cancelled`, and `KeyError` where the conversation is gone.
        """
        self._known(conversation_id)
        front = self._front(state)
        if front.file_bytes > self._limit_bytes():
            return False
        self._make_room(front.file_bytes, conversation_id, state.key)
        tokens = array("i", state.tokens).tobytes()
        with replaced_whole(self._path(conversation_id, state.key)) as file:
            file.write(front.raw)
            for name, body in ((_TOKENS, tokens), (_PAYLOAD, state.payload)):
                seal = self._seal(front, name)
                write_body(file, front.raw + name, body, seal, cancel or CancelToken())
        self._note(conversation_id, state, front.file_bytes)
        return True

    def find(self, conversation_id: int, key: str) -> SequenceState | None:
        """Read a state back; None where there is none. A damaged or foreign file is removed."""
        known = self._database.execute(
            "UPDATE sequence_states SET used_at = ? WHERE conversation_id = ? AND key = ? "
            "RETURNING id",
            (time.time(), conversation_id, key),
        )
        if not known:
            return None
        path = self._path(conversation_id, key)
        try:
            return self._read(path, key)
        except (RecordsDamaged, OSError):
            self._drop(conversation_id, key)
            return None

    def sizes(self, conversation_id: int, key: str) -> tuple[int, int]:
        """How many tokens a kept state holds, and in how many bytes; zeros where there is none."""
        rows = self._database.execute(
            "SELECT tokens, bytes FROM sequence_states WHERE conversation_id = ? AND key = ?",
            (conversation_id, key),
        )
        return rows[0] if rows else (0, 0)

    def tidy(self) -> None:
        """Remove files that no row names, rows without a file, and what is over the limit.

        Rows go with their conversation; after that, this erases what was read of it. Raises
        `StorageError` types.
        """
        rows = self._database.execute("SELECT conversation_id, key FROM sequence_states")
        named = {self._path(*row): row for row in rows}
        with folder_failures(self._folder):
            there = set(self._folder.iterdir()) if self._folder.is_dir() else set()
            for path in there - set(named):
                path.unlink(missing_ok=True)
        for path, row in named.items():
            if path not in there:
                self._forget(*row)
        self._make_room(0)

    def _front(self, state: SequenceState) -> _Front:
        sealed = self._vault_key is not None
        salt = secrets.token_bytes(SALT_BYTES) if sealed else bytes(SALT_BYTES)
        digest = _digest(state.key)
        sizes = len(state.tokens), len(state.payload)
        raw = _FRONT.pack(_MAGIC, _VERSION, sealed, digest, *sizes, salt)
        return _Front(raw, sealed, digest, *sizes, salt)

    def _read(self, path: Path, key: str) -> SequenceState:
        with path.open("rb") as file:
            front = _parsed(file.read(_FRONT.size))
            if front.key_digest != _digest(key):
                raise RecordsDamaged("it holds for another model")
            if front.sealed != (self._vault_key is not None):
                raise RecordsDamaged("it is sealed, or not, against what is asked")
            # Before room is made for it: a number in a damaged file can be any.
            if os.fstat(file.fileno()).st_size != front.file_bytes:
                raise RecordsDamaged("it has another length")
            sizes = ((_TOKENS, front.tokens * _TOKEN_BYTES), (_PAYLOAD, front.payload_bytes))
            read, payload = (
                read_body(file, front.raw + name, size, self._seal(front, name))
                for name, size in sizes
            )
        tokens = array("i")
        tokens.frombytes(read)
        return SequenceState(key, tuple(tokens), payload)

    def _seal(self, front: _Front, name: bytes) -> Seal | None:
        return Seal(self._vault_key, front.salt, name) if self._vault_key is not None else None

    def _make_room(self, wanted: int, conversation_id: int = 0, key: str = "") -> None:
        """Remove the least used until `wanted` bytes more fit; the replaced one does not count."""
        rows = self._database.execute(
            "SELECT conversation_id, key, bytes FROM sequence_states "
            "WHERE NOT (conversation_id = ? AND key = ?) ORDER BY used_at, id",
            (conversation_id, key),
        )
        total, limit = wanted + sum(row[2] for row in rows), self._limit_bytes()
        for owner, other, size in rows:
            if total <= limit:
                break
            self._drop(owner, other)
            total -= size

    def _note(self, conversation_id: int, state: SequenceState, size: int) -> None:
        with self._database.transaction():
            try:
                self._known(conversation_id)
            except KeyError:
                self._path(conversation_id, state.key).unlink(missing_ok=True)
                raise
            self._database.execute(
                "INSERT INTO sequence_states (conversation_id, key, tokens, bytes, used_at) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (conversation_id, key) DO UPDATE SET "
                "tokens = excluded.tokens, bytes = excluded.bytes, used_at = excluded.used_at",
                (conversation_id, state.key, len(state.tokens), size, time.time()),
            )

    def _known(self, conversation_id: int) -> None:
        """Raise `KeyError` where the conversation is gone."""
        if not self._database.execute(
            "SELECT 1 FROM conversations WHERE id = ?", (conversation_id,)
        ):
            raise KeyError(conversation_id)

    def _drop(self, conversation_id: int, key: str) -> None:
        with folder_failures(self._folder):
            self._path(conversation_id, key).unlink(missing_ok=True)
        self._forget(conversation_id, key)

    def _forget(self, conversation_id: int, key: str) -> None:
        self._database.execute(
            "DELETE FROM sequence_states WHERE conversation_id = ? AND key = ?",
            (conversation_id, key),
        )

    def _path(self, conversation_id: int, key: str) -> Path:
        return self._folder / f"{conversation_id}-{_digest(key).hex()}{_SUFFIX}"


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()[:16]


def _parsed(raw: bytes) -> _Front:
    if len(raw) != _FRONT.size:
        raise RecordsDamaged("it ends too soon")
    magic, version, sealed, digest, tokens, payload_bytes, salt = _FRONT.unpack(raw)
    if magic != _MAGIC or version != _VERSION:
        raise RecordsDamaged("it is no state, or another version's")
    return _Front(raw, sealed, digest, tokens, payload_bytes, salt)
