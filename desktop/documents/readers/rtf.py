"""RTF: paragraphs, headings, lists and tables, with notes, headers and footers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.documents.content import Opened, Reading, ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.office_facts import one_line
from desktop.documents.readers.rtf_body import RtfBody
from desktop.documents.readers.rtf_tokens import (
    RtfToken,
    Token,
    charset_encoding,
    page_encoding,
    tokens_of,
)
from desktop.domain.documents import DocumentFacts, DocumentKind, PageUnit
from desktop.domain.errors import DamagedFile

# Groups whose text is not printed. Others that say "pass me over if you don't know me" are, too.
_UNSEEN = frozenset(
    "colortbl pict objdata fldinst nonshppict shppict sn sv sp generator xmlnstbl listtable"
    " listoverridetable rsidtbl themedata colorschememapping datastore latentstyles mmathPr"
    " filetbl revtbl bkmkstart bkmkend pnseclvl nesttableprops nonesttables template falt"
    " panose blipuid password passwordhash userprops atnid atnref atrfstart atrfend"
    " xe tc rxe txe private company operator keywords subject doccomm hlinkbase category"
    " manager comment upr fontemb fontfile".split()
)
_KEPT_STARRED = frozenset("annotation shpinst shptxt pntext background atnauthor ud".split())
_ROLES = {
    "fonttbl": "fonts", "stylesheet": "styles", "header": "header", "headerl": "header",
    "headerr": "header", "headerf": "header", "footer": "footer", "footerl": "footer",
    "footerr": "footer", "footerf": "footer", "footnote": "note", "annotation": "note",
    "listtext": "label", "pntext": "label", "title": "title", "author": "author",
    "creatim": "created", "revtim": "modified", "atnauthor": "annotator", "info": "info",
}  # fmt: skip
_CHARACTERS = {
    "tab": "\t", "line": "\n", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "bullet": "•", "endash": "–", "emdash": "—", "emspace": " ", "enspace": " ", "nestcell": " ",
    "nestrow": "\n", "softline": "\n",
}  # fmt: skip
_SYMBOLS = {"~": "\u00a0", "_": "-", "{": "{", "}": "}", "\\": "\\"}
_FACTS = frozenset({"title", "author", "created", "modified"})
_HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo)\s*([1-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits from the one around it."""

    role: str = "body"
    skips: bool = False
    skipped_after: int = 1  # characters that stand for one Unicode character in old programs
    font: int = 0
    hidden: bool = False
    bold: bool = False
    style: int = 0
    is_first: bool = False  # no word has come since the group began
    is_starred: bool = False


def read_rtf(path: Path) -> Reading:
    """Yield the text in parts."""
    data = path.read_bytes()
    if not data.lstrip().startswith(b"{\\rtf"):
        raise DamagedFile(str(path), "it does not begin as Rich Text")
    facts = _Interpreter(Parts())
    head = data[: 1 << 16]
    for _ in facts.read(head[: _info_end(head)]):
        pass
    yield Opened(
        DocumentKind.RTF,
        one_line(facts.said.get("title", "")) or path.stem,
        PageUnit.PART,
        facts=DocumentFacts(
            one_line(facts.said.get("author", "")),
            facts.said.get("created", ""),
            facts.said.get("modified", ""),
        ),
    )
    parts = Parts()
    yield from _Interpreter(parts).read(data)
    yield from parts.rest()


def _info_end(head: bytes) -> int:
    """Where the group that describes the document ends, 0 without one."""
    start = head.find(b"{\\info")
    if start < 0:
        return 0
    end = head.find(b"}}", start)
    return end + 2 if end > 0 else 0


