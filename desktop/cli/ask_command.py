"""`carrel ask`: an answer, streamed, with the places it comes from."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from desktop.assistant.events import JobId
from desktop.assistant.waiting import result_of
from desktop.cli.contract import answer_document
from desktop.cli.options import AsJson, DataDir
from desktop.cli.places import place
from desktop.cli.session import STOPPED, Session, printable, session
from desktop.domain.answers import Answer, AnswerMode, AnswerPiece, Support


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", metavar="NAME", help="Where to look.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="ID", help="A model of the register.")
    ] = None,
    no_documents: Annotated[
        bool, typer.Option("--no-documents", help="The model alone, without documents.")
    ] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question from a collection, each statement with the place that supports it."""
    if collection is None and not no_documents:
        raise typer.BadParameter("Give --collection NAME, or --no-documents for the model alone.")
    with session(context, data_dir, as_json) as opened:
        mode = AnswerMode.MODEL_ONLY if no_documents else AnswerMode.DOCUMENTS
        place = None
        if collection is not None and not no_documents:
            place = opened.assistant.library.collection(collection).id
        job = opened.assistant.answers.ask_once(question, place, mode, model)
        answer = stream_answer(opened, job)
        if opened.json:
            opened.print_json(answer_document(answer))
        if answer.stopped:
            raise typer.Exit(STOPPED)


def stream_answer(opened: Session, job: JobId) -> Answer:
    """Print an answer as it comes (unless JSON was asked for), then its sources; return it."""
    closing: object = None
    for body in opened.bodies(job):
        closing = body
        if isinstance(body, AnswerPiece) and not opened.json:
            sys.stdout.write(printable(body.text))
            sys.stdout.flush()
    answer = result_of(closing)
    assert isinstance(answer, Answer)
    if not opened.json:
        print_sources(opened, answer)
    return answer


def print_sources(opened: Session, answer: Answer) -> None:
    """Print where an answer comes from, and what of it has no support."""
    opened.print_line()
    if answer.refused:
        if answer.draft:
            opened.print_line("  (nothing in the documents supports the words above)")
        opened.print_line(f"\n{answer.text}")
        for hit in answer.passages[:3]:
            opened.print_line(f"  nearest: {place(hit.path, hit.unit, hit.chunk.page_number)}")
    for citation in answer.citations:
        opened.print_line(
            f"  [{citation.marker}] "
            f"{place(citation.path, citation.unit, citation.page_number)}: "
            f"“{' '.join(citation.quote.split())}”"
        )
    missing = [s for s in answer.statements if s.support is Support.NOT_FOUND]
    if missing and not answer.refused:
        opened.print_line(
            f"  {len(missing)} of {len(answer.statements)} statements not found in the documents"
        )
    if answer.cut_at:
        opened.print_line(f"  (the answer reached its limit of {answer.cut_at:,} tokens)")
