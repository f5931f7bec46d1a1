"""The answers being made, each followed by its job's events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.assistant.events import (
    Broken,
    Event,
    Failed,
    Finished,
    JobId,
    MessageSaved,
    ModelLoaded,
    ModelLoading,
    Stopped,
)
from desktop.assistant.sentences import Sentence, sentence_for
from desktop.domain.answers import (
    AnswerFinished,
    AnswerMode,
    AnswerPiece,
    PassagesFound,
    PromptRead,
    TurnsDropped,
)
from desktop.domain.conversations import Role
from desktop.gui.chat.answer_run import AnswerRun
from desktop.gui.chat.answer_words import dropped_text, reading_text

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class AnswerRuns(QObject):
    """Starts and stops answers and tells what became of them."""

    passages_found = Signal(object)  # AnswerRun
    finished = Signal(object)  # AnswerRun
    failed = Signal(object, object)  # AnswerRun, Sentence
    closed = Signal(object)  # AnswerRun, whichever way it ended
    saved = Signal(object)  # AnswerRun, whose question stands in the database

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._runs: dict[JobId, AnswerRun] = {}

    def start(self, conversation_id: int, question: str, mode: AnswerMode) -> AnswerRun:
        """Ask; the events of the job come through `show_event`."""
        job = self._assistant.answers.ask(conversation_id, question, mode)
        run = AnswerRun(job, conversation_id, question, mode)
        searching = mode is AnswerMode.DOCUMENTS
        run.words = self.tr("Looking in the documents") if searching else self.tr("Thinking")
        self._runs[job] = run
        return run

    def running_in(self, conversation_id: int | None) -> AnswerRun | None:
        runs = self._runs.values()
        return next((run for run in runs if run.conversation_id == conversation_id), None)

    def stop(self, conversation_id: int | None) -> None:
        run = self.running_in(conversation_id)
        if run is not None:
            self._assistant.cancel(run.job)

    def detach_all(self) -> None:
        """Forget the views: their page is going."""
        for run in self._runs.values():
            run.view = None

    def show_event(self, event: Event) -> None:
        run = self._runs.get(event.job)
        if run is None:
            return
        if event.closing:
            del self._runs[event.job]
            self._close(run, event.body)
        else:
            self._step(run, event.body)

    def _step(self, run: AnswerRun, body: object) -> None:
        match body:
            case AnswerPiece(text=piece):
                run.add(piece)
            case PassagesFound(passages=passages):
                run.passages = passages
                self.passages_found.emit(run)
            case TurnsDropped() | PromptRead():
                _say_limit_or_progress(run, body)
            case AnswerFinished(answer=answer):
                run.finish(answer)
                self.finished.emit(run)
            case MessageSaved(message=message) if message.role is Role.USER:
                run.saved = True
                self.saved.emit(run)
            case ModelLoading():
                run.say(self.tr("Loading the model"))
            case ModelLoaded():
                run.say(self.tr("Looking in the documents"))

    def _close(self, run: AnswerRun, body: object) -> None:
        match body:
            case Failed(error=error):
                self._fail(run, sentence_for(error))
            case Broken():
                self._fail(run, _broken(self))
            case Stopped() if run.answer is None:
                run.fail(Sentence(self.tr("Stopped before the first word."), "", ""))
            case Finished() | Stopped():
                pass
        self.closed.emit(run)

    def _fail(self, run: AnswerRun, sentence: Sentence) -> None:
        run.fail(sentence)
        self.failed.emit(run, sentence)


def _say_limit_or_progress(run: AnswerRun, body: TurnsDropped | PromptRead) -> None:
    if isinstance(body, TurnsDropped):
        run.note_limit(dropped_text(body.exchanges))
    else:
        run.say(reading_text(body, len(run.passages)))


def _broken(runs: AnswerRuns) -> Sentence:
    """What a bug of ours looks like to the person."""
    return Sentence(
        runs.tr("Something in Carrel itself went wrong."),
        runs.tr("The chat is kept."),
        runs.tr("Ask again; the report is in the log."),
    )
