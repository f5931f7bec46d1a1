"""`carrel models use`, `bench`, `tune`, `compare`: what models do on this machine."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from desktop.cli.ask_command import print_sources
from desktop.cli.job_progress import followed
from desktop.cli.model_ids import ModelId, known, used_ids
from desktop.cli.models_contract import comparison_document, speed_document, tuning_document
from desktop.cli.models_files import show_entry
from desktop.cli.models_words import embedder_line, speed_lines, tuning_lines
from desktop.cli.options import AsJson, DataDir
from desktop.cli.session import Session, one_line, session
from desktop.domain.answers import Answer, AnswerMode
from desktop.domain.engine import EngineTuning
from desktop.domain.models import ModelEntry, ModelKind, ModelSpeed

_INCLUDED = "included"


def use(
    context: typer.Context,
    model_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="“included” is Carrel's own embedding model."),
    ],
    off: Annotated[
        bool, typer.Option("--off", help="Use it no longer: Carrel's own, and no reranker.")
    ] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Choose a model: to answer, to embed what is read from now on, or to order passages.

    `collections reembed` turns over what was embedded before.
    """
    with session(context, data_dir, as_json) as opened:
        if model_id == _INCLUDED:
            _use_embedder(opened, "")
            return
        entry = known(opened.assistant.models, model_id)
        if entry.kind is ModelKind.ADAPTER:
            line = f"{model_id} is an adapter: carrel models choices MODEL --adapter {model_id}=1"
            raise typer.BadParameter(line)
        if off and model_id not in used_ids(opened.assistant):
            raise typer.BadParameter(f"{model_id} is not in use.")
        _use(opened, entry, "" if off else model_id)


def _use(opened: Session, entry: ModelEntry, model_id: str) -> None:
    """Take `model_id` for what `entry` is for; "" is Carrel's own, or none."""
    models = opened.assistant.models
    if entry.kind is ModelKind.EMBEDDER:
        _use_embedder(opened, model_id)
    elif entry.kind is ModelKind.RERANKER:
        models.searching.use_reranker(model_id)
        show_entry(opened, entry)
    else:
        loaded = followed(opened, models.running.use(model_id))
        assert isinstance(loaded, ModelEntry)
        show_entry(opened, loaded)


def bench(
    context: typer.Context, model_id: ModelId, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Measure how fast a model reads and writes here and what memory it takes; kept with it."""
    with session(context, data_dir, as_json) as opened:
        models = opened.assistant.models
        speed = followed(opened, models.running.bench(model_id))
        assert isinstance(speed, ModelSpeed)
        needed = models.options.fit(model_id).needed.total
        if opened.json:
            opened.print_json(speed_document(model_id, speed, needed))
            return
        for line in speed_lines(speed, needed):
            opened.print_line(one_line(line))


def tune(
    context: typer.Context, model_id: ModelId, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Measure anew with how many threads and in what way a model runs best here."""
    with session(context, data_dir, as_json) as opened:
        tuning = followed(opened, opened.assistant.models.running.tune(model_id))
        assert isinstance(tuning, EngineTuning)
        if opened.json:
            opened.print_json(tuning_document(model_id, tuning))
            return
        for line in tuning_lines(tuning):
            opened.print_line(one_line(line))


def compare(
    context: typer.Context,
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    models: Annotated[
        tuple[str, str], typer.Option("--models", metavar="ID ID", help="Two chat models.")
    ],
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", metavar="NAME", help="Where to look.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Let two models answer one question; with --collection from the same passages."""
    with session(context, data_dir, as_json) as opened:
        for model_id in models:
            known(opened.assistant.models, model_id)
        place = None
        if collection is not None:
            place = opened.assistant.library.collection(collection).id
        mode = AnswerMode.MODEL_ONLY if place is None else AnswerMode.DOCUMENTS
        job = opened.assistant.answers.compare(question, place, mode, models)
        answers = followed(opened, job)
        assert isinstance(answers, tuple)
        if opened.json:
            opened.print_json(comparison_document(question, answers))
            return
        for answer in answers:
            _print_answer(opened, answer)


def _print_answer(opened: Session, answer: Answer) -> None:
    figures = answer.figures
    opened.print_line(
        one_line(
            f"## {answer.model_id}: first token after {figures.seconds_to_first_token:.1f} s, "
            f"{figures.tokens_per_second:.0f} tokens/s"
        )
    )
    opened.print_line()
    if not answer.refused:
        opened.print_line(answer.text)
    print_sources(opened, answer)
    opened.print_line()


def _use_embedder(opened: Session, model_id: str) -> None:
    facts = opened.assistant.models.searching.use_embedder(model_id)
    if opened.json:
        opened.print_json(asdict(facts))
    else:
        opened.print_line(embedder_line(facts))
