"""A model in several GGUF files: found beside each other by name, checked and read as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from desktop.domain.model_errors import ModelDamaged, ModelPartMissing
from desktop.inference.gguf_header import GgufHeader, read_header
from desktop.inference.gguf_layout import Malformed

_NAME = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf", re.DOTALL)
_MOST_PARTS = 999


def part_name(stem: str, number: int, count: int) -> str:
    """The name by which llama.cpp finds a part; `number` counts from 1."""
    return f"{stem}-{number:05}-of-{count:05}.gguf"


def stem_of(name: str) -> str:
    """A file's name without its number among the parts and without its ending."""
    found = _NAME.fullmatch(name)
    return found["stem"] if found else name.removesuffix(".gguf")


def files_of(path: Path) -> tuple[Path, ...]:
    """All files of the model that this is one of, in order; raises `ModelPartMissing`."""
    found = _NAME.fullmatch(path.name)
    if found is None or not 2 <= int(found["count"]) <= _MOST_PARTS:
        return (path,)
    count = int(found["count"])
    parts = tuple(path.with_name(part_name(found["stem"], at + 1, count)) for at in range(count))
    if path not in parts:
        return (path,)
    for part in parts:
        if not part.is_file():
            raise ModelPartMissing(str(path), part.name, count)
    return parts


def read_parts(path: Path) -> GgufHeader:
    """The header of the whole model; raises `Malformed`, `ModelDamaged`, `ModelPartMissing`."""
    first = read_header(path)
    if first.number("split.count") <= 1:
        return first
    parts = files_of(path)
    if len(parts) != first.number("split.count"):
        raise Malformed(
            f"it is part {first.number('split.no') + 1} of {first.number('split.count')} of a "
            "model, and its name does not say so as the other parts' names do"
        )
    return _joined([_read_part(part) for part in parts])


def _read_part(part: Path) -> GgufHeader:
    try:
        return read_header(part)
    except Malformed as error:
        raise ModelDamaged(str(part), str(error)) from error


def _joined(headers: Sequence[GgufHeader]) -> GgufHeader:
    for at, header in enumerate(headers):
        name = header.parts[0].name
        if header.number("split.count") != len(headers):
            raise Malformed(f"{name} does not belong to a model of {len(headers)} parts")
        if header.number("split.no", -1) != at:
            raise Malformed(f"{name} is not part {at + 1}, as its name says")
    tensors = tuple(tensor for header in headers for tensor in header.tensors)
    stated = headers[0].number("split.tensors.count")
    if len(tensors) != stated:
        raise Malformed(f"its parts hold {len(tensors)} tensors and should hold {stated}")
    if len({tensor.name for tensor in tensors}) < len(tensors):
        raise Malformed("two of its parts hold a tensor of one name")
    return GgufHeader(
        headers[0].metadata,
        tensors,
        sum(header.size_bytes for header in headers),
        tuple(header.parts[0] for header in headers),
    )
