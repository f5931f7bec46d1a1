"""`carrel models`: the model register."""

from __future__ import annotations

import typer

from desktop.cli import (
    models_choices,
    models_files,
    models_folder,
    models_reading,
    models_running,
)
from desktop.cli.choice_options import ENGINE_OPTIONS, FIT_OPTIONS, SAMPLER_OPTIONS, with_options


def models() -> typer.Typer:
    """Build the group."""
    group = typer.Typer(
        help="Import, check, choose, measure and tune models; their register.",
        no_args_is_help=True,
    )
    group.command("list")(models_reading.list_all)
    group.command("show")(models_reading.show)
    group.command("import")(models_files.import_file)
    group.command("folder")(models_folder.folder)
    group.command("use")(models_running.use)
    group.command("fit")(with_options(models_choices.fit, FIT_OPTIONS))
    options = (*ENGINE_OPTIONS, *SAMPLER_OPTIONS)
    group.command("choices")(with_options(models_choices.choices, options))
    group.command("bench")(models_running.bench)
    group.command("tune")(models_running.tune)
    group.command("compare")(models_running.compare)
    group.command("verify")(models_files.verify)
    group.command("approve")(models_files.approve)
    group.command("withdraw")(models_files.withdraw)
    group.command("rename")(models_files.rename)
    group.command("remove")(models_files.remove)
    group.command("history")(models_reading.history)
    group.command("card")(models_reading.card)
    group.command("export")(models_reading.export)
    return group
