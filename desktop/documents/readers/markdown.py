"""Markdown: the parser's own tokens become headings, lists, tables and code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.documents.charset import decode
from desktop.documents.content import Opened, Reading, ReadPage, Remark
from desktop.documents.parts import Parts
from desktop.documents.readers.front_matter import facts_in, front_matter
from desktop.documents.readers.text import encoding_remarks, printable, text_parts
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit

if TYPE_CHECKING:
    from markdown_it.token import Token

_COMMENT = re.compile(r"\s*<!--(.*?)(?:-->)?\s*", re.DOTALL)
_MOST_CHARACTERS = 4_000_000
# Below this share of the letters, the parser gave up on the file's nesting.
_LEAST_KEPT = 0.5


def read_markdown(path: Path) -> Reading:
    """Yield the text in parts, without the marks that Markdown is written with."""
    decoded = decode(path.read_bytes())
    said, text = front_matter(printable(decoded.text))
    tokens = _parsed(text) if len(text) <= _MOST_CHARACTERS else []
    title = said.get("title") or _title(tokens) or path.stem
    yield Opened(DocumentKind.MARKDOWN, title, PageUnit.PART, None, facts_in(said))
    parts = Parts()
    pages = [*_blocks(parts, tokens), *parts.rest()]
    if _letters(text) and _kept(pages) < _LEAST_KEPT * _letters(text):
        yield from text_parts(text)
        yield Remark("Its Markdown is too large or too deeply nested and was read as plain text.")
    else:
        yield from pages
    yield from encoding_remarks(decoded)


def markdown_blocks(parts: Parts, text: str) -> Iterator[ReadPage]:
    """Add a piece of Markdown that stands in another document."""
    return _blocks(parts, _parsed(text))


def first_heading(text: str) -> str:
    """The first heading of the first rank in a piece of Markdown, "" without one."""
    return _title(_parsed(text))


def _parsed(text: str) -> Sequence[Token]:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(text)


def _title(tokens: Sequence[Token]) -> str:
    for token, inline in zip(tokens, tokens[1:], strict=False):
        if token.type == "heading_open" and token.tag == "h1":
            return " ".join(_inline_text(inline).split())
    return ""


def _blocks(parts: Parts, tokens: Sequence[Token]) -> Iterator[ReadPage]:
    index = 0
    while index < len(tokens):
        if tokens[index].type == "blockquote_open":
            # What is quoted has its own structure; only the quotation mark is passed over.
            index += 1
            continue
        end = _closing(tokens, index)
        yield from _block(parts, tokens[index : end + 1])
        index = end + 1


def _block(parts: Parts, tokens: Sequence[Token]) -> Iterator[ReadPage]:
    token = tokens[0]
    match token.type:
        case "heading_open":
            yield from parts.heading(_inline_text(tokens[1]), int(token.tag[1]))
        case "paragraph_open":
            yield from parts.block(BlockKind.PARAGRAPH, _inline_text(tokens[1]))
        case "bullet_list_open" | "ordered_list_open":
            yield from parts.block(BlockKind.LIST, _list_text(tokens))
        case "table_open":
            yield from parts.block(BlockKind.TABLE, _table_text(tokens))
        case "fence" | "code_block":
            yield from parts.block(BlockKind.CODE, token.content)
        case "html_block":
            yield from parts.block(BlockKind.PARAGRAPH, _html_text(_uncommented(token.content)))


def _closing(tokens: Sequence[Token], index: int) -> int:
    """The index of the token that closes the one at `index`, itself if it stands alone."""
    depth = 0
    for place in range(index, len(tokens)):
        depth += tokens[place].nesting
        if depth <= 0:
            return place
    return len(tokens) - 1


def _inline_text(token: Token) -> str:
    pieces: list[str] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline", "image"):
            pieces.append(child.content)
        elif child.type == "softbreak":
            pieces.append(" ")
        elif child.type == "hardbreak" or _is_line_break(child):
            pieces.append("\n")
    return "".join(pieces)


def _is_line_break(token: Token) -> bool:
    return token.type == "html_inline" and token.content.lower().startswith("<br")


def _list_text(tokens: Sequence[Token]) -> str:
    lines: list[str] = []
    open_lists: list[str] = []
    marker = ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            open_lists.append(token.type)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            open_lists.pop()
        elif token.type == "list_item_open":
            numbered = open_lists[-1] == "ordered_list_open"
            marker = f"{token.info}{token.markup} " if numbered else "- "
        elif token.type == "inline" or token.type in ("fence", "code_block"):
            indent = "  " * (len(open_lists) - 1)
            text = _inline_text(token) if token.type == "inline" else token.content.strip()
            lines.append(indent + (marker or "  ") + text.replace("\n", "\n" + indent + "  "))
            marker = ""
    return "\n".join(lines)


def _table_text(tokens: Sequence[Token]) -> str:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            rows[-1].append(" ".join(_inline_text(token).split()))
    return "\n".join(" | ".join(row) for row in rows)


def _uncommented(markup: str) -> str:
    """What a comment of its own holds: whoever writes Markdown reads it as it is written."""
    match = _COMMENT.fullmatch(markup)
    return match[1] if match else markup


def _html_text(markup: str) -> str:
    from desktop.documents.readers.html import visible_text

    return visible_text(markup)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _kept(pages: Sequence[ReadPage]) -> int:
    return sum(_letters(read.page.text) for read in pages)
