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

# The model, its place among those asked, and the way to stop it.
Ask = Callable[["ChatModel", int, CancelToken], Iterator[AnswerEvent]]


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
        sides = (1, 0) if turned else (0, 1)
        first = yield from self.engine.ensure(first_id, self.settings, cancel)
        second = yield from self.engine.second(second_id, self.settings, cancel)
        if second is None:
            answers = yield from self._one_after_the_other(first, second_id, sides, cancel)
        else:
            try:
                answers = yield from _in_turns(
                    _alone(first.model_id, sides[0], self.ask(first, sides[0], cancel)),
                    _alone(second.model_id, sides[1], self.ask(second, sides[1], cancel)),
                )
            finally:
                second.close()
        return (answers[1], answers[0]) if turned else answers

    def _one_after_the_other(
        self, first: ChatModel, second_id: str, sides: tuple[int, int], cancel: CancelToken
    ) -> Generator[object, None, tuple[Answer, Answer]]:
        said = self.ask(first, sides[0], cancel)
        earlier = yield from _alone(first.model_id, sides[0], said)
        second = yield from self.engine.ensure(second_id, self.settings, cancel)
        said = self.ask(second, sides[1], cancel)
        return earlier, (yield from _alone(second.model_id, sides[1], said))


def _alone(
    model_id: str, side: int, events: Iterator[AnswerEvent]
) -> Generator[object, None, Answer]:
    answer: Answer | None = None
    for event in events:
        if isinstance(event, AnswerFinished):
            answer = event.answer
        yield ComparedEvent(model_id, event, side)
    assert answer is not None, "an answer closes with AnswerFinished"
    return answer


def _in_turns(
    *running: Generator[object, None, Answer],
) -> Generator[object, None, tuple[Answer, Answer]]:
    """Take one event of each in turn, so that both are seen to write."""
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
