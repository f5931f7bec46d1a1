"""The whole journey once, on throwaway data: what `carrel doctor --self-test` shows."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from desktop.assistant.facade import Assistant
from desktop.assistant.sentences import sentence_for
from desktop.assistant.waiting import EventQueue
from desktop.domain.answers import Answer, AnswerMode
from desktop.domain.documents import DocumentStatus, IndexReport
from desktop.domain.errors import CarrelError
from desktop.domain.machine import Check
from desktop.domain.retrieval import SearchMode, SearchResult

_COLLECTION = "Self-test"


OpenJourney = Callable[[Path, EventQueue], Assistant]
DrawWindow = Callable[[], str]


def self_test(open_journey: OpenJourney, draw_window: DrawWindow) -> Iterator[Check]:
    """Yield a check per step; a failed step is reported and the next ones are still tried."""
    with tempfile.TemporaryDirectory(prefix="carrel-self-test-") as folder:
        events = EventQueue()
        journey = open_journey(Path(folder), events)
        try:
            walk = _Walk(journey, events)
            yield _timed("load", walk.load)
            yield _timed("generate", walk.generate)
            yield _timed("index", walk.index)
            yield _timed("embed and search by meaning", walk.search_by_meaning)
            yield _timed("search by words", walk.search_by_words)
            yield _timed("answer with a citation", walk.answer)
        finally:
            journey.close()
    yield _timed("draw the window", lambda: (True, draw_window()))


class _Walk:
    """The steps in order; each returns whether it went well and what was seen."""

    def __init__(self, journey: Assistant, events: EventQueue) -> None:
        self._journey = journey
        self._events = events

    def load(self) -> tuple[bool, str]:
        self._events.result(self._journey.models.running.warm())
        entry = self._journey.models.running.current()
        return entry is not None, entry.name if entry else "no model"

    def generate(self) -> tuple[bool, str]:
        answer = self._ask("Say hello in one word.", None, AnswerMode.MODEL_ONLY)
        figures = answer.figures
        return figures.completion_tokens > 0, (
            f"{figures.completion_tokens} tokens, {figures.tokens_per_second:.0f} a second"
        )

    def index(self) -> tuple[bool, str]:
        folder = self._journey.library.sample_folder()
        report = self._events.result(self._journey.library.index([folder], _COLLECTION))
        assert isinstance(report, IndexReport)
        failed = [file.path for file in report.files if file.status is not DocumentStatus.READY]
        return not failed and len(report.files) > 0, (
            f"{len(report.files)} files, {report.pages_per_second:.0f} pages a second"
        )

    def search_by_meaning(self) -> tuple[bool, str]:
        return self._search(SearchMode.VECTOR)

    def search_by_words(self) -> tuple[bool, str]:
        return self._search(SearchMode.KEYWORD)

    def answer(self) -> tuple[bool, str]:
        collection = self._journey.library.collection(_COLLECTION)
        question = self._journey.library.sample_questions()[0]
        answer = self._ask(question, collection.id, AnswerMode.DOCUMENTS)
        cited = [f"{Path(c.path).name}, page {c.page}" for c in answer.citations]
        return bool(cited), "; ".join(cited) or answer.text

    def _search(self, mode: SearchMode) -> tuple[bool, str]:
        question = self._journey.library.sample_questions()[0]
        job = self._journey.library.search(question, _COLLECTION, 3, mode)
        result = self._events.result(job)
        assert isinstance(result, SearchResult)
        names = [Path(hit.path).name for hit in result.hits]
        return bool(names), ", ".join(names)

    def _ask(self, question: str, collection_id: int | None, mode: AnswerMode) -> Answer:
        conversation = self._journey.chats.create(collection_id)
        answer = self._events.result(self._journey.answers.ask(conversation.id, question, mode))
        assert isinstance(answer, Answer)
        return answer


def _timed(name: str, step: Callable[[], tuple[bool, str]]) -> Check:
    started = time.monotonic()
    try:
        ok, detail = step()
    except CarrelError as error:
        ok, detail = False, sentence_for(error).line
    return Check(name, ok, detail, time.monotonic() - started)
