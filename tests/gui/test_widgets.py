"""The small widgets keep their promises."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import Qt  # this one knows `mightBeRichText`
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.flow import FlowLayout
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.notice import NoticeBar
from desktop.gui.widgets.pill import Pill
from desktop.gui.widgets.progress import ProgressLine
from desktop.gui.widgets.switch import Switch


def test_a_label_shows_markup_as_the_characters_it_is(qtbot: QtBot, theme: Theme) -> None:
    label = Label("<b>not bold</b>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_an_elided_label_gives_way_and_tells_the_whole_in_its_tool_tip(
    qtbot: QtBot, theme: Theme
) -> None:
    label = ElidedLabel("<i>A long name of a file that will not fit</i>.pdf", size=13)
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.shown_text().endswith("…")
    assert not Qt.mightBeRichText(label.toolTip())
    label.resize(2_000, 20)
    assert label.shown_text() == label.text()
    assert label.toolTip() == ""


def test_a_clickable_card_answers_click_enter_and_space(qtbot: QtBot, theme: Theme) -> None:
    card = Card(clickable=True)
    qtbot.addWidget(card)
    card.show()
    clicks: list[None] = []
    card.clicked.connect(lambda: clicks.append(None))
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.keyClick(card, Qt.Key.Key_Return)
    qtbot.keyClick(card, Qt.Key.Key_Space)
    assert len(clicks) == 3


def test_a_button_keeps_an_ampersand_of_a_name(qtbot: QtBot, theme: Theme) -> None:
    button = Button("Smith & Sons")
    qtbot.addWidget(button)
    assert button.text() == "Smith && Sons"
    assert button.accessibleName() == "Smith & Sons"


def test_items_wrap_into_lines_when_there_is_no_room(qtbot: QtBot, theme: Theme) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, spacing=8)
    pills = [Pill(f"Fact number {number}") for number in range(4)]
    for pill in pills:
        flow.addWidget(pill)
    holder.resize(4 * (pills[0].sizeHint().width() + 8), 200)
    holder.show()
    one_line = flow.heightForWidth(holder.width())
    assert {pill.y() for pill in pills} == {0}
    holder.resize(pills[0].sizeHint().width() + 10, 300)
    qtbot.waitUntil(lambda: len({pill.y() for pill in pills}) == 4)
    assert flow.heightForWidth(holder.width()) > 3 * one_line


def test_a_long_pill_is_cut_instead_of_pushing_its_card_apart(qtbot: QtBot, theme: Theme) -> None:
    pill = Pill("Refused: the file ends after 61% of its tensors", "bad")
    qtbot.addWidget(pill)
    pill.resize(pill.minimumSizeHint())
    pill.show()
    assert pill.minimumSizeHint().width() < pill.sizeHint().width() / 2
    assert "61%" in pill.toolTip()


def test_a_notice_offers_its_action_once(qtbot: QtBot, theme: Theme) -> None:
    notice = NoticeBar()
    qtbot.addWidget(notice)
    done: list[str] = []
    notice.say("Deleted.", action="Undo", do=lambda: done.append("undone"))
    assert notice.isVisible()
    undo = next(b for b in notice.findChildren(Button) if b.text() == "Undo")
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert done == ["undone"]
    assert not notice.isVisible()


def test_a_notice_goes_by_itself(qtbot: QtBot, theme: Theme) -> None:
    notice = NoticeBar()
    qtbot.addWidget(notice)
    notice.say("Saved.", seconds=0.05)
    qtbot.waitUntil(lambda: not notice.isVisible(), timeout=2_000)


def test_progress_stays_between_nothing_and_all(qtbot: QtBot, theme: Theme) -> None:
    line = ProgressLine("Indexing")
    qtbot.addWidget(line)
    for share, value in ((-1.0, 0), (0.25, 250), (9.0, 1000)):
        line.set_share(share)
        assert line.value() == value


def test_a_switch_turns_by_space_and_by_a_click_anywhere_on_it(qtbot: QtBot, theme: Theme) -> None:
    switch = Switch(theme, "Read hidden files")
    qtbot.addWidget(switch)
    switch.resize(switch.sizeHint())
    switch.show()
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert switch.isChecked()
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(switch.width() - 3, 4))
    assert not switch.isChecked()
