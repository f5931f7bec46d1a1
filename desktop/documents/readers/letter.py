"""A mail message as every mail format gives it, and how it is laid out as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from desktop.documents.content import Reading, ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.html import markup_parts
from desktop.documents.readers.inner_names import UniqueNames, file_name
from desktop.documents.readers.text import printable
from desktop.domain.documents import BlockKind, DocumentFacts, InnerFile

_DEEPEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class BodyText:
    """A piece of what the sender wrote."""

    text: str
    is_markup: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came along; its bytes are made when they are asked for."""

    name: str
    load: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. `sent` is ISO 8601 or ""; `enclosed` are whole messages that it carries.

    `undecoded` says that there was text which could not be decoded.
    """

    subject: str = ""
    sender: str = ""
    to: str = ""
    copied_to: str = ""
    sent: str = ""
    name: str = ""
    body: tuple[BodyText, ...] = ()
    attached: tuple[Attached, ...] = ()
    enclosed: tuple[Letter, ...] = ()
    undecoded: bool = False

    @property
    def facts(self) -> DocumentFacts:
        return DocumentFacts(author=self.sender, created=self.sent)

    @property
    def says_nothing(self) -> bool:
        """Whether there is neither a text nor a file in it."""
        if self.attached or any(piece.text.strip() for piece in self.body):
            return False
        return all(letter.says_nothing for letter in self.enclosed)


def letter_parts(letter: Letter, parts: Parts, level: int = 1) -> Iterator[ReadPage]:
    """The subject as a heading, who wrote to whom and when, the text, then what is enclosed."""
    level = min(level, _DEEPEST_HEADING)
    yield from parts.heading(printable(letter.subject), level)
    yield from parts.block(BlockKind.PARAGRAPH, printable(_headers(letter)))
    for piece in letter.body:
        if piece.is_markup:
            yield from _written_markup(piece.text, parts, level)
        else:
            yield from _written_text(piece.text, parts)
    for enclosed in letter.enclosed:
        yield from letter_parts(enclosed, parts, level + 1)


def inner_files(letter: Letter, folder: str = "") -> Reading:
    """What came along, as inner files."""
    for name, attached in named_files(letter, folder):
        if size_bytes := len(attached.load()):
            yield InnerFile(name, size_bytes)


def named_files(letter: Letter, folder: str = "") -> Iterator[tuple[str, Attached]]:
    """Each attachment under its unique name; those of enclosed messages lie in their folders."""
    names = UniqueNames()
    for attached in letter.attached:
        yield folder + names.of(file_name(attached.name, "attachment")), attached
    for enclosed in letter.enclosed:
        inner = names.of(file_name(enclosed.name or f"{enclosed.subject[:80]}.eml", "message.eml"))
        yield from named_files(enclosed, f"{folder}{inner}/")


def find_file(letters: Sequence[tuple[str, Letter]], name: str) -> bytes | None:
    """The bytes of the attachment of this name, of letters each with its folder."""
    for folder, letter in letters:
        for known, attached in named_files(letter, folder):
            if known == name:
                return attached.load()
    return None


def _headers(letter: Letter) -> str:
    rows = (
        ("From", letter.sender),
        ("To", letter.to),
        ("Cc", letter.copied_to),
        ("Date", letter.sent.replace("T", " ")),
    )
    return "\n".join(f"{name}: {' '.join(value.split())}" for name, value in rows if value.strip())


def _written_text(text: str, parts: Parts) -> Iterator[ReadPage]:
    lines: list[str] = []
    for line in [*printable(text).split("\n"), ""]:
        if line.strip():
            lines.append(line.rstrip())
        elif lines:
            yield from parts.block(BlockKind.PARAGRAPH, "\n".join(lines))
            lines = []


def _written_markup(markup: str, parts: Parts, level: int) -> Iterator[ReadPage]:
    for read in markup_parts(markup):
        for block in read.page.blocks:
            text = read.page.text[block.start : block.end]
            if block.kind is BlockKind.HEADING:
                yield from parts.heading(text, level + len(block.heading_path))
            else:
                yield from parts.block(block.kind, text)
