"""The JSON documents of `carrel models`; a field changes here or nowhere."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from desktop.cli.contract import answer_document, model_document
from desktop.domain.answers import Answer
from desktop.domain.choices import chosen_values
from desktop.domain.engine import EngineTuning, MemoryFit, ModelChoices
from desktop.domain.licences import LicenceTerms
from desktop.domain.models import ModelChange, ModelEntry, ModelSpeed


def details_document(
    entry: ModelEntry,
    terms: LicenceTerms,
    choices: ModelChoices,
    tuning: EngineTuning | None,
    chosen: bool,
) -> dict[str, Any]:
    """The register's entry, and what is known of the model beside it."""
    return {
        **model_document(entry),
        "chosen": chosen,
        "licence_terms": asdict(terms),
        "choices": asdict(choices),
        "tuning": asdict(tuning) if tuning is not None else None,
    }


def choices_document(model_id: str, choices: ModelChoices) -> dict[str, Any]:
    return {"id": model_id, **asdict(choices), "chosen": chosen_values(choices)}


def fit_document(model_id: str, fit: MemoryFit) -> dict[str, Any]:
    needed = {**asdict(fit.needed), "total": fit.needed.total}
    return {"id": model_id, **asdict(fit), "needed": needed}


def speed_document(model_id: str, speed: ModelSpeed, needed_bytes: int) -> dict[str, Any]:
    """What was measured, and the memory that was said to be needed beside what was used."""
    return {"id": model_id, **asdict(speed), "memory_needed_bytes": needed_bytes}


def tuning_document(model_id: str, tuning: EngineTuning) -> dict[str, Any]:
    return {"id": model_id, **asdict(tuning)}


def history_document(model_id: str, history: list[ModelChange]) -> dict[str, Any]:
    return {"id": model_id, "history": [asdict(change) for change in history]}


def comparison_document(question: str, answers: tuple[Answer, ...]) -> dict[str, Any]:
    return {"question": question, "answers": [answer_document(answer) for answer in answers]}
