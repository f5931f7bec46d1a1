"""Two models on one question, side by side where both fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.assistant.engine import Engine
from desktop.assistant.events import ComparedEvent
from desktop.domain.answers import Answer, AnswerEvent, AnswerFinished
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EngineSettings

if TYPE_CHECKING:
    from desktop.inference.chat_model import ChatModel

Ask = Callable[["ChatModel", CancelToken], Iterator[AnswerEvent]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Asks both models the same; `ask` gives each the same passages."""

    engine: Engine
    ask: Ask
    settings: EngineSettings

    def run(
        self, model_ids: tuple[str, str], cancel: CancelToken
    ) -> Generator[object, None, tuple[Answer, Answer]]:
        """Say what each model says as `ComparedEvent`; return the answers in the order asked for.

        Raises what loading and answering raise.
        """
        # Who is in memory begins: the other one is laid beside it, or follows it.
        loaded = self.engine.loaded
        turned = loaded is not None and loaded.id == model_ids[1] != model_ids[0]
        first_id, second_id = reversed(model_ids) if turned else model_ids
        first = yield from self.engine.ensure(first_id, self.settings, cancel)
        second = yield from self.engine.second(second_id, self.settings, cancel)
        if second is None:
            answers = yield from self._one_after_the_other(first, second_id, cancel)
        else:
            try:
                answers = yield from _in_turns(
                    (first.model_id, self.ask(first, cancel)),
                    (second.model_id, self.ask(second, cancel)),
                )
            finally:
                second.close()
        return (answers[1], answers[0]) if turned else answers

    def _one_after_the_other(
        self, first: ChatModel, second_id: str, cancel: CancelToken
    ) -> Generator[object, None, tuple[Answer, Answer]]:
        earlier = yield from _alone(first.model_id, self.ask(first, cancel))
        second = yield from self.engine.ensure(second_id, self.settings, cancel)
        return earlier, (yield from _alone(second.model_id, self.ask(second, cancel)))


def _alone(model_id: str, events: Iterator[AnswerEvent]) -> Generator[object, None, Answer]:
    answer: Answer | None = None
    for event in events:
        if isinstance(event, AnswerFinished):
            answer = event.answer
        yield ComparedEvent(model_id, event)
    assert answer is not None, "an answer closes with AnswerFinished"
    return answer


def _in_turns(
    *asked: tuple[str, Iterator[AnswerEvent]],
) -> Generator[object, None, tuple[Answer, Answer]]:
    """Take one event of each in turn, so that both are seen to write."""
    running = [_alone(model_id, events) for model_id, events in asked]
    answers: dict[int, Answer] = {}
    while len(answers) < len(running):
        for at, steps in enumerate(running):
            if at in answers:
                continue
            try:
                yield next(steps)
            except StopIteration as end:
                answers[at] = end.value
    return answers[0], answers[1]
