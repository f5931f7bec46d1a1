"""The gate for reranker folders: one classifier in safetensors, no code of its own."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

from desktop.domain.model_errors import ModelDamaged
from desktop.inference.embedding_folder import EmbeddingFolder, check_weights

_CONFIG = "config.json"
_MODULES = "modules.json"  # an embedder of sentence-transformers has it
_KEPT = frozenset({".json", ".safetensors", ".txt", ".model"})
_NEEDED = (_CONFIG, "tokenizer.json", "model.safetensors")
_CODE_KEYS = frozenset({"auto_map", "trust_remote_code", "custom_pipelines"})
_LARGEST_JSON_BYTES = 64 << 20
_CODE = frozenset({".py", ".bin", ".pt", ".pkl", ".pickle"})


def check_reranker_folder(folder: Path) -> None:
    """Raise `ModelDamaged` with the reason where the folder is no cross-encoder to be loaded."""
    for name in _NEEDED:
        if not (folder / name).is_file():
            raise ModelDamaged(str(folder), f"its {name} is missing")
    for file in sorted(folder.iterdir()):
        if file.suffix in _CODE:
            raise ModelDamaged(str(folder), f"{file.name} could run code when it is loaded")
        if file.suffix == ".json":
            _refuse_code(folder, file)
    check_weights(folder, PurePosixPath())
    if not _classifies(folder):
        raise ModelDamaged(str(folder), "it is no cross-encoder")


def is_reranker_folder(folder: Path) -> bool:
    """Whether the folder's own description names a classifier of pairs, and nothing to embed."""
    if (folder / _MODULES).is_file() or not (folder / _CONFIG).is_file():
        return False
    return _classifies(folder)


def checked_reranker_folder(folder: Path) -> EmbeddingFolder:
    """The files of a reranker that are copied, once the folder is checked."""
    check_reranker_folder(folder)
    files = tuple(
        sorted(file.name for file in folder.iterdir() if file.suffix in _KEPT and file.is_file())
    )
    config = _json(folder, folder / _CONFIG)
    return EmbeddingFolder(
        files=files,
        architecture=str(config.get("model_type", ""))[:80],
        licence=str(config.get("license", ""))[:80],
        size_bytes=sum((folder / name).stat().st_size for name in files),
    )


def _classifies(folder: Path) -> bool:
    architectures = _json(folder, folder / _CONFIG).get("architectures") or []
    if not isinstance(architectures, list):
        return False
    return any(str(one).endswith("ForSequenceClassification") for one in architectures)


def _refuse_code(folder: Path, file: Path) -> None:
    found = _CODE_KEYS & _json(folder, file).keys()
    if found:
        raise ModelDamaged(str(folder), f"{file.name} asks for code by {sorted(found)[0]}")


def _json(folder: Path, file: Path) -> dict[str, Any]:
    if file.stat().st_size > _LARGEST_JSON_BYTES:
        raise ModelDamaged(str(folder), f"{file.name} is too large")
    try:
        held = json.loads(file.read_bytes())
    except ValueError as error:
        raise ModelDamaged(str(folder), f"{file.name} is no JSON") from error
    return held if isinstance(held, dict) else {}
