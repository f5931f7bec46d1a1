"""Every damaged, lying or hostile model file is refused with its reason, and nothing is left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.assistant.sentences import sentence_for
from desktop.domain.cancel import CancelToken
from desktop.domain.model_errors import ModelError
from desktop.domain.models import ModelEntry
from desktop.inference.model_import import import_model
from tests.support.gguf_builder import tiny_model
from tests.support.hostile.every import hostile, hostile_to_engine
from tests.support.hostile.making import Hostile

HOSTILE = hostile()
HOSTILE_TO_ENGINE = hostile_to_engine()
# No measure of speed: four terabytes that are read to their end take hours.
_QUICK_S = 20.0


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A models folder with something in it, which no refusal may touch."""
    folder = tmp_path_factory.mktemp("models")
    tiny_model().save(folder / "kept.gguf")
    yield folder
    assert [path.name for path in folder.iterdir()] == ["kept.gguf"]


def refused(one: Hostile, source: Path, models: Path) -> ModelError:
    path = one.make(source)
    with pytest.raises(one.error) as raised:
        list(import_model(path, models, CancelToken()))
    assert type(raised.value) is one.error
    assert one.words in " ".join(str(fact) for fact in vars(raised.value).values())
    assert [found.name for found in models.iterdir()] == ["kept.gguf"]
    return raised.value


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_with_its_reason_before_the_engine_sees_it(
    name: str, tmp_path: Path, models: Path
) -> None:
    started = time.monotonic()
    error = refused(HOSTILE[name], tmp_path, models)
    assert time.monotonic() - started < _QUICK_S
    assert sentence_for(error).next


@pytest.mark.parametrize("name", HOSTILE_TO_ENGINE)
def test_what_only_the_engine_can_tell_is_told_in_plain_words(
    name: str, tmp_path: Path, models: Path
) -> None:
    error = refused(HOSTILE_TO_ENGINE[name], tmp_path, models)
    assert "/" not in " ".join(
        str(fact) for key, fact in vars(error).items() if key not in ("path", "missing")
    )


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) + len(HOSTILE_TO_ENGINE) >= 150


def test_the_model_that_they_are_made_from_is_taken(tmp_path: Path) -> None:
    *_, entry = import_model(
        tiny_model().save(tmp_path / "tiny.gguf"), tmp_path / "models", CancelToken()
    )
    assert isinstance(entry, ModelEntry)
    assert entry.trial is not None
    assert entry.trial.passed
