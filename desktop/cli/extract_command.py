"""`carrel extract`: what is read from one file, with its places."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.contract import extract_document
from desktop.cli.options import AsJson, DataDir
from desktop.cli.session import session
from desktop.domain.documents import DocumentContent, PageUnit


def extract(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Print the text, structure and places read from one file; nothing is kept."""
    with session(context, data_dir, as_json) as opened:
        path = file.absolute()
        content = opened.result(opened.assistant.library.extract(path))
        assert isinstance(content, DocumentContent)
        for warning in content.warnings:
            opened.note(warning)
        if opened.json:
            opened.print_json(extract_document(str(path), content))
            return
        for page in content.pages:
            if content.unit is not PageUnit.PART:
                opened.print_line(f"— {content.unit} {page.number} {page.name}".rstrip() + " —")
            opened.print_line(page.text)
