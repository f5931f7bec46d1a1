"""`carrel models choices` and `fit`: how a model is run, and whether it fits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from desktop.assistant.models import Models
from desktop.cli.choice_options import ENGINE_OPTIONS, SAMPLER_OPTIONS, changed
from desktop.cli.model_ids import ModelId, known
from desktop.cli.models_contract import choices_document, fit_document
from desktop.cli.models_words import choices_lines, fit_lines
from desktop.cli.options import AsJson, DataDir
from desktop.cli.session import Session, one_line, session
from desktop.domain.engine import (
    AdapterUse,
    EngineSettings,
    ModelChoices,
    SamplerPreset,
    SamplerSettings,
    preset_sampler,
)
from desktop.domain.errors import UnknownModel

_STRONGEST = 4.0


def choices(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    model_id: ModelId,
    preset: Annotated[
        SamplerPreset | None, typer.Option("--preset", help="precise, balanced or creative.")
    ] = None,
    schema: Annotated[
        str | None,
        typer.Option(metavar="FILE", help='Hold answers to this JSON schema; "" to none.'),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(metavar="FILE", help='A chat template in place of the file\'s; "" for it.'),
    ] = None,
    adapter: Annotated[
        list[str] | None,
        typer.Option(metavar="ID=STRENGTH", help="Lay an adapter over it; 0 takes it off."),
    ] = None,
    reset: Annotated[
        bool, typer.Option("--reset", help="First forget all that was chosen for it.")
    ] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
    **given: object,
) -> None:
    """Show or change what is chosen for one model; the rest follows the settings."""
    uses = [_use(text) for text in adapter or ()]
    with session(context, data_dir, as_json) as opened:
        models = opened.assistant.models
        known(models, model_id)
        before = models.options.choices(model_id)
        after = _with_numbers(opened, ModelChoices() if reset else before, preset, given)
        after = _with_adapters(models, _with_files(after, schema, template), uses)
        if after != before:
            models.options.change_choices(model_id, after)
        if opened.json:
            opened.print_json(choices_document(model_id, after))
            return
        for line in choices_lines(after):
            opened.print_line(one_line(line))


def fit(
    context: typer.Context,
    model_id: ModelId,
    data_dir: DataDir = None,
    as_json: AsJson = False,
    **given: object,
) -> None:
    """Say what memory a model needs before it is loaded; exit code 1 where it does not fit."""
    with session(context, data_dir, as_json) as opened:
        models = opened.assistant.models
        known(models, model_id)
        asked = any(value is not None for value in given.values())
        engine = changed(_engine(opened, models.options.choices(model_id)), given)
        found = models.options.fit(model_id, engine if asked else None)
        if opened.json:
            opened.print_json(fit_document(model_id, found))
        else:
            for line in fit_lines(found):
                opened.print_line(one_line(line))
        if not found.fits:
            raise typer.Exit(1)


def _with_numbers(
    opened: Session,
    choices: ModelChoices,
    preset: SamplerPreset | None,
    given: dict[str, object],
) -> ModelChoices:
    """Where a model had no choice of its own, it begins with what the settings say."""
    engine = _engine(opened, choices)
    sampler = choices.sampler or opened.assistant.preferences.settings().answers.sampler
    drawn = sampler if preset is None else preset_sampler(preset, sampler)
    new_engine, new_sampler = changed(engine, given), changed(drawn, given)
    if any(given.get(option.field) is not None for option in ENGINE_OPTIONS):
        choices = replace(choices, engine=new_engine)
    if preset or any(given.get(option.field) is not None for option in SAMPLER_OPTIONS):
        choices = replace(choices, sampler=new_sampler)
    return choices


def _with_files(choices: ModelChoices, schema: str | None, template: str | None) -> ModelChoices:
    if template is not None:
        choices = replace(choices, chat_template=_text_of(template))
    if schema is not None:
        sampler = replace(choices.sampler or SamplerSettings(), json_schema=_text_of(schema))
        choices = replace(choices, sampler=sampler)
    return choices


def _with_adapters(models: Models, choices: ModelChoices, uses: list[AdapterUse]) -> ModelChoices:
    there = {entry.id for entry in models.register.adapters()}
    kept = {use.model_id: use for use in choices.adapters}
    for use in uses:
        if use.model_id not in there and use.strength:
            raise UnknownModel(use.model_id)
        kept[use.model_id] = use
    laid = tuple(use for use in kept.values() if use.strength)
    return replace(choices, adapters=laid)


def _engine(opened: Session, choices: ModelChoices) -> EngineSettings:
    return choices.engine or opened.assistant.preferences.settings().engine


def _use(text: str) -> AdapterUse:
    model_id, equals, strength = text.rpartition("=")
    try:
        number = float(strength)
    except ValueError:
        number = float("nan")
    if not equals or not model_id or not -_STRONGEST <= number <= _STRONGEST:
        line = f"Give an adapter as ID=STRENGTH, the strength from -4 to 4, not “{text}”."
        raise typer.BadParameter(line)
    return AdapterUse(model_id, number)


def _text_of(file: str) -> str:
    """A file's text; "" for no file."""
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise typer.BadParameter(f"{file} cannot be read: {reason}") from error