class _Interpreter:
    """Follows the groups and hands their text to the body, a note, or a fact."""

    def __init__(self, parts: Parts) -> None:
        self.said: dict[str, str] = {}
        self._body = RtfBody(parts)
        self._state = _State()
        self._stack: list[_State] = []
        self._bytes = bytearray()
        self._to_skip = 0
        self._encoding = "cp1252"
        self._fonts: dict[int, str] = {}
        self._style_name: list[str] = []
        self._moment: dict[str, int] = {}

    def read(self, data: bytes) -> Iterator[ReadPage]:
        for token in tokens_of(data):
            if token.kind is Token.OPEN:
                self._flush()
                self._stack.append(self._state)
                self._state = replace(self._state, is_first=True, is_starred=False)
                self._to_skip = 0
            elif token.kind is Token.CLOSE:
                yield from self._close()
            elif token.kind is Token.WORD:
                yield from self._word(token)
            else:
                self._take(token)
        self._flush()
        yield from self._body.end()

    def _take(self, token: RtfToken) -> None:
        state = self._state
        if token.kind is Token.SYMBOL and token.word == "*":
            self._state = replace(state, is_starred=True)
            return
        if token.kind is Token.SYMBOL:
            self._say(_SYMBOLS.get(token.word, ""))
            return
        if state.is_first:
            self._state = replace(state, is_first=False)
        if state.skips or state.hidden:
            return
        skipped = min(self._to_skip, len(token.data))
        self._to_skip -= skipped
        self._bytes += token.data[skipped:]

    def _word(self, token: RtfToken) -> Iterator[ReadPage]:
        word, number, state = token.word, token.number, self._state
        if state.is_first:
            self._enter(word)
            state = self._state
        if state.skips:
            return
        if word == "u" and number is not None:
            self._say(chr(number & 0xFFFF))
            self._to_skip = state.skipped_after
        elif word in _CHARACTERS:
            self._say(_CHARACTERS[word])
        elif state.role == "body":
            self._flush()
            self._format(word, number)
            yield from self._body.word(word, number, self._heading_level() if word == "par" else 0)
        else:
            self._flush()
            self._format(word, number)
            self._elsewhere(word, number)

    def _enter(self, word: str) -> None:
        """The first word of a group says what the group is."""
        state = self._state
        role = _ROLES.get(word, state.role)
        unknown = state.is_starred and word not in _KEPT_STARRED and word not in _ROLES
        skips = state.skips or word in _UNSEEN or unknown
        if role != state.role:
            self._body.open_role(role)
        self._state = replace(state, role=role, skips=skips, is_first=False)

    def _format(self, word: str, number: int | None) -> None:
        """What changes how text is read until the group ends."""
        state, on = self._state, number != 0
        if word == "f" and number is not None:
            state = replace(state, font=number)
        elif word == "uc":
            state = replace(state, skipped_after=min(max(number or 0, 0), 8))
        elif word in ("v", "deleted"):
            state = replace(state, hidden=on)
        elif word == "b":
            state = replace(state, bold=on)
        elif word == "plain":
            state = replace(state, hidden=False, bold=False)
        elif word in ("pard", "s"):
            state = replace(state, style=number or 0)
        elif word in ("ansicpg", "mac"):
            self._encoding = "mac_roman" if word == "mac" else page_encoding(number)
        self._state = state

    def _elsewhere(self, word: str, number: int | None) -> None:
        role = self._state.role
        if role == "fonts" and word == "fcharset":
            self._fonts[self._state.font] = charset_encoding(number, self._encoding)
        elif role in ("created", "modified") and number is not None:
            self._moment[word] = number
        elif word in ("par", "cell", "row", "sect"):
            self._body.say("\n", role, bold=False)

    def _say(self, text: str) -> None:
        self._flush()
        state = self._state
        if text and not state.skips and not state.hidden:
            self._keep(text)

    def _flush(self) -> None:
        """Bytes become text when they end, for a character may be two of them."""
        if self._bytes:
            encoding = self._fonts.get(self._state.font, self._encoding)
            text = bytes(self._bytes).decode(encoding, "replace")
            self._bytes.clear()
            self._keep(text)

    def _keep(self, text: str) -> None:
        state = self._state
        if state.role == "styles":
            self._style_name.append(text)
            if text.endswith(";"):
                name = "".join(self._style_name).rstrip(";").strip()
                self._style_name = []
                self._body.styles.setdefault(state.style, name)
        elif state.role in _FACTS:
            self.said[state.role] = self.said.get(state.role, "") + text
        elif state.role not in ("fonts", "info", "annotator"):
            self._body.say(text, state.role, bold=state.bold)

    def _heading_level(self) -> int:
        name = self._body.styles.get(self._state.style, "")
        match = _HEADING.match(name)
        if match:
            return int(match[1]) + 1
        return 1 if name.lower() == "title" else 0

    def _close(self) -> Iterator[ReadPage]:
        self._flush()
        self._to_skip = 0
        left = self._state
        if not self._stack:
            return
        self._state = self._stack.pop()
        if left.role != self._state.role:
            if left.role in ("created", "modified"):
                self._date(left.role)
            yield from self._body.close_role(left.role)

    def _date(self, role: str) -> None:
        moment, self._moment = self._moment, {}
        if moment.get("yr", 0) >= 1970:
            day = f"{moment['yr']:04d}-{moment.get('mo', 1):02d}-{moment.get('dy', 1):02d}"
            self.said[role] = f"{day}T{moment.get('hr', 0):02d}:{moment.get('min', 0):02d}"
