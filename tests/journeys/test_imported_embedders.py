"""Embedding models of one's own: imported, chosen, and a collection turned over to them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.model_errors import ModelDamaged, ModelMissing
from desktop.domain.models import EmbedderPrecision, ModelEntry, ModelKind
from desktop.inference.embedder import identity_of
from desktop.inference.embedder_loading import imported_place, load_embedder
from desktop.inference.gguf_embedder import GgufEmbedder
from desktop.inference.included_models import chat_model_path, embedder_folder
from desktop.inference.model_import import import_model, verify_model
from desktop.inference.onnx_embedder import FP32, OnnxEmbedder
from tests.support.gguf_embedder_file import write_gguf_embedder

TEXTS = [
    "The tenant pays the rent on the first working day of each month.",
    "INV-2024-001 1,234.50 naïve Straße",
    "",
    "word " * 600,
]


def imported(source: Path, models: Path) -> ModelEntry:
    *_, entry = import_model(source, models, CancelToken())
    assert isinstance(entry, ModelEntry)
    return entry


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mini"
    shutil.copytree(embedder_folder(), made, ignore=shutil.ignore_patterns("*.onnx"))
    (made / "surprise.py").write_text("raise SystemExit(3)", encoding="utf-8")
    return made


def test_an_embedding_folder_is_checked_copied_tried_and_known(
    folder: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    entry = imported(folder, models)
    assert (entry.kind, entry.dimensions, entry.name) == (ModelKind.EMBEDDER, 384, "mini")
    copied = {file.name for file in Path(entry.path).rglob("*") if file.is_file()}
    assert "model.safetensors" in copied
    assert "surprise.py" not in copied
    assert [child.name for child in models.iterdir()] == [entry.id]
    assert list(verify_model(entry, CancelToken()))
    loaded = load_embedder(imported_place(entry, EmbedderPrecision.EXACT))
    assert identity_of(loaded) == f"{entry.id}@{entry.sha256}:fp32"

    config = Path(entry.path) / "config.json"
    config.write_text(config.read_text(encoding="utf-8") + " ", encoding="utf-8")
    with pytest.raises(ModelDamaged):
        list(verify_model(entry, CancelToken()))
    shutil.rmtree(entry.path)
    with pytest.raises(ModelMissing):
        list(verify_model(entry, CancelToken()))


def test_a_refused_folder_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["auto_map"] = {"AutoModel": "surprise.Model"}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ModelDamaged, match="code of its own"):
        imported(folder, models)
    assert list(models.iterdir()) == []


def test_a_gguf_embedder_is_told_from_a_chat_model_and_agrees_with_its_source(
    tmp_path: Path,
) -> None:
    source, models = tmp_path / "mini.gguf", tmp_path / "models"
    write_gguf_embedder(embedder_folder(), source)
    entry = imported(source, models)
    assert (entry.kind, entry.dimensions, entry.quantization) == (ModelKind.EMBEDDER, 384, "F16")
    embedder = load_embedder(imported_place(entry, EmbedderPrecision.AUTO))
    assert isinstance(embedder, GgufEmbedder)
    assert identity_of(embedder) == f"{entry.id}@{entry.sha256}:F16"
    expected = OnnxEmbedder(embedder_folder(), FP32)
    # It reads 512 tokens where the included one reads 256: the long text is left out.
    agreement = (embedder.embed(TEXTS[:3]) * expected.embed(TEXTS[:3])).sum(axis=1)
    assert agreement.min() > 0.999
    assert embedder.embed(TEXTS[3:]).shape == (1, 384)
    assert embedder.pieces(TEXTS[0]) == expected.pieces(TEXTS[0])
    embedder.close()


def test_a_chat_model_is_no_embedder() -> None:
    with pytest.raises(ModelDamaged):
        GgufEmbedder(chat_model_path())
