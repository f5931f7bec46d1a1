"""A question and a conversation in; a streamed, cited, checked answer out."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from desktop.chat.alignment import Embed
from desktop.chat.citing import Checked, LinesOf, check
from desktop.chat.context_window import Fitted, fit
from desktop.chat.finding import Found, find
from desktop.chat.grounding import Grounding
from desktop.chat.lead_sentences import lead_sentences
from desktop.chat.markers import without_markers
from desktop.chat.prompt_template import (
    HISTORY_SHARE_MODEL_ONLY,
    SYSTEM_MODEL_ONLY,
    stable_messages,
    template_for,
)
from desktop.chat.refusal import NOT_IN_DOCUMENTS, nothing_near, nothing_supported
from desktop.chat.search_text import search_text
from desktop.chat.writing import Written, write
from desktop.domain.answers import (
    Answer,
    AnswerEvent,
    AnswerFigures,
    AnswerFinished,
    AnswerMode,
    AnswerPiece,
    PassagesFound,
    PromptRead,
    TurnsDropped,
)
from desktop.domain.cancel import CancelToken
from desktop.domain.conversations import Turn
from desktop.domain.errors import EmptyQuestion, QuestionTooLong
from desktop.domain.retrieval import SearchMode, SearchResult
from desktop.domain.settings import AnswerSettings
from desktop.inference.chat_model import ChatMessage, ChatModel
from desktop.retrieval.retriever import Retriever

QUESTION_CHARACTERS = 8000


@dataclass(frozen=True, slots=True)
class AnswerParts:
    """What an answer is made with; `retriever` and `collection_id` only from documents.

    `found` is what was retrieved for this question before, so that two models get the same.
    """

    retriever: Retriever | None
    collection_id: int | None
    model: ChatModel
    embed: Embed
    lines_of: LinesOf
    settings: AnswerSettings
    mode: AnswerMode
    found: Found | None = None


def answer(
    question: str, history: Sequence[Turn], parts: AnswerParts, cancel: CancelToken
) -> Iterator[AnswerEvent]:
    """Yield the answer piece by piece; the last event is `AnswerFinished`, also when stopped.

    Raises `EmptyQuestion`, `QuestionTooLong`, `ContextTooSmall`, and what retrieval raises.
    """
    asked = checked_question(question)
    if parts.mode is AnswerMode.MODEL_ONLY:
        yield from _from_the_model(asked, history, parts, cancel)
    else:
        yield from _from_documents(asked, history, parts, cancel)


def checked_question(question: str) -> str:
    """The question without the white space around it; raises what is wrong with it."""
    stripped = question.strip()
    if not any(character.isalnum() for character in stripped):
        raise EmptyQuestion
    if len(stripped) > QUESTION_CHARACTERS:
        raise QuestionTooLong(len(stripped), QUESTION_CHARACTERS)
    return stripped


def _from_documents(
    question: str, history: Sequence[Turn], parts: AnswerParts, cancel: CancelToken
) -> Iterator[AnswerEvent]:
    searched = search_text(question, history)
    found = _find(searched, parts)
    candidates = found.result.candidates
    if nothing_near(searched, found.result.hits):
        yield PassagesFound(found.result.hits, candidates)
        yield AnswerFinished(_nothing_near(found.result, parts, cancel))
        return
    template = template_for(parts.model.parameters)
    # A small model loses its way in a question that is mostly names; `aim` leaves them out.
    short = not template.whole_passages and found.aim != searched
    fitted, written = yield from _drafted(
        found.aim if short else question, history, found, parts, cancel
    )
    # In JSON, what looks like a mark is a list.
    held = bool(parts.settings.sampler.json_schema)
    text, hints = (written.text, ()) if held else without_markers(written.text)
    checked = check(text, hints, fitted.passages, searched, parts.embed, parts.lines_of)
    draft = _Draft(text, checked, fitted, written)
    yield AnswerFinished(_concluded(draft, found.result, parts))


def _drafted(
    question: str, history: Sequence[Turn], found: Found, parts: AnswerParts, cancel: CancelToken
) -> Generator[
    PassagesFound | TurnsDropped | PromptRead | AnswerPiece, None, tuple[Fitted, Written]
]:
    """Write from the passages, or from one lead after the other until one is kept to."""
    template = template_for(parts.model.parameters)
    sampler = template.sampler(parts.settings.sampler)
    leads = lead_sentences(found.aim, found.passages, parts.embed, template.leads)

    def composed(lead: str) -> Fitted:
        return fit(
            parts.model,
            lambda turns, passages: template.messages(question, turns, passages, lead),
            history,
            found.passages,
            sampler.max_tokens,
            template.history_share,
        )

    first, *others = leads or [""]
    fitted = composed(first)
    yield PassagesFound(fitted.passages, found.result.candidates)
    yield from _dropped(fitted)
    grounding = Grounding([first, question]) if first else None
    written = yield from write(parts.model, fitted, sampler, cancel, template.sentences, grounding)
    for lead in others:
        if written.text or written.stopped:
            break
        fitted, grounding = composed(lead), Grounding([lead, question])
        written = yield from write(
            parts.model, fitted, sampler, cancel, template.sentences, grounding
        )
    return fitted, written


def _from_the_model(
    question: str, history: Sequence[Turn], parts: AnswerParts, cancel: CancelToken
) -> Iterator[AnswerEvent]:
    fitted = fit(
        parts.model,
        lambda turns, _: [
            *stable_messages(SYSTEM_MODEL_ONLY, turns), ChatMessage("user", question)
        ],
        history,
        (),
        parts.settings.sampler.max_tokens,
        HISTORY_SHARE_MODEL_ONLY,
    )  # fmt: skip
    yield from _dropped(fitted)
    written = yield from write(parts.model, fitted, parts.settings.sampler, cancel, 0)
    yield AnswerFinished(
        Answer(
            text=written.text,
            mode=parts.mode,
            model_id=parts.model.model_id,
            figures=written.figures,
            prompt=fitted.prompt.text,
            stopped=written.stopped,
            cut_at=written.cut_at,
        )
    )


def _dropped(fitted: Fitted) -> Iterator[TurnsDropped]:
    if fitted.dropped:
        yield TurnsDropped(fitted.dropped)


@dataclass(frozen=True, slots=True)
class _Draft:
    """What the model wrote from documents, checked, before it is known to stand."""

    text: str
    checked: Checked
    fitted: Fitted
    written: Written


def _find(searched: str, parts: AnswerParts) -> Found:
    if parts.found is not None:
        return parts.found
    if parts.retriever is None or parts.collection_id is None:
        return Found(SearchResult(searched, SearchMode.HYBRID, (), (), 0.0), (), searched)
    return find(parts.retriever, parts.collection_id, searched, parts.settings.passages)


def _nothing_near(found: SearchResult, parts: AnswerParts, cancel: CancelToken) -> Answer:
    return Answer(
        text=NOT_IN_DOCUMENTS,
        mode=parts.mode,
        model_id=parts.model.model_id,
        passages=found.hits,
        candidates=found.candidates,
        figures=AnswerFigures(context_tokens=parts.model.context_tokens),
        refused=True,
        stopped=cancel.cancelled,
    )


def _concluded(draft: _Draft, found: SearchResult, parts: AnswerParts) -> Answer:
    checked, written = draft.checked, draft.written
    answered = Answer(
        text=draft.text,
        mode=parts.mode,
        model_id=parts.model.model_id,
        statements=checked.statements,
        citations=checked.citations,
        passages=draft.fitted.passages,
        candidates=found.candidates,
        figures=written.figures,
        prompt=draft.fitted.prompt.text,
        stopped=written.stopped,
        cut_at=written.cut_at,
    )
    held = bool(parts.settings.sampler.json_schema)
    if written.stopped or held or not nothing_supported(draft.text, checked.statements):
        return answered
    return replace(
        answered,
        text=NOT_IN_DOCUMENTS,
        draft=written.draft,
        statements=(),
        citations=(),
        refused=True,
        cut_at=0,
    )
