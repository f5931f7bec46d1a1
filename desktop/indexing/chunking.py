"""Pages of located text in, chunks that follow the document's structure out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Block, BlockKind, Chunk, DocumentContent, Page
from desktop.domain.spans import Span, trimmed
from desktop.indexing.embedded_text import embedded_text
from desktop.indexing.sentences import line_spans, sentence_spans
from desktop.indexing.table_headers import header_of
from desktop.indexing.tokens import estimate_tokens
from desktop.storage.words.scripts import SAYS_SOMETHING

# The included embedder reads 256 tokens; title and headings go in front of the chunk's own.
TARGET_TOKENS = 200
_ROW_CHARACTERS = 200
# A last line alone finds nothing: it may make the passage before it longer than the others.
_LEFTOVER_TOKENS = 20
# What opens a page names what is on it ("Consolidated Statement of Cash Flows"): one line, no more.
_OPENING_CHARACTERS = 100
_LEFT_OUT = (BlockKind.HEADER, BlockKind.FOOTER)
_BY_LINES = (BlockKind.TABLE, BlockKind.LIST, BlockKind.CODE)


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk and the text that is embedded for it: title, heading path, table header, text."""

    chunk: Chunk
    embedded_text: str


@dataclass(frozen=True, slots=True)
class _Unit:
    """A span that stays whole: a paragraph, or part of one that is too long."""

    start: int
    end: int
    tokens: float
    table_header: str = ""


@dataclass(slots=True)
class _Section:
    """Neighbouring units under one heading, the heading itself first."""

    heading_path: tuple[str, ...]
    units: list[_Unit]
    has_body: bool = False


def passages_of(content: DocumentContent, cancel: CancelToken) -> list[Passage]:
    """Cut a document into chunks of about `TARGET_TOKENS`.

    No chunk crosses a heading or a page, splits a sentence that fits, or splits a table row;
    headers and footers are left out; short neighbours under one heading are joined. Raises
    `Cancelled` between two pages: the largest files take half a minute.
    """
    passages: list[Passage] = []
    for page in content.pages:
        cancel.raise_if_cancelled()
        for section in _sections(page):
            for units in _packed(section.units):
                passage = _passage(len(passages), content, page, section, units)
                if passage is not None:
                    passages.append(passage)
    return passages


def _passage(
    ordinal: int, content: DocumentContent, page: Page, section: _Section, units: list[_Unit]
) -> Passage | None:
    start, end = units[0].start, units[-1].end
    text = page.text[start:end]
    if not SAYS_SOMETHING.search(text):
        return None
    path = section.heading_path
    opening = _opening(page, start) if content.unit.numbered else page.name
    if opening in path or opening in content.title:
        opening = ""
    header = units[0].table_header
    context = "\n".join(part for part in (opening, header) if part)
    chunk = Chunk(0, 0, ordinal, page.number, start, end, text, path, context)
    return Passage(chunk, embedded_text(content.title, chunk))


def _opening(page: Page, before: int) -> str:
    """The first line of a printed page, where it stands above the passage and is short."""
    for block in _blocks(page):
        start, end = trimmed(page.text, block.start, block.end)
        if start == end or block.kind in _LEFT_OUT:
            continue
        line = page.text[start:end].split("\n", 1)[0].strip()
        short = len(line) <= _OPENING_CHARACTERS and SAYS_SOMETHING.search(line)
        return line if short and start + len(line) <= before else ""
    return ""


def _sections(page: Page) -> Iterator[_Section]:
    section: _Section | None = None
    for block in _blocks(page):
        start, end = trimmed(page.text, block.start, block.end)
        if start == end or block.kind in _LEFT_OUT:
            if block.kind in _LEFT_OUT and section is not None:
                # A chunk is one span, and this block must not be inside it.
                yield section
                section = None
            continue
        if section is not None and not _continues(section, block):
            yield section
            section = None
        if section is None:
            section = _Section(block.heading_path, [])
        section.heading_path = block.heading_path
        section.has_body |= block.kind is not BlockKind.HEADING
        section.units.extend(_units(page.text, block.kind, start, end))
    if section is not None:
        yield section


def _blocks(page: Page) -> tuple[Block, ...]:
    if page.blocks:
        return page.blocks
    return (Block(BlockKind.PARAGRAPH, 0, len(page.text)),)


def _continues(section: _Section, block: Block) -> bool:
    if block.kind is BlockKind.HEADING:
        # A heading without text of its own names what follows it, however deep it is printed.
        return not section.has_body
    return block.heading_path == section.heading_path


def _units(text: str, kind: BlockKind, start: int, end: int) -> list[_Unit]:
    tokens = estimate_tokens(text[start:end])
    if tokens <= TARGET_TOKENS:
        return [_Unit(start, end, tokens)]
    split = line_spans if kind in _BY_LINES else sentence_spans
    spans = [part for span in split(text, start, end) for part in _fitting(text, span)]
    rows = text[start:end].split("\n", 8)[:8] if kind is BlockKind.TABLE else []
    header = header_of(rows)[:_ROW_CHARACTERS]
    return [
        _Unit(piece[0], piece[1], estimate_tokens(text[piece[0] : piece[1]]), header if at else "")
        for at, piece in enumerate(_balanced(text, spans, tokens))
    ]


def _balanced(text: str, spans: list[Span], tokens: float) -> list[Span]:
    """Join spans into pieces of nearly equal size: a last piece of three words finds nothing."""
    goal = tokens / (int(tokens / TARGET_TOKENS) + 1)
    pieces: list[Span] = []
    size = float("inf")
    for start, end in spans:
        more = estimate_tokens(text[start:end])
        fits = size + more <= TARGET_TOKENS and size + more / 2 <= goal
        if fits:
            pieces[-1] = (pieces[-1][0], end)
            size += more
        else:
            pieces.append((start, end))
            size = more
    return pieces


def _fitting(text: str, span: Span) -> list[Span]:
    """Cut a sentence or row that is too long for any chunk between words, or inside one."""
    start, end = span
    if estimate_tokens(text[start:end]) <= TARGET_TOKENS:
        return [span]
    middle = (start + end) // 2
    space = max(text.rfind(" ", start, middle), text.rfind("\n", start, middle))
    cut = space if space > start + (end - start) // 4 else middle
    halves = (trimmed(text, start, cut), trimmed(text, cut, end))
    return [part for half in halves if half[0] < half[1] for part in _fitting(text, half)]


def _packed(units: list[_Unit]) -> Iterator[list[_Unit]]:
    group: list[_Unit] = []
    size = 0.0
    for at, unit in enumerate(units):
        last = at == len(units) - 1 and unit.tokens <= _LEFTOVER_TOKENS
        most = TARGET_TOKENS + _LEFTOVER_TOKENS if last else TARGET_TOKENS
        if group and size + unit.tokens > most:
            yield group
            group, size = [], 0.0
        group.append(unit)
        size += unit.tokens
    if group:
        yield group
