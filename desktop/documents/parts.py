"""Text without printed pages, cut between blocks into parts of bounded size."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.documents.content import ReadPage
from desktop.documents.layout.headings import HeadingTrail
from desktop.domain.documents import Block, BlockKind, Page

PART_CHARACTERS = 50_000
_FROM_THE_EDGE = (BlockKind.CODE, BlockKind.TABLE)
_BETWEEN_BLOCKS = "\n\n"


class Parts:
    """Collects blocks; every full part is handed out as a page at once.

    Named pages (sheets, slides) are begun one by one. `cut` is off where a page's number means
    something to a person, so that no page becomes two.
    """

    def __init__(self, *, cut: bool = True) -> None:
        self._trail = HeadingTrail()
        self._number = 1
        self._name = ""
        self._cut = cut
        self._begun = False
        self._texts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0

    def enter(self, text: str, level: int) -> None:
        """Put a heading over what follows that does not stand in the text by itself.

        Without a text it only ends the headings of this level and below.
        """
        if text := _one_line(text):
            self._trail.enter_level(text, level)
        else:
            self._trail.leave_level(level)

    def heading(self, text: str, level: int) -> Iterator[ReadPage]:
        """Add a heading, 1 outermost."""
        if text := _one_line(text):
            yield from self._add(BlockKind.HEADING, text, self._trail.enter_level(text, level))

    def block(self, kind: BlockKind, text: str) -> Iterator[ReadPage]:
        """Add a block under the headings that are open."""
        # The first line's indentation says something in code, its empty first cell in tables.
        text = text.strip("\n").rstrip() if kind in _FROM_THE_EDGE else text.strip()
        path = () if kind in (BlockKind.HEADER, BlockKind.FOOTER) else self._trail.path
        for piece in _pieces(text) if self._cut else filter(None, [text]):
            yield from self._add(kind, piece, path)

    def begin(self, name: str) -> Iterator[ReadPage]:
        """Hand out what is open, and begin a page of this name under no heading.

        A page that is begun is handed out even if nothing comes to stand on it.
        """
        yield from self.rest()
        self._trail = HeadingTrail()
        self._name = " ".join(name.split())[:200]
        self._begun = True

    def rest(self) -> Iterator[ReadPage]:
        """Hand out the last part."""
        if self._blocks or self._begun:
            yield self._take()

    def _add(self, kind: BlockKind, text: str, path: tuple[str, ...]) -> Iterator[ReadPage]:
        if self._cut and self._blocks and self._length + len(text) > PART_CHARACTERS:
            yield self._take()
        if self._texts:
            self._texts.append(_BETWEEN_BLOCKS)
            self._length += len(_BETWEEN_BLOCKS)
        self._blocks.append(Block(kind, self._length, self._length + len(text), path))
        self._texts.append(text)
        self._length += len(text)

    def _take(self) -> ReadPage:
        page = Page(self._number, "".join(self._texts), tuple(self._blocks), name=self._name)
        self._number += 1
        self._begun = False
        self._texts, self._blocks, self._length = [], [], 0
        return ReadPage(page)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that fit into a part, cut at a line's or a word's end if there is one."""
    while len(text) > PART_CHARACTERS:
        cut = text.rfind("\n", PART_CHARACTERS // 2, PART_CHARACTERS)
        if cut < 0:
            cut = text.rfind(" ", PART_CHARACTERS // 2, PART_CHARACTERS)
        if cut < 0:
            cut = PART_CHARACTERS
        yield text[:cut].rstrip()
        text = text[cut:].lstrip(" ") if text[cut] == " " else text[cut:].lstrip("\n")
    if text:
        yield text
