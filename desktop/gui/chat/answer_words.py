"""The short texts under an answer: what supports it and what it cost."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.domain.answers import Answer, AnswerFigures, AnswerMode, PromptRead, Support
from desktop.gui.widgets.pill import PillKind


def support_facts(answer: Answer) -> list[tuple[str, PillKind]]:
    """One fact per pill, the good one first."""
    if answer.mode is AnswerMode.MODEL_ONLY:
        return [(_tr("Model only, no documents"), "plain")]
    if answer.refused:
        return [(_tr("No passage supports an answer"), "plain")]
    count = {kind: 0 for kind in Support}
    for statement in answer.statements:
        count[statement.support] += 1
    total = len(answer.statements)
    facts: list[tuple[str, PillKind]] = []
    if total:
        kind: PillKind = "good" if count[Support.SUPPORTED] else "plain"
        several = _tr("{0} of {1} statements supported")
        supported = _tr("{0} of {1} statement supported") if total == 1 else several
        facts.append((supported.format(count[Support.SUPPORTED], total), kind))
    if count[Support.PARTLY]:
        facts.append((_tr("{0} partly supported").format(count[Support.PARTLY]), "warn"))
    if count[Support.NOT_FOUND]:
        missing = _tr("{0} not found in the documents").format(count[Support.NOT_FOUND])
        facts.append((missing, "warn"))
    return facts


def figures_text(answer: Answer) -> str:
    """Passages used, time to the first word, tokens per second."""
    figures = answer.figures
    parts = []
    if answer.mode is AnswerMode.DOCUMENTS:
        passages = figures.passages or len(answer.passages)
        parts.append(_tr("1 passage") if passages == 1 else _tr("{0} passages").format(passages))
    if figures.seconds_to_first_token > 0:
        seconds = f"{figures.seconds_to_first_token:.1f}"
        parts.append(_tr("first word {0} s").format(seconds))
    if figures.tokens_per_second > 0:
        parts.append(_tr("{0} tokens/s").format(f"{figures.tokens_per_second:.0f}"))
    return " · ".join(parts)


def limits_text(answer: Answer) -> str:
    """What the model did not see, and where it had to end; "" where there is neither."""
    parts = []
    if answer.figures.dropped_turns:
        parts.append(dropped_text(answer.figures.dropped_turns))
    if answer.cut_at:
        parts.append(_tr("The answer reached its limit of {0:,} tokens.").format(answer.cut_at))
        if answer.mode is AnswerMode.MODEL_ONLY:
            parts.append(_tr("Ask it to go on for the rest."))
    return " ".join(parts)


def dropped_text(exchanges: int) -> str:
    """That so many exchanges are no longer shown to the model."""
    if exchanges == 1:
        return _tr(
            "The oldest exchange no longer fits the context window; the model does not see it."
        )
    return _tr(
        "The oldest {0} exchanges no longer fit the context window; the model does not see them."
    ).format(exchanges)


def reading_text(read: PromptRead, passages: int) -> str:
    """How far the model is with the passages before its first word."""
    if read.tokens_total <= 0:
        return _tr("Reading")
    share = min(read.tokens_done / read.tokens_total, 1.0)
    percent = round(100 * share)
    if not passages:
        return _tr("Reading the question · {0} %").format(percent)
    done = min(int(share * passages) + 1, passages)
    return _tr("Reading passage {0} of {1} · {2} %").format(done, passages, percent)


def context_text(figures: AnswerFigures) -> str:
    """How much of the model's context window the last turn filled."""
    if figures.context_tokens <= 0:
        return ""
    used = figures.prompt_tokens + figures.completion_tokens
    return _tr("{0} of {1}").format(_thousands(used), _thousands(figures.context_tokens))


def _thousands(tokens: int) -> str:
    return str(tokens) if tokens < 1000 else f"{tokens / 1000:.1f}k"


def _tr(text: str) -> str:
    return QCoreApplication.translate("AnswerWords", text)
