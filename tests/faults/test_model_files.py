"""Damaged, lying and hostile model files are refused, each with its reason, and nothing dies."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EngineSettings
from desktop.domain.model_errors import ModelDamaged, ModelError, ModelMissing, ModelTrialFailed
from desktop.domain.models import ImportProgress, ModelEntry, ModelStatus
from desktop.inference.gguf_check import check_file, check_header
from desktop.inference.gguf_header import facts_of
from desktop.inference.included_models import (
    CHAT_MODEL_SHA256,
    chat_model_path,
    included_chat_model,
)
from desktop.inference.llama_chat_model import LlamaChatModel
from desktop.inference.model_import import import_model, verify_model
from desktop.inference.model_trial import TrialProcess
from tests.support.gguf_builder import tiny_model
from tests.support.gguf_files import with_bytes


def test_what_random_damage_gets_past_the_check_ends_no_process_of_ours(tmp_path: Path) -> None:
    whole, draw = tiny_model().written(), random.Random(20)
    copy, counts = tmp_path / "flipped.gguf", Counter[str]()
    header_end = whole.index(b"blk.1.ffn_down.weight") + 60
    with TrialProcess(copy, len(whole)) as trial:
        for _ in range(200):
            at = draw.randrange(8, header_end)
            copy.write_bytes(with_bytes(whole, at, draw.randbytes(draw.choice((1, 4, 8)))))
            counts[_outcome(copy, trial)] += 1
    assert counts["refused by the check"] > 30
    assert counts["runs"] > 30  # a name or a word of the vocabulary was changed
    # llama.cpp ends its process over what no check here knows of; ours goes on.
    assert counts["ended"] < 10


def _outcome(copy: Path, trial: TrialProcess) -> str:
    try:
        _, kind = check_file(copy)
    except ModelError:
        return "refused by the check"
    try:
        trial.look(copy, kind, CancelToken())
        trial.chat(copy, CancelToken())
    except ModelTrialFailed as error:
        return "ended" if "signal" in error.reason else "refused by the trial"
    except ModelError:
        return "refused by the look"
    return "runs"


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
    source = tiny_model().save(tmp_path / "tiny.gguf")
    *_, entry = import_model(source, tmp_path / "models", CancelToken())
    assert isinstance(entry, ModelEntry)
    copy = Path(entry.path)
    copy.write_bytes(copy.read_bytes()[:-4] + b"abcd")  # other weights
    assert check_header(copy)
    with pytest.raises(ModelDamaged, match="checksum"):
        list(verify_model(entry, CancelToken()))
    copy.unlink()
    with pytest.raises(ModelMissing):
        list(verify_model(entry, CancelToken()))


def test_a_file_that_changed_since_its_import_is_not_loaded(tmp_path: Path) -> None:
    copy = tmp_path / "grown.gguf"
    copy.write_bytes(chat_model_path().read_bytes() + b"more")
    entry = replace(included_chat_model(), path=str(copy))
    with pytest.raises(ModelDamaged, match="size"):
        LlamaChatModel.load(entry, EngineSettings())
