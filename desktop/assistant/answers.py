"""Questions as a face asks them: a job on the answers lane, the whole turn kept."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.assistant.engine import Engine
from desktop.assistant.events import JobId, MessageSaved
from desktop.assistant.half_answer import HalfAnswer
from desktop.assistant.lanes import Lane
from desktop.assistant.stores import Stores
from desktop.domain.answers import Answer, AnswerFinished, AnswerMode
from desktop.domain.cancel import CancelToken
from desktop.domain.conversations import Conversation, Message, Role, Turn
from desktop.domain.documents import Line
from desktop.domain.errors import UnknownDocument
from desktop.domain.settings import Settings

if TYPE_CHECKING:
    from desktop.chat.answering import AnswerParts
    from desktop.inference.chat_model import ChatModel
    from desktop.retrieval.index_worker import IndexWorker
    from desktop.retrieval.retriever import Retriever

_TITLE_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class AnswersParts:
    """What the answers lane works with."""

    lane: Lane
    stores: Stores
    retriever: Retriever
    index: IndexWorker
    engine: Engine
    settings: Callable[[], Settings]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question as it goes to the model; `model_id` None means the chosen one."""

    question: str
    history: tuple[Turn, ...]
    collection_id: int | None
    mode: AnswerMode
    model_id: str | None


class Answers:
    """Asks; everything said is stored, a half answer as far as it came."""

    def __init__(self, parts: AnswersParts) -> None:
        self._parts = parts

    def warm(self) -> JobId:
        """Import what answering needs, so that the first question need not wait for it."""
        return self._parts.lane.start(lambda _: _import_answering())

    def ask(
        self,
        conversation_id: int,
        question: str,
        mode: AnswerMode,
        model_id: str | None = None,
    ) -> JobId:
        """Answer in a conversation: by `model_id`, else by the chat's own model, else by the
        chosen one, which "" names. Fails with `UnknownModel` where that one is gone."""
        return self._parts.lane.start(
            lambda cancel: self._turn(conversation_id, question, mode, model_id, cancel)
        )

    def ask_once(
        self,
        question: str,
        collection_id: int | None,
        mode: AnswerMode,
        model_id: str | None = None,
    ) -> JobId:
        """Answer without a conversation: nothing is stored; `Finished.result` is the `Answer`."""
        return self._parts.lane.start(
            lambda cancel: self._answer(
                _Asked(_checked(question), (), collection_id, mode, model_id), cancel
            )
        )

    def _turn(
        self,
        conversation_id: int,
        question: str,
        mode: AnswerMode,
        model_id: str | None,
        cancel: CancelToken,
    ) -> Generator[object, None, Answer]:
        checked = _checked(question)
        store = self._parts.stores.conversations
        conversation = store.conversation(conversation_id)
        history = tuple(Turn(said.role, said.text) for said in store.messages(conversation_id))
        yield MessageSaved(self._save_question(conversation, checked, mode))
        # A chat's own model is never replaced in silence: gone, it is said, and the person chooses.
        wanted = (conversation.model_id or None) if model_id is None else model_id
        asked = _Asked(checked, history, conversation.collection_id, mode, wanted)
        half = HalfAnswer(store, conversation_id, mode)
        try:
            finished = yield from self._answer(asked, cancel, half)
        except Exception:
            half.keep()
            raise
        yield MessageSaved(half.finish(finished))
        return finished

    def _answer(
        self, asked: _Asked, cancel: CancelToken, half: HalfAnswer | None = None
    ) -> Generator[object, None, Answer]:
        from desktop.chat.answering import answer

        settings = self._parts.settings()
        wanted = settings.model_id if asked.model_id is None else asked.model_id
        model = yield from self._parts.engine.ensure(wanted, settings.engine, cancel)
        finished: Answer | None = None
        for event in answer(
            asked.question, asked.history, self._answer_parts(asked, model, settings), cancel
        ):
            if isinstance(event, AnswerFinished):
                finished = event.answer
            if half is not None:
                half.note(event, model.model_id)
            yield event
        assert finished is not None, "answer() closes with AnswerFinished"
        return finished

    def _answer_parts(self, asked: _Asked, model: ChatModel, settings: Settings) -> AnswerParts:
        from desktop.chat.answering import AnswerParts

        return AnswerParts(
            retriever=self._parts.retriever,
            collection_id=asked.collection_id,
            model=model,
            embed=self._parts.index.embed,
            lines_of=self._lines_of,
            settings=settings.answers,
            mode=asked.mode,
        )

    def _lines_of(self, document_id: int, page_number: int) -> tuple[Line, ...]:
        try:
            return self._parts.stores.documents.page(document_id, page_number).lines
        except UnknownDocument:
            # Removed while the answer was written: its words were read, only its lines are gone.
            return ()

    def _save_question(
        self, conversation: Conversation, question: str, mode: AnswerMode
    ) -> Message:
        store = self._parts.stores.conversations
        if not conversation.title:
            store.rename(conversation.id, _title_of(question))
        return store.add_message(conversation.id, Role.USER, question, mode)


def _import_answering() -> None:
    import desktop.chat.answering  # noqa: F401


def _checked(question: str) -> str:
    from desktop.chat.answering import checked_question

    return checked_question(question)


def _title_of(question: str) -> str:
    words = " ".join(question.split())
    if len(words) <= _TITLE_CHARACTERS:
        return words
    return words[:_TITLE_CHARACTERS].rsplit(" ", 1)[0] + "…"
