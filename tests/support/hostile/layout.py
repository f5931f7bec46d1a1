"""Files cut short, and numbers that contradict the file they stand in."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path

from desktop.domain.model_errors import ModelDamaged
from tests.support.gguf_builder import LIST, TEXT, U8, U32, U64, Draft, Entry, tiny_model
from tests.support.hostile.making import Hostile, Named, changed, cut, made_of


def hostile_bytes() -> Named:
    yield "nothing in it", Hostile(made_of(lambda: b""), ModelDamaged, "is empty")
    for size in (1, 3, 4, 7, 8, 20, 30):
        yield f"{size} bytes", cut(partial(_at, size), "ends inside its header")
    inside = "ends inside its header"
    yield "cut in a key", cut(lambda whole: whole.index(b"architecture") + 5, inside)
    yield "cut in the vocabulary", cut(lambda whole: whole.index(b"<0x80>"), inside)
    yield "cut in the scores", cut(lambda whole: whole.index(b"ggml.scores") + 200, inside)
    yield "cut in the tensors' list", cut(lambda whole: whole.index(b"blk.1.ffn"), inside)
    yield "cut before the weights", cut(lambda whole: whole.index(b"blk.1.ffn_down") + 60, "0%")
    yield "cut in the weights", cut(lambda whole: len(whole) // 2, "% of its tensors")
    yield "last bytes missing", cut(lambda whole: len(whole) - 4, "95% of its tensors")
    for version in (0, 1, 4, 2**31):
        yield (
            f"version {version}",
            changed(
                partial(_with, "version", struct.pack("<I", version)),
                f"GGUF version {version}",
            ),
        )
    yield (
        "the other byte order",
        changed(lambda draft: setattr(draft, "version", struct.pack(">I", 3)), "other byte order"),
    )
    yield (
        "two megabytes behind it",
        changed(lambda draft: setattr(draft, "behind", bytes(2 << 20)), "behind its last tensor"),
    )
    yield "four terabytes behind it", Hostile(_sparse, ModelDamaged, "behind its last tensor")


def _at(size: int, _: bytes) -> int:
    return size


def _with(name: str, value: object, draft: Draft) -> None:
    setattr(draft, name, value)


def _with_entry(entry: Entry, draft: Draft) -> None:
    draft.entries.append(entry)


def _aligned(alignment: int, draft: Draft) -> None:
    draft.set("general.alignment", U32, alignment)


def _sparse(folder: Path) -> Path:
    path = tiny_model().save(folder / "model.gguf")
    os.truncate(path, 4 << 40)
    return path


def hostile_layout() -> Named:
    def counted(name: str, value: int) -> Callable[[Draft], None]:
        return lambda draft: setattr(draft, name, value)

    yield "2^63 tensors", changed(counted("part_count", 1 << 63), "claims 9,223")
    yield "65,537 tensors", changed(counted("part_count", 65537), "claims 65,537 tensors")
    yield "one tensor more", changed(lambda draft: _one_more(draft, "part_count"), "")
    yield "no entries", changed(counted("entry_count", 0), "and 0 entries")
    yield "2^60 entries", changed(counted("entry_count", 1 << 60), "entries")
    yield "one entry more", changed(lambda draft: _one_more(draft, "entry_count"), "")
    yield "one entry less", changed(lambda draft: _one_more(draft, "entry_count", -1), "")
    for name, raw, words in (
        ("a value of type 13", struct.pack("<I", 13), "type that nobody knows (13)"),
        ("a value of type 2^32-1", b"\xff" * 4, "type that nobody knows (4294967295)"),
        ("a text of 2^62 bytes", struct.pack("<IQ", TEXT, 1 << 62), "a text claims"),
        ("a list of lists", struct.pack("<IIQ", LIST, LIST, 9), "a list is of a type"),
        ("a list of type 99", struct.pack("<IIQ", LIST, 99, 9), "a list is of a type"),
        ("a list of 2^63", struct.pack("<IIQ", LIST, U8, 1 << 63), "a list claims"),
        ("a list of -1", struct.pack("<IIQ", LIST, TEXT, 2**64 - 1), "a list claims"),
        ("a list past the end", struct.pack("<IIQ", LIST, U64, 1 << 23), "ends inside its header"),
    ):
        yield (
            name,
            changed(partial(_with_entry, Entry(b"x", 0, raw=raw)), words),
        )
    yield "a key without a name", changed(lambda draft: draft.set("", U32, 1), "has no name")
    yield (
        "a key twice",
        changed(
            lambda draft: draft.entries.append(Entry(b"general.name", TEXT, "Other")),
            "stands there twice",
        ),
    )
    yield (
        "a key that is no text",
        changed(lambda draft: draft.entries.append(Entry(b"\xff\xfe", U32, 1)), "is not text"),
    )
    for alignment in (0, 3, 24, 2**20):
        yield (
            f"aligned to {alignment}",
            changed(partial(_aligned, alignment), "alignment"),
        )
    yield (
        "aligned to a text",
        changed(lambda draft: draft.set("general.alignment", TEXT, "32"), "alignment"),
    )
    yield from _tensors()


def _one_more(draft: Draft, name: str, more: int = 1) -> None:
    count = len(draft.parts) if name == "part_count" else len(draft.entries)
    setattr(draft, name, count + more)


def _tensors() -> Named:
    def tensor(words: str, **lies: object) -> Hostile:
        def change(draft: Draft) -> None:
            for name, value in lies.items():
                setattr(draft.part("blk.0.ffn_up.weight"), name, value)

        return changed(change, words)

    yield "no dimensions", tensor("has 0 dimensions", dimensions=0)
    yield "five dimensions", tensor("has 5 dimensions", dimensions=5)
    yield "2^31 dimensions", tensor("dimensions", dimensions=1 << 31)
    yield "a side of nothing", tensor("impossible shape", shape=(64, 0))
    yield "a side of 2^62", tensor("impossible shape", shape=(1 << 62, 2), length=64)
    yield "a negative side", tensor("impossible shape", shape=(64, -1), length=64)
    yield "sides that overflow", tensor("impossible shape", shape=(1 << 32, 1 << 32), length=64)
    yield "a side past the file", tensor("not where it should be", shape=(64, 1 << 20), length=64)
    yield "a type taken out long ago", tensor("nobody knows (4)", kind=4)
    yield "a type of the future", tensor("nobody knows (999)", kind=999)
    yield "blocks not filled", tensor("does not fill its blocks", kind=8, shape=(33, 64))
    yield "over another tensor", tensor("not where it should be", offset=0)
    yield "before the file", tensor("not where it should be", offset=-32)
    yield "between two places", tensor("not where it should be", offset=16651)
    yield "behind the file", tensor("not where it should be", offset=1 << 50)
    yield "a name twice", tensor("one name", name=b"output_norm.weight")
    yield "a name of 100 letters", tensor("name is too long", name=b"b" * 100)
    yield "a name that is no text", tensor("is not text", name=b"\xc3\x28")
