"""Questions as a face asks them: a job on the answers lane, the whole turn kept."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop.assistant.comparing import Comparison
from desktop.assistant.engine import Engine
from desktop.assistant.events import JobId, MessageSaved
from desktop.assistant.half_answer import HalfAnswer
from desktop.assistant.kept_prefixes import KeptPrefixes
from desktop.assistant.lanes import Lane
from desktop.assistant.stores import Stores
from desktop.chat.remembered_vectors import RememberedVectors
from desktop.domain.answers import Answer, AnswerEvent, AnswerFinished, AnswerMode
from desktop.domain.cancel import CancelToken
from desktop.domain.conversations import Conversation, Message, Role, Turn
from desktop.domain.documents import Line
from desktop.domain.engine import SamplerSettings
from desktop.domain.errors import UnknownDocument
from desktop.domain.settings import Settings
from desktop.storage.conversation_store import ConversationStore

if TYPE_CHECKING:
    from desktop.chat.answering import AnswerParts
    from desktop.chat.finding import Found
    from desktop.inference.chat_model import ChatModel, Prompt
    from desktop.retrieval.index_worker import IndexWorker
    from desktop.retrieval.retriever import Retriever

_TITLE_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class AnswersParts:
    """What the answers lane works with; `reads` serves the face's own thread."""

    lane: Lane
    reads: Stores
    stores: Stores
    retriever: Retriever
    index: IndexWorker
    engine: Engine
    prefixes: KeptPrefixes
    settings: Callable[[], Settings]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question as it goes to the model; `model_id` None means the chosen one.

    `sampler` is the chat's own; `found` was retrieved before.
    """

    question: str
    history: tuple[Turn, ...]
    collection_id: int | None
    mode: AnswerMode
    model_id: str | None = None
    sampler: SamplerSettings | None = None
    found: Found | None = None
    conversation_id: int | None = None


class Answers:
    """Asks; everything said is stored, a half answer as far as it came."""

    def __init__(self, parts: AnswersParts) -> None:
        self._parts = parts
        index = parts.index
        self._embed = RememberedVectors(index.embed, lambda: index.embedder)

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

    def compare(
        self,
        question: str,
        collection_id: int | None,
        mode: AnswerMode,
        model_ids: tuple[str, str],
        samplers: tuple[SamplerSettings | None, SamplerSettings | None] = (None, None),
    ) -> JobId:
        """Let two models answer, from the same passages; says `ComparedEvent`.

        Side by side where both fit into memory, else one after the other. `samplers` word each
        answer, None as the model is set; with them one model can be both. Nothing is stored;
        `Finished.result` is both answers, in the order of `model_ids`.
        """
        return self._parts.lane.start(
            lambda cancel: self._compare(
                _Asked(_checked(question), (), collection_id, mode), model_ids, samplers, cancel
            )
        )

    def keep_compared(
        self, conversation_id: int, question: str, answer: Answer
    ) -> tuple[Message, Message]:
        """Store a question and the answer that was chosen of a comparison, at once.

        Raises `StorageError` types.
        """
        store = self._parts.reads.conversations
        with self._parts.reads.database.transaction():
            asked = _save_question(
                store, store.conversation(conversation_id), _checked(question), answer.mode
            )
            kept = store.add_message(
                conversation_id, Role.ASSISTANT, answer.text, answer.mode, answer
            )
        return asked, kept

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
        said = _save_question(store, conversation, checked, mode)
        yield MessageSaved(said)
        # A chat's own model is never replaced in silence: gone, it is said, and the person chooses.
        wanted = (conversation.model_id or None) if model_id is None else model_id
        asked = _Asked(
            question=checked,
            history=history,
            collection_id=conversation.collection_id,
            mode=mode,
            model_id=wanted,
            sampler=conversation.sampler,
            conversation_id=conversation_id,
        )
        half = HalfAnswer(store, conversation_id, mode)
        try:
            finished = yield from self._answer(asked, cancel, half)
        except Exception:
            half.keep()
            raise
        kept = half.finish(finished)
        yield MessageSaved(kept)
        turns = (Turn(said.role, said.text), Turn(kept.role, kept.text))
        self._settle(replace(asked, history=(*history, *turns)))
        return finished

    def _settle(self, asked: _Asked) -> None:
        """Use the time until the next question: what its prompt begins with is known by now."""

        def begins(model: ChatModel) -> Prompt:
            from desktop.chat.next_prompt import next_prompt_begins

            sampler = self._answer_parts(asked, model).settings.sampler
            return next_prompt_begins(model, asked.mode, sampler, asked.history)

        self._parts.lane.start(
            lambda cancel: self._parts.prefixes.settle(begins, cancel), gives_way=True
        )

    def _answer(
        self, asked: _Asked, cancel: CancelToken, half: HalfAnswer | None = None
    ) -> Generator[object, None, Answer]:
        settings, engine = self._parts.settings(), self._parts.engine
        wanted = settings.model_id if asked.model_id is None else asked.model_id
        model = yield from engine.ensure(wanted, settings.engine, cancel)
        finished: Answer | None = None
        try:
            for event in self._events(asked, model, cancel):
                if isinstance(event, AnswerFinished):
                    finished = event.answer
                if half is not None:
                    half.note(event, model.model_id)
                yield event
        finally:
            engine.touch()
        assert finished is not None, "answer() closes with AnswerFinished"
        self._parts.prefixes.answered(model, finished.figures)
        return finished

    def _compare(
        self,
        asked: _Asked,
        model_ids: tuple[str, str],
        samplers: tuple[SamplerSettings | None, SamplerSettings | None],
        cancel: CancelToken,
    ) -> Generator[object, None, tuple[Answer, Answer]]:
        found = replace(asked, found=self._found(asked))
        comparison = Comparison(
            self._parts.engine,
            lambda model, side, stopping: self._events(
                replace(found, sampler=samplers[side]), model, stopping
            ),
            self._parts.settings().engine,
        )
        try:
            return (yield from comparison.run(model_ids, cancel))
        finally:
            self._parts.engine.touch()

    def _found(self, asked: _Asked) -> Found | None:
        from desktop.chat.finding import find

        if asked.mode is AnswerMode.MODEL_ONLY or asked.collection_id is None:
            return None
        passages = self._parts.settings().answers.passages
        return find(self._parts.retriever, asked.collection_id, asked.question, passages)

    def _events(
        self, asked: _Asked, model: ChatModel, cancel: CancelToken
    ) -> Iterator[AnswerEvent]:
        from desktop.chat.answering import answer

        self._parts.prefixes.turn_to(asked.conversation_id, model)
        return answer(asked.question, asked.history, self._answer_parts(asked, model), cancel)

    def _answer_parts(self, asked: _Asked, model: ChatModel) -> AnswerParts:
        from desktop.chat.answering import AnswerParts

        settings = self._parts.settings().answers
        choices = self._parts.stores.models.choices(model.model_id)
        return AnswerParts(
            retriever=self._parts.retriever,
            collection_id=asked.collection_id,
            model=model,
            embed=self._embed,
            lines_of=self._lines_of,
            settings=replace(
                settings, sampler=asked.sampler or choices.sampler or settings.sampler
            ),
            mode=asked.mode,
            found=asked.found,
        )

    def _lines_of(self, document_id: int, page_number: int) -> tuple[Line, ...]:
        try:
            return self._parts.stores.documents.page(document_id, page_number).lines
        except UnknownDocument:
            # Removed while the answer was written: its words were read, only its lines are gone.
            return ()


def _save_question(
    store: ConversationStore, conversation: Conversation, question: str, mode: AnswerMode
) -> Message:
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
