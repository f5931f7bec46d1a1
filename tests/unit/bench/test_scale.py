"""The scale bench makes a corpus, measures it, and goes on with what it finds there."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from desktop.bench.scale_corpus import RealTexts, made_document, real_texts
from desktop.bench.scale_run import ScaleRun
from desktop.cli.main import command_line
from desktop.cli.session import Invocation
from desktop.domain.cancel import CancelToken
from tests.support.shared_data import shared_data

CHUNKS = 1000


@pytest.fixture(scope="module")
def real() -> RealTexts:
    draw = np.random.default_rng(2)
    passages = tuple(
        f"The lamp of room {at} is of type l{at * 7}. Its window looks upon yard {at % 9}."
        for at in range(60)
    )
    vectors = draw.standard_normal((70, 24)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    questions = tuple(f"Which lamp is in room {at}?" for at in range(10))
    return RealTexts(passages, questions, vectors[:60], vectors[60:], 1.0)


def test_a_document_is_the_same_each_time_and_real_passages_come_first(real: RealTexts) -> None:
    first, again = made_document(real, 0, 100), made_document(real, 0, 100)
    assert [chunk.text for chunk in first.chunks] == [chunk.text for chunk in again.chunks]
    assert np.array_equal(first.vectors, again.vectors)
    assert tuple(chunk.text for chunk in first.chunks[:60]) == real.passages
    assert np.array_equal(first.vectors[:60], real.passage_vectors)
    assert np.allclose(np.linalg.norm(first.vectors, axis=1), 1, atol=1e-5)
    for chunk in first.chunks:
        page = first.content.pages[chunk.page_number - 1]
        assert page.text[chunk.start : chunk.end] == chunk.text


def test_one_size_is_measured_and_kept_for_the_next_time(tmp_path: Path, real: RealTexts) -> None:
    told: list[str] = []
    run = ScaleRun(tmp_path, CHUNKS, real, told.append, CancelToken())
    result = run.result()
    run.close()
    assert result.chunks == CHUNKS
    assert result.stored_seconds is not None
    # So few are all looked at: what is found is what is nearest.
    assert (result.recall_at_10, result.recall_at_100) == (1.0, 1.0)
    assert result.deletion.chunks == CHUNKS // 2
    assert result.deletion.bytes_given_back > 0
    assert result.both.p95_ms >= result.both.p50_ms > 0
    again = ScaleRun(tmp_path, CHUNKS, real, told.append, CancelToken())
    # What the deletion took out is all that is made again.
    assert again.missing() == CHUNKS // 2 // 100
    again.close()
    assert told[0].startswith("storing document 0")


def test_the_real_texts_are_of_every_set() -> None:
    passages, questions = real_texts(shared_data("retrieval"), 80, 20)
    assert len(passages) == 80
    assert len(questions) == 20
    assert all(passages)


def test_the_command_says_where_the_data_is_missing(tmp_path: Path) -> None:
    missing = _run("--shared", str(tmp_path))
    assert missing.exit_code == 2
    assert "retrieval" in missing.stderr
    assert _run("--shared", str(tmp_path), "--sizes", "many").exit_code == 2


def _run(*options: str) -> Result:
    def nothing_is_opened(*_: object) -> NoReturn:
        raise AssertionError

    invocation = Invocation(nothing_is_opened, nothing_is_opened)
    return CliRunner().invoke(command_line(), ["bench", "scale", *options], obj=invocation)
