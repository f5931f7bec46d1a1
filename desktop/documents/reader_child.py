"""The reader's child process: opens one file at a time and sends its pages one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from desktop.documents.content import Reading
from desktop.documents.kinds import kind_of
from desktop.documents.messages import to_body
from desktop.domain.documents import DocumentKind
from desktop.processes.serving import serve
from desktop.processes.wire import Message


def main(_: Sequence[str]) -> None:
    """Answer the parent's requests until it closes the pipe."""
    serve({"read": _read})


def read_file(path: Path, first_page: int = 1) -> Reading:
    """Read the file by its kind; `first_page` goes past pages of a PDF that failed."""
    kind = kind_of(path)
    if kind is DocumentKind.PDF:
        from desktop.documents.readers.pdf import read_pdf

        return read_pdf(path, first_page)
    if kind is DocumentKind.DOCX:
        from desktop.documents.readers.docx import read_docx

        return read_docx(path)
    if kind is DocumentKind.MARKDOWN:
        from desktop.documents.readers.markdown import read_markdown

        return read_markdown(path)
    if kind is DocumentKind.HTML:
        from desktop.documents.readers.html import read_html

        return read_html(path)
    from desktop.documents.readers.text import read_text

    return read_text(path)


def _read(arguments: dict[str, Any], _: tuple[bytes, ...]) -> Iterator[Message]:
    for event in read_file(Path(arguments["path"]), arguments["first_page"]):
        yield Message(to_body(event))
