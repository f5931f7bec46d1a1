"""What limits an answer is said quietly with it, at once and after a restart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from desktop.assistant.events import JobId
from desktop.domain.answers import AnswerFigures, AnswerMode
from desktop.gui.chat.answer_run import AnswerRun
from desktop.gui.chat.answer_view import AnswerView
from desktop.gui.chat.answer_words import dropped_text
from desktop.gui.chat.chat_view import ChatView
from desktop.gui.chat.transcript import Transcript
from desktop.gui.widgets.labels import Label
from tests.support.lease import QUESTION, cited_answer
from tests.support.view_stage import Stage


def asked(stage: Stage, dropped: int = 0, cut_at: int = 0) -> ChatView:
    figures = AnswerFigures(dropped_turns=dropped)
    answer = replace(cited_answer(Path("lease.pdf")), figures=figures, cut_at=cut_at)
    stage.desk.answers[QUESTION] = answer
    view = ChatView(stage.assistant, stage.theme)
    stage.show(view)
    view.ask(QUESTION)
    stage.settle()
    return view


def last_answer(view: ChatView) -> AnswerView:
    transcript = view.findChild(Transcript)
    assert transcript is not None
    return transcript.answers[-1]


def test_what_the_model_no_longer_sees_is_said_and_said_again_after_a_restart(
    stage: Stage,
) -> None:
    view = asked(stage, dropped=3, cut_at=512)
    said = (
        "The oldest 3 exchanges no longer fit the context window; the model does not see them. "
        "The answer reached its limit of 512 tokens."
    )
    assert said in shown_texts(last_answer(view))
    again = ChatView(stage.assistant, stage.theme)
    stage.show(again)
    assert view.conversation_id is not None
    again.open_conversation(view.conversation_id)
    stage.settle()
    assert said in shown_texts(last_answer(again))


def test_dropped_turns_are_said_before_the_first_word(stage: Stage) -> None:
    view = asked(stage)
    run = AnswerRun(JobId(1), 1, QUESTION, AnswerMode.MODEL_ONLY)
    shown = AnswerView(stage.theme, view)
    run.attach(shown)
    run.note_limit(dropped_text(1))
    assert any("oldest exchange no longer fits" in text for text in shown_texts(shown))
    later = AnswerView(stage.theme, view)
    run.attach(later)
    assert any("oldest exchange no longer fits" in text for text in shown_texts(later))


def test_an_answer_that_nothing_limits_says_nothing_of_limits(stage: Stage) -> None:
    view = asked(stage)
    assert not any("limit" in text or "fit" in text for text in shown_texts(last_answer(view)))


def shown_texts(view: AnswerView) -> list[str]:
    return [label.text() for label in view.findChildren(Label) if not label.isHidden()]
