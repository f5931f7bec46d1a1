"""The bare reading that a turn's wait is compared with, by the real included model."""

from __future__ import annotations

import pytest

from desktop.bench.turns import AskedTurn, BareReading, measure_chat
from desktop.domain.answers import AnswerFigures
from desktop.domain.engine import EngineSettings
from desktop.inference.included_models import included_chat_model
from desktop.inference.llama_chat_model import LlamaChatModel

pytestmark = pytest.mark.journey


def test_the_bare_reading_takes_longer_for_more_tokens_and_greater_depth() -> None:
    entry = included_chat_model()
    model = LlamaChatModel.load(entry, EngineSettings(context_tokens=512))
    plan = model.plan
    model.close()
    bare = BareReading(entry, plan)
    try:
        asked = iter([(0, 2), (2, 60), (90, 20)])

        def ask(_: str) -> AskedTurn:
            cached, new = next(asked)
            return AskedTurn(AnswerFigures(cached + new, 1, 0.5, cached_tokens=cached), 0.1)

        said: list[str] = []
        few, many, deep = measure_chat(["a", "b"], 3, ask, bare, said.append)
    finally:
        bare.close()
    assert few.bare_s < many.bare_s > deep.bare_s
    assert [each.new_tokens for each in (few, many, deep)] == [2, 60, 20]
    assert many.ratio == pytest.approx(0.5 / many.bare_s, rel=0.05, abs=0.001)
    assert said == ["question 1 of 3", "question 2 of 3", "question 3 of 3"]
