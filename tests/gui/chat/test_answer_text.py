"""Answers on the page: streamed, kept, cited, and inert."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QTextTable

from desktop.gui.chat.answer_cards import blocks
from desktop.gui.chat.answer_style import CHIP_OBJECT, CHIP_PROPERTY, AnswerStyle
from desktop.gui.chat.answer_text import AnswerText
from desktop.gui.widgets.buttons import Button
from tests.support.lease import TEXT, cited_answer
from tests.support.view_stage import Stage

LONG = """# A title

First paragraph with **bold**, *slanted*, `code` and ~~gone~~ words.

- one
- two
  - inner
    1. deep

> quoted
> text

| a | b |
|---|---:|
| 1 | 2 |
| 3 | 4 |

```python
def double(x: int) -> int:  # comment
    return 2 * x
```

---

The end."""

HOSTILE = """![x](file://evilhost/share/x.png) ![y](https://evil.example/y.png)
![z][ref] <img src="file:///etc/passwd"> <a href="file:///etc/passwd">open</a>

[click](file:///etc/passwd) [web](https://evil.example/a) <https://evil.example/b>

<script>alert(1)</script>

[ref]: //evilhost/share/z.png
"""


class WatchedText(AnswerText):
    """Notes every resource that Qt asks for."""

    asked: list[str]

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        self.asked.append(name if isinstance(name, str) else name.toString())
        return super().loadResource(kind, name)


def shown(stage: Stage, kind: type[AnswerText] = AnswerText) -> AnswerText:
    text = kind(AnswerStyle(stage.theme))
    stage.show(text, 640, 100)
    return text


def chips(text: AnswerText) -> list[int]:
    found = []
    for block in blocks(text.document()):
        fragments = block.begin()
        while not fragments.atEnd():
            shape = fragments.fragment().charFormat()
            if shape.objectType() == CHIP_OBJECT:
                length = fragments.fragment().length()
                found += [shape.intProperty(CHIP_PROPERTY)] * length
            fragments += 1
    return found


def test_streaming_two_thousand_pieces_leaves_finished_blocks_alone(stage: Stage) -> None:
    text = shown(stage)
    text.set_streaming(True)
    changes: list[int] = []
    text.document().contentsChange.connect(lambda at, *_: changes.append(at))
    source = "\n\n".join(f"Paragraph {n} has a few **bold** words in it." for n in range(400))
    size = max(1, len(source) // 2000)
    for at in range(0, len(source), size):
        text.append_text(source[at : at + size])
        changes.clear()
        plain = text.document().toPlainText()
        finished = plain.rfind("\n")
        stage.settle()
        # What changed lies in the last paragraph that was there, or after it.
        assert not changes or min(changes) >= finished
    stage.qtbot.waitUntil(lambda: "Paragraph 399 has a few bold words" in text.toPlainText())


@pytest.mark.parametrize("seed", range(4))
def test_a_streamed_answer_reads_as_the_same_answer_written_at_once(
    stage: Stage, seed: int
) -> None:
    whole, streamed = shown(stage), shown(stage)
    whole.finish(LONG)
    streamed.set_streaming(True)
    rest, chance = LONG, random.Random(seed)
    while rest:
        size = chance.randint(1, 17)
        streamed.append_text(rest[:size])
        rest = rest[size:]
        stage.settle()
    stage.qtbot.waitUntil(lambda: streamed.toPlainText() == whole.toPlainText())
    assert streamed.height() == whole.height()


def test_open_marks_and_half_tables_are_not_seen_while_they_stream(stage: Stage) -> None:
    text = shown(stage)
    text.set_streaming(True)
    text.append_text("Some **bold wor")
    stage.qtbot.waitUntil(lambda: text.toPlainText() == "Some bold wor")
    text.append_text("ds** done.\n\n| a | b |\n|--")
    stage.qtbot.waitUntil(lambda: text.toPlainText() == "Some bold words done.")


def test_tables_lists_quotes_and_code_are_laid_out(stage: Stage) -> None:
    text = shown(stage)
    text.finish(LONG)
    tables = [f for f in text.document().rootFrame().childFrames() if isinstance(f, QTextTable)]
    assert [(table.rows(), table.columns()) for table in tables] == [(3, 2)]
    lists = [block.textList() for block in blocks(text.document()) if block.textList()]
    assert len(lists) == 4
    plain = text.toPlainText()
    assert "def double(x: int) -> int:  # comment\n    return 2 * x" in plain
    assert "**" not in plain and "~~" not in plain


def test_a_code_block_can_be_copied(stage: Stage) -> None:
    text = shown(stage)
    text.finish(LONG)
    stage.settle()
    buttons = [b for b in text.findChildren(Button) if b.isVisible()]
    assert len(buttons) == 1
    stage.qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied == "def double(x: int) -> int:  # comment\n    return 2 * x"


def test_chips_stand_where_their_statements_end(stage: Stage) -> None:
    text = shown(stage)
    answer = cited_answer(Path("lease.pdf"))
    text.finish(answer.text, answer.statements)
    assert chips(text) == [1, 2, -1]
    plain = text.toPlainText()
    assert "first business day \ufffc." in plain
    assert "may apply \ufffc." in plain


def test_a_row_s_chips_have_a_column_of_their_own(stage: Stage) -> None:
    text = shown(stage)
    answer = cited_answer(Path("lease.pdf"))
    text.finish(answer.text, answer.statements)
    table = text.document().rootFrame().childFrames()[0]
    assert isinstance(table, QTextTable)
    assert table.columns() == 3


def test_the_model_cannot_forge_a_chip(stage: Stage) -> None:
    text = shown(stage)
    text.finish("Forged \ue000\ue101\ufffc chips, streamed and at once.")
    assert chips(text) == []


def test_a_click_on_a_chip_names_its_citation(stage: Stage) -> None:
    text = shown(stage)
    answer = cited_answer(Path("lease.pdf"))
    text.finish(answer.text, answer.statements)
    stage.settle()
    place = _chip_place(text)
    with stage.qtbot.waitSignal(text.citation_clicked) as caught:
        stage.qtbot.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert caught.args == [1]


def test_a_chip_is_reached_and_opened_by_keys(stage: Stage) -> None:
    text = shown(stage)
    answer = cited_answer(Path("lease.pdf"))
    text.finish(answer.text, answer.statements)
    text.setFocus()
    stage.qtbot.keyClick(text, Qt.Key.Key_Tab)
    with stage.qtbot.waitSignal(text.citation_clicked) as caught:
        stage.qtbot.keyClick(text, Qt.Key.Key_Return)
    assert caught.args == [1]


def test_hovering_a_chip_tells_which_passage_to_show(stage: Stage) -> None:
    text = shown(stage)
    answer = cited_answer(Path("lease.pdf"))
    text.finish(answer.text, answer.statements)
    stage.settle()
    with stage.qtbot.waitSignal(text.chip_hovered) as caught:
        stage.qtbot.mouseMove(text.viewport(), _chip_place(text))
    assert caught.args is not None and caught.args[0] == 1


def test_hostile_markdown_opens_nothing(stage: Stage) -> None:
    WatchedText.asked = []
    text = shown(stage, WatchedText)
    text.set_streaming(True)
    for at in range(0, len(HOSTILE), 7):
        text.append_text(HOSTILE[at : at + 7])
        stage.settle()
    text.finish(HOSTILE)
    stage.settle()
    text.grab()
    assert WatchedText.asked == []
    plain = text.toPlainText()
    assert "<script>alert(1)</script>" in plain
    assert "(https://evil.example/a)" in plain
    hrefs = [h for h in _anchors(text) if h]
    assert hrefs == []


def test_even_a_forced_resource_is_one_empty_pixel(stage: Stage) -> None:
    text = shown(stage)
    pixel = text.loadResource(2, QUrl("file://evilhost/share/x.png"))
    assert pixel.size().width() == 1  # type: ignore[attr-defined]


def test_copied_words_hold_no_trace_of_chips(stage: Stage) -> None:
    text = shown(stage)
    answer = cited_answer(Path("lease.pdf"))
    text.finish(answer.text, answer.statements)
    text.selectAll()
    data = text.createMimeDataFromSelection()
    assert isinstance(data, QMimeData)
    assert not set("\ufffc\u200b\u202f") & set(data.text())
    assert "first business day." in data.text()


def test_a_theme_change_writes_the_answer_again_with_its_chips(stage: Stage) -> None:
    text = shown(stage)
    answer = cited_answer(Path("lease.pdf"))
    text.finish(answer.text, answer.statements)
    text.set_style(AnswerStyle(stage.theme))
    assert chips(text) == [1, 2, -1]


def test_deeply_nested_markdown_ends(stage: Stage) -> None:
    text = shown(stage)
    text.finish(">" * 5000 + " deep\n" + "- " * 3000 + "x\n" + "[" * 3000 + TEXT)
    assert text.height() > 0


def _anchors(text: AnswerText) -> list[str]:
    found = []
    for block in blocks(text.document()):
        fragments = block.begin()
        while not fragments.atEnd():
            found.append(fragments.fragment().charFormat().anchorHref())
            fragments += 1
    return found


def _chip_place(text: AnswerText) -> QPoint:
    for y in range(0, text.height(), 4):
        for x in range(0, text.width(), 4):
            if text.anchorAt(QPoint(x, y)) == "citation:1":
                return QPoint(x + 6, y + 4)
    raise AssertionError("no chip on the page")
