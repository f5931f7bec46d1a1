"""From alignments to statements with citations, each with its place on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop.chat.alignment import Alignment, Claim, Embed, align
from desktop.chat.markers import MarkerHint
from desktop.chat.passage_words import passage_words
from desktop.chat.statements import statement_spans
from desktop.domain.answers import Citation, Statement
from desktop.domain.documents import Box, Line
from desktop.domain.retrieval import RetrievedChunk
from desktop.domain.spans import Span

LinesOf = Callable[[int, int], tuple[Line, ...]]


@dataclass(frozen=True, slots=True)
class Checked:
    """The statements of a text and the citations they rest on."""

    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()


def check(
    text: str,
    hints: Sequence[MarkerHint],
    passages: Sequence[RetrievedChunk],
    question: str,
    embed: Embed,
    lines_of: LinesOf,
) -> Checked:
    """Find the statements of `text` and what supports each."""
    spans = statement_spans(text)
    if not spans:
        return Checked()
    claims = [_claim(text, span, spans[at + 1 :], hints) for at, span in enumerate(spans)]
    alignments = align(claims, [passage_words(*item) for item in enumerate(passages)], question,
                       embed)  # fmt: skip
    citations = _Citations(passages, lines_of)
    statements = [
        Statement(
            text=text[start:end],
            start=start,
            end=end,
            support=found.support,
            score=round(found.score, 4),
            markers=citations.markers_for(found),
        )
        for (start, end), found in zip(spans, alignments, strict=True)
    ]
    return Checked(tuple(statements), tuple(citations.made))


def boxes_of(start: int, end: int, lines: Sequence[Line]) -> tuple[Box, ...]:
    """The boxes of a span of the page's text; a line partly covered is cut by characters."""
    return tuple(
        _cut(line, max(start, line.start), min(end, line.end))
        for line in lines
        if line.start < end and line.end > start
    )


def _claim(text: str, span: Span, later: Sequence[Span], hints: Sequence[MarkerHint]) -> Claim:
    # A mark may stand before or after the full stop, up to where the next statement begins.
    until = later[0][0] if later else len(text) + 1
    named = {hint.number - 1 for hint in hints if span[0] <= hint.position < until}
    return Claim(text[span[0] : span[1]], frozenset(named))


def _cut(line: Line, start: int, end: int) -> Box:
    length = line.end - line.start
    width = line.box.right - line.box.left
    return Box(
        line.box.left + width * (start - line.start) / length,
        line.box.top,
        line.box.left + width * (end - line.start) / length,
        line.box.bottom,
    )


class _Citations:
    """Numbers citations in the order of first use; the same place gets the same number."""

    def __init__(self, passages: Sequence[RetrievedChunk], lines_of: LinesOf) -> None:
        self._passages = passages
        self._lines_of = lines_of
        self.made: list[Citation] = []

    def markers_for(self, found: Alignment) -> tuple[int, ...]:
        if found.passage is None:
            return ()
        hit = self._passages[found.passage]
        start, end = hit.chunk.start + found.start, hit.chunk.start + found.end
        for made in self.made:
            if made.chunk_id == hit.chunk.id and made.start <= start and end <= made.end:
                return (made.marker,)
        self.made.append(self._citation(hit, start, end))
        return (self.made[-1].marker,)

    def _citation(self, hit: RetrievedChunk, start: int, end: int) -> Citation:
        chunk = hit.chunk
        return Citation(
            marker=len(self.made) + 1,
            document_id=hit.document_id,
            document_sha256=hit.document_sha256,
            path=hit.path,
            title=hit.title,
            chunk_id=chunk.id,
            page_number=chunk.page_number,
            page=hit.page,
            unit=hit.unit,
            heading_path=chunk.heading_path,
            start=start,
            end=end,
            quote=chunk.text[start - chunk.start : end - chunk.start],
            boxes=boxes_of(start, end, self._lines_of(hit.document_id, chunk.page_number)),
        )
