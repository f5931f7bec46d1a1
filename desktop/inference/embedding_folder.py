"""The gate for embedding folders: known parts, safetensors alone, no code of their own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from desktop.domain.model_errors import ModelDamaged
from desktop.inference.model_hash import sha256_of_file

_MODULES = "modules.json"
_CONFIG = "config.json"
_TOKENIZER = "tokenizer.json"
_WEIGHTS = "model.safetensors"
_SHARDS = "model.safetensors.index.json"
# Parts of sentence-transformers itself; a dotted name of anything else would be imported as code.
_KNOWN_PARTS = frozenset({"Transformer", "Pooling", "Normalize", "Dense"})
_LIBRARY = "sentence_transformers."
# Keys that make the libraries look for Python code.
_CODE_KEYS = frozenset({"auto_map", "trust_remote_code", "custom_pipelines"})
_LARGEST_JSON_BYTES = 64 << 20
_LARGEST_HEADER_BYTES = 100 << 20
_KEPT_SUFFIXES = frozenset({".json", ".safetensors", ".txt", ".model"})
_MOST_PARTS = 16


@dataclass(frozen=True, slots=True)
class EmbeddingFolder:
    """What a checked folder is made of: files relative to it, sorted, and what the model is.

    Of an embedder or of a reranker."""

    files: tuple[str, ...]
    architecture: str
    licence: str
    size_bytes: int


def check_embedding_folder(folder: Path) -> EmbeddingFolder:
    """Look at every file that would be loaded; raises `ModelDamaged` with the reason."""
    modules = _modules(folder)
    files: set[str] = set()
    for part in modules:
        kind, place = _part(folder, part)
        if kind in ("Transformer", "Dense"):
            check_weights(folder, place)
        files.update(_kept_files(folder, place))
    files.update(_kept_files(folder, PurePosixPath()))
    for name in sorted(files):
        if name.endswith(".json"):
            _refuse_code(folder, name)
    first = PurePosixPath(str(modules[0].get("path", "")))
    for needed in (_CONFIG, _TOKENIZER):
        if str(first / needed) not in files:
            raise ModelDamaged(str(folder), f"its {needed} is missing")
    config = _json(folder, str(first / _CONFIG))
    return EmbeddingFolder(
        files=tuple(sorted(files)),
        architecture=str(config.get("model_type", ""))[:80],
        licence=str(config.get("license", ""))[:80],
        size_bytes=sum((folder / name).stat().st_size for name in files),
    )


def folder_sha256(folder: Path, files: Sequence[str]) -> str:
    """One hash over the names and contents of the checked files."""
    whole = hashlib.sha256()
    for name in files:
        whole.update(f"{name}\0{sha256_of_file(folder / name)}\n".encode())
    return whole.hexdigest()


def _modules(folder: Path) -> list[Mapping[str, Any]]:
    listed = _json(folder, _MODULES)
    whole = (
        isinstance(listed, list)
        and 1 <= len(listed) <= _MOST_PARTS
        and all(isinstance(part, dict) for part in listed)
    )
    if not whole or str(listed[0].get("type", "")).rpartition(".")[2] != "Transformer":
        raise ModelDamaged(str(folder), f"its {_MODULES} does not begin with a transformer")
    return list(listed)


def _part(folder: Path, part: Mapping[str, Any]) -> tuple[str, PurePosixPath]:
    dotted = str(part.get("type", ""))
    kind = dotted.rpartition(".")[2]
    if not dotted.startswith(_LIBRARY) or kind not in _KNOWN_PARTS:
        raise ModelDamaged(str(folder), f"its part {dotted[:80]!r} is not one that is loaded")
    place = PurePosixPath(str(part.get("path", "")))
    if place.is_absolute() or ".." in place.parts or "\\" in str(place):
        raise ModelDamaged(str(folder), "one of its parts lies outside the folder")
    return kind, place


def check_weights(folder: Path, place: PurePosixPath) -> None:
    """Whether all weights of one part are whole safetensors files; raises `ModelDamaged`."""
    within = folder / place
    if (within / _SHARDS).is_file():
        index = _json(folder, str(place / _SHARDS)).get("weight_map", {})
        names = sorted({str(name) for name in index.values()})
        if not names or any("/" in name or "\\" in name for name in names):
            raise ModelDamaged(str(folder), f"its {_SHARDS} names no files of the folder")
    else:
        names = [_WEIGHTS]
    for name in names:
        if not (within / name).is_file():
            raise ModelDamaged(
                str(folder), f"{place / name} is missing; weights of other forms are not loaded"
            )
        _check_header(folder, within / name)


def _check_header(folder: Path, weights: Path) -> None:
    """A safetensors file says where each tensor lies; all of it must be there."""
    size = weights.stat().st_size
    with weights.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        if not 2 <= length <= min(size - 8, _LARGEST_HEADER_BYTES):
            raise ModelDamaged(str(folder), f"{weights.name} is no whole safetensors file")
        try:
            header = json.loads(opened.read(length))
            ends = [facts["data_offsets"][1] for name, facts in header.items() if name[:2] != "__"]
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            raise ModelDamaged(str(folder), f"{weights.name} has a damaged header") from None
    if not ends or not all(isinstance(end, int) for end in ends) or max(ends) + 8 + length != size:
        raise ModelDamaged(str(folder), f"{weights.name} is not as long as it says")


def _kept_files(folder: Path, place: PurePosixPath) -> Iterator[str]:
    within = folder / place
    if not within.is_dir():
        return
    for file in within.iterdir():
        if file.suffix in _KEPT_SUFFIXES and file.is_file():
            if not file.resolve().is_relative_to(folder.resolve()):
                raise ModelDamaged(str(folder), f"{file.name} is a link to somewhere else")
            yield str(place / file.name)


def _refuse_code(folder: Path, name: str) -> None:
    if (folder / name).name == _TOKENIZER:
        return  # its vocabulary may hold any word
    waiting: list[object] = [_json(folder, name)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if any(value.get(key) for key in _CODE_KEYS):
                raise ModelDamaged(str(folder), f"{name} asks for code of its own to be run")
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _json(folder: Path, name: str) -> Any:
    path = folder / name
    try:
        if path.stat().st_size > _LARGEST_JSON_BYTES:
            raise ModelDamaged(str(folder), f"its {name} is too large")
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelDamaged(str(folder), f"its {name} is missing") from None
    except OSError as error:
        raise ModelDamaged(str(folder), f"{name} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError):
        raise ModelDamaged(str(folder), f"its {name} is damaged") from None
