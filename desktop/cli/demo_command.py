"""`carrel demo`: the first journey in the terminal, for machines without a display."""

from __future__ import annotations

import typer

from desktop.cli.ask_command import stream_answer
from desktop.cli.index_command import run_index
from desktop.cli.options import DataDir
from desktop.cli.session import session
from desktop.domain.answers import AnswerMode

COLLECTION = "Sample collection"


def demo(context: typer.Context, data_dir: DataDir = None) -> None:
    """Read the sample collection and answer its three questions, in the terminal."""
    with session(context, data_dir, as_json=False) as opened:
        library = opened.assistant.library
        opened.print_line("There is no window here, so this is the first journey in the terminal.")
        opened.print_line(f"\nReading the {COLLECTION.lower()} in {library.sample_folder()}")
        report = run_index(opened, library.index([library.sample_folder()], COLLECTION))
        opened.print_line(f"{len(report.files)} files in {report.seconds:.1f} s")
        place = library.collection(COLLECTION).id
        for question in library.sample_questions():
            opened.print_line(f"\n> {question}")
            stream_answer(
                opened, opened.assistant.answers.ask_once(question, place, AnswerMode.DOCUMENTS)
            )
        opened.print_line(
            f'\nAsk your own: carrel ask "..." --collection "{COLLECTION}", '
            "or carrel index FOLDER --collection NAME first."
        )
