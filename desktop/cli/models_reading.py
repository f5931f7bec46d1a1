"""`carrel models list`, `show`, `history`, `card`, `export`: what the register knows."""

from __future__ import annotations

from typing import Annotated

import typer

from desktop.cli.contract import model_document
from desktop.cli.model_ids import ModelId, all_entries, known, used_ids
from desktop.cli.models_contract import details_document, history_document
from desktop.cli.models_words import details_lines, embedder_line, history_lines, list_lines
from desktop.cli.options import AsJson, DataDir
from desktop.cli.session import one_line, session
from desktop.domain.errors import UnknownModel


def list_all(context: typer.Context, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the models in the register; a star marks those in use."""
    with session(context, data_dir, as_json) as opened:
        models = opened.assistant.models
        entries = all_entries(models)
        if opened.json:
            opened.print_json([model_document(entry) for entry in entries])
            return
        rows = [(entry, models.register.licence(entry.id)) for entry in entries]
        for line in list_lines(rows, used_ids(opened.assistant)):
            opened.print_line(one_line(line))
        opened.print_line(embedder_line(models.searching.embedder()))


def show(
    context: typer.Context, model_id: ModelId, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Show all that is known of a model: facts, licence in plain words, origin, speed, choices."""
    with session(context, data_dir, as_json) as opened:
        models = opened.assistant.models
        entry = known(models, model_id)
        terms = models.register.licence(model_id)
        choices, tuning = models.options.choices(model_id), models.running.tuning(model_id)
        chosen = model_id in used_ids(opened.assistant)
        if opened.json:
            opened.print_json(details_document(entry, terms, choices, tuning, chosen))
            return
        for line in details_lines(entry, terms, choices, tuning, chosen):
            opened.print_line(one_line(line))


def history(
    context: typer.Context, model_id: ModelId, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Show what happened to a model, newest first; also after it was removed."""
    with session(context, data_dir, as_json) as opened:
        register = opened.assistant.models.register
        changes = register.history(model_id)
        if not changes and register.entry(model_id) is None:
            raise UnknownModel(model_id)
        if opened.json:
            opened.print_json(history_document(model_id, changes))
            return
        for line in history_lines(changes):
            opened.print_line(one_line(line))


def card(
    context: typer.Context, model_id: ModelId, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Print a model's card as Markdown: a page to read, to file and to sign."""
    with session(context, data_dir, as_json) as opened:
        page = opened.assistant.models.register.card(model_id)
        if opened.json:
            opened.print_json({"id": model_id, "markdown": page})
        else:
            opened.print_line(page.rstrip("\n"))


def export(
    context: typer.Context,
    model_ids: Annotated[list[str] | None, typer.Argument(metavar="ID...")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Print the register as JSON, as docs/model-register.schema.json describes it."""
    with session(context, data_dir, as_json) as opened:
        text = opened.assistant.models.register.export(tuple(model_ids or ()))
        opened.print_line(text.rstrip("\n"))
