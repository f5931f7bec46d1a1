"""Damaged, lying and hostile model files are refused, each with its reason, and nothing dies."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EngineSettings
from desktop.domain.errors import (
    Cancelled,
    ModelDamaged,
    ModelError,
    ModelMissing,
    ModelNeedsNewerEngine,
    ModelTrialFailed,
)
from desktop.domain.models import ImportProgress, ModelEntry, ModelKind, ModelStatus
from desktop.inference.gguf_check import check_header
from desktop.inference.gguf_header import facts_of
from desktop.inference.included_models import (
    CHAT_MODEL_SHA256,
    chat_model_path,
    included_chat_model,
)
from desktop.inference.llama_chat_model import LlamaChatModel
from desktop.inference.model_import import import_model, verify_model
from desktop.inference.model_trial import TrialProcess
from tests.support.gguf_files import DAMAGES, damaged_copy, with_bytes, with_text


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_with_its_reason(damage: str, tmp_path: Path) -> None:
    copy = damaged_copy(chat_model_path(), tmp_path, damage)
    with pytest.raises(ModelDamaged) as refused:
        check_header(copy)
    assert DAMAGES[damage][1] in refused.value.reason
    assert refused.value.path == str(copy)


def test_what_random_damage_gets_past_the_check_gets_past_llama_cpp_too(tmp_path: Path) -> None:
    copy = tmp_path / "flipped.gguf"
    shutil.copyfile(chat_model_path(), copy)
    size, draw = copy.stat().st_size, random.Random(20)
    refused, passed = 0, 0
    with copy.open("r+b", buffering=0) as opened:
        for _ in range(40):
            at = draw.randrange(24, 2400)
            opened.seek(at)
            before = opened.read(1)
            opened.seek(at)
            opened.write(draw.randbytes(1))
            try:
                check_header(copy)
                passed += 1
                _loads_or_is_refused_alive(copy, size)
            except ModelDamaged:
                refused += 1
            opened.seek(at)
            opened.write(before)
    assert refused > 0
    assert passed > 0


def _loads_or_is_refused_alive(copy: Path, size: int) -> None:
    try:
        with TrialProcess(copy, size) as trial:
            trial.look(copy, ModelKind.CHAT, CancelToken())
            trial.chat(copy, CancelToken())
    except ModelTrialFailed as error:
        # llama.cpp's own clean refusal; an abort would name the signal that ended the process.
        assert "signal" not in error.reason
    except ModelError:
        pass


def test_the_whole_file_passes_and_says_what_it_is() -> None:
    facts = facts_of(check_header(chat_model_path()))
    assert facts.architecture == "llama"
    assert facts.quantization == "Q4_1"
    assert facts.context_tokens == 8192
    assert facts.layers == 30
    assert facts.kv_heads == 3
    assert facts.licence == "apache-2.0"
    assert 134e6 < facts.parameters < 135e6


def test_an_import_checks_copies_tries_and_describes_the_file(tmp_path: Path) -> None:
    source = tmp_path / "My model (é).gguf"
    shutil.copyfile(chat_model_path(), source)
    models = tmp_path / "models"
    *steps, entry = import_model(source, models, CancelToken())
    assert isinstance(entry, ModelEntry)
    assert [step.step for step in steps if isinstance(step, ImportProgress)] == sorted(
        (step.step for step in steps if isinstance(step, ImportProgress)),
        key=["checking", "hashing", "copying", "trying"].index,
    )
    assert entry.sha256 == CHAT_MODEL_SHA256
    assert entry.status is ModelStatus.READY
    assert entry.tokens_per_second > 0
    assert entry.memory_bytes > entry.size_bytes
    assert [path.name for path in models.iterdir()] == [Path(entry.path).name]
    assert list(verify_model(entry, CancelToken()))
    LlamaChatModel.load(entry, EngineSettings(512)).close()


def test_a_changed_copy_is_found_by_its_hash(tmp_path: Path) -> None:
    copy = tmp_path / "changed.gguf"
    whole = chat_model_path().read_bytes()
    copy.write_bytes(with_bytes(whole, len(whole) - 5000, b"other weights"))
    assert check_header(copy)
    entry = replace(included_chat_model(), path=str(copy))
    with pytest.raises(ModelDamaged, match="checksum"):
        list(verify_model(entry, CancelToken()))
    copy.unlink()
    with pytest.raises(ModelMissing):
        list(verify_model(entry, CancelToken()))


def test_a_refused_import_leaves_nothing_behind(tmp_path: Path) -> None:
    models = tmp_path / "models"
    copy = damaged_copy(chat_model_path(), tmp_path, "cut in the weights")
    with pytest.raises(ModelDamaged):
        list(import_model(copy, models, CancelToken()))
    assert not models.exists()


def test_a_file_that_passes_the_check_and_fails_in_llama_cpp_is_refused(tmp_path: Path) -> None:
    # Well formed, and its tokenizer's rules are of a kind that nobody has written.
    data = with_text(chat_model_path().read_bytes(), "tokenizer.ggml.pre", b"nobody")
    copy = tmp_path / "well-formed.gguf"
    copy.write_bytes(data)
    assert check_header(copy)
    models = tmp_path / "models"
    with pytest.raises(ModelNeedsNewerEngine) as refused:
        list(import_model(copy, models, CancelToken()))
    assert "'nobody'" in refused.value.unknown
    assert not models.exists()


def test_stopping_an_import_leaves_what_was_there_before(tmp_path: Path) -> None:
    models, cancel = tmp_path / "models", CancelToken()
    *_, entry = import_model(chat_model_path(), models, CancelToken())
    assert isinstance(entry, ModelEntry)
    with pytest.raises(Cancelled):
        for step in import_model(chat_model_path(), models, cancel):
            if isinstance(step, ImportProgress) and step.step == "copying":
                cancel.cancel()
    assert [str(path) for path in models.iterdir()] == [entry.path]


def test_a_file_that_changed_since_its_import_is_not_loaded(tmp_path: Path) -> None:
    copy = tmp_path / "grown.gguf"
    copy.write_bytes(chat_model_path().read_bytes() + b"more")
    entry = replace(included_chat_model(), path=str(copy))
    with pytest.raises(ModelDamaged, match="size"):
        LlamaChatModel.load(entry, EngineSettings())
