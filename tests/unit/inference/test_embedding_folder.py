"""What an embedding folder must be before any library opens it."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.model_errors import ModelDamaged
from desktop.inference.embedding_folder import check_embedding_folder, folder_sha256

TRANSFORMER = "sentence_transformers.models.Transformer"


def weights(path: Path, *, cut: int = 0) -> None:
    header = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    whole = struct.pack("<Q", len(header)) + header + bytes(8)
    path.write_bytes(whole[: len(whole) - cut])


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "embedder"
    write(
        made / "modules.json",
        [
            {"idx": 0, "path": "", "type": TRANSFORMER},
            {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        ],
    )
    write(made / "config.json", {"model_type": "bert"})
    write(made / "tokenizer.json", {"model": {"vocab": {"auto_map": 1}}})
    write(made / "1_Pooling" / "config.json", {"pooling_mode_mean_tokens": True})
    weights(made / "model.safetensors")
    return made


def refusal(folder: Path) -> str:
    with pytest.raises(ModelDamaged) as refused:
        check_embedding_folder(folder)
    assert refused.value.path == str(folder)
    return refused.value.reason


def test_a_whole_folder_is_known_by_the_files_that_are_loaded(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    (folder / "modeling.py").write_text("raise SystemExit", encoding="utf-8")
    checked = check_embedding_folder(folder)
    assert checked.files == (
        "1_Pooling/config.json",
        "config.json",
        "model.safetensors",
        "modules.json",
        "tokenizer.json",
    )
    assert checked.architecture == "bert"
    before = folder_sha256(folder, checked.files)
    write(folder / "config.json", {"model_type": "other"})
    assert folder_sha256(folder, checked.files) != before


def test_pickled_weights_are_refused(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert "weights of other forms are not loaded" in refusal(folder)


def test_a_dense_part_needs_safetensors_too(folder: Path) -> None:
    parts = json.loads((folder / "modules.json").read_text())
    parts.append({"idx": 2, "path": "2_Dense", "type": "sentence_transformers.models.Dense"})
    write(folder / "modules.json", parts)
    write(folder / "2_Dense" / "config.json", {})
    (folder / "2_Dense" / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    assert "2_Dense/model.safetensors is missing" in refusal(folder)


@pytest.mark.parametrize(
    "kind", ["custom_st.Transformer", "os.system", "sentence_transformers.models.Secret", ""]
)
def test_a_part_that_would_be_imported_as_code_is_refused(folder: Path, kind: str) -> None:
    parts = json.loads((folder / "modules.json").read_text())
    write(folder / "modules.json", [*parts, {"idx": 2, "path": "", "type": kind}])
    assert "is not one that is loaded" in refusal(folder)


@pytest.mark.parametrize(
    ("file", "value"),
    [
        ("config.json", {"auto_map": {"AutoModel": "modeling.Model"}}),
        ("tokenizer_config.json", {"deep": [{"auto_map": {"AutoTokenizer": ["t.T", None]}}]}),
        ("sentence_bert_config.json", {"model_args": {"trust_remote_code": True}}),
    ],
)
def test_a_folder_that_brings_code_of_its_own_is_refused(
    folder: Path, file: str, value: dict[str, Any]
) -> None:
    write(folder / file, value)
    assert refusal(folder) == f"{file} asks for code of its own to be run"


@pytest.mark.parametrize("place", ["../elsewhere", "/etc", "a/../../b"])
def test_parts_outside_the_folder_are_refused(folder: Path, place: str) -> None:
    parts = json.loads((folder / "modules.json").read_text())
    parts[1]["path"] = place
    write(folder / "modules.json", parts)
    assert refusal(folder) == "one of its parts lies outside the folder"


def test_weights_that_are_cut_off_are_refused(folder: Path) -> None:
    weights(folder / "model.safetensors", cut=3)
    assert refusal(folder) == "model.safetensors is not as long as it says"


@pytest.mark.parametrize("name", ["modules.json", "config.json", "tokenizer.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert name in refusal(folder)


def test_a_damaged_list_of_parts_is_refused(folder: Path) -> None:
    (folder / "modules.json").write_text("[" * 100_000, encoding="utf-8")
    assert refusal(folder) == "its modules.json is damaged"
    write(folder / "modules.json", {"type": TRANSFORMER})
    assert "does not begin with a transformer" in refusal(folder)
