"""`carrel extract`: what is read from one file, with its places."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.contract import extract_document
from desktop.cli.options import AsJson, DataDir, PasswordStdin
from desktop.cli.session import Session, one_line, passwords_given, session
from desktop.domain.documents import DocumentContent, DocumentFacts, PageUnit
from desktop.domain.errors import PasswordNeeded

_MOST_TRIES = 3


def extract(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A file, or one inside it: mail.eml/bill.pdf, a.zip/b/c.txt."
        ),
    ],
    password_stdin: PasswordStdin = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Print the text, structure and places read from one file; nothing is kept."""
    passwords = passwords_given(password_stdin)
    with session(context, data_dir, as_json) as opened:
        path = file.absolute()
        content = _read(opened, path, passwords)
        for warning in content.warnings:
            opened.note(warning)
        if opened.json:
            opened.print_json(extract_document(str(path), content))
        else:
            _print(opened, content)


def _read(opened: Session, path: Path, passwords: tuple[str, ...]) -> DocumentContent:
    for tries_left in reversed(range(_MOST_TRIES)):
        try:
            content = opened.result(opened.assistant.library.extract(path, passwords=passwords))
        except PasswordNeeded:
            answer = _asked_password(path) if tries_left else ""
            if not answer:
                raise
            passwords = (*passwords, answer)
        else:
            assert isinstance(content, DocumentContent)
            return content
    raise AssertionError("the last try returns or raises")


def _asked_password(path: Path) -> str:
    """A password typed at the terminal, which shows nothing of it; "" where nobody answers."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return ""
    answer: str = typer.prompt(
        f"Password for {one_line(path.name)}",
        hide_input=True,
        default="",
        show_default=False,
        err=True,
    )
    return answer


def _print(opened: Session, content: DocumentContent) -> None:
    for name, value in _head(content.title, content.facts):
        opened.print_line(f"{name}: {one_line(value)}")
    for page in content.pages:
        opened.print_line()
        if content.unit is not PageUnit.PART:
            opened.print_line(
                f"— {content.unit} {page.number} {one_line(page.name)}".rstrip() + " —"
            )
        opened.print_line(page.text)
    if content.inner_files:
        opened.print_line()
    for inner in content.inner_files:
        opened.print_line(f"+ {one_line(inner.name)} ({inner.size_bytes:,} bytes)")


def _head(title: str, facts: DocumentFacts) -> list[tuple[str, str]]:
    rows = [
        ("Title", title),
        ("Author", facts.author),
        ("Created", facts.created),
        ("Modified", facts.modified),
        ("Language", facts.language),
    ]
    return [(name, value) for name, value in rows if value]
