"""Which Carrel this is, and what it is made of."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop import __version__
from desktop.gui.icons import icon_pixmap
from desktop.gui.settings.page import SettingsPage
from desktop.gui.settings.values_page import hairline
from desktop.gui.theme import Theme
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import Label

# Distribution, what it does here, licence.
_PARTS = (
    ("llama-cpp-python", "runs the chat model", "MIT"),
    ("sentence-transformers", "turns text into vectors", "Apache-2.0"),
    ("chromadb", "keeps the vectors", "Apache-2.0"),
    ("sqlcipher3", "keeps everything else", "Zlib"),
    ("pypdfium2", "reads PDF pages", "Apache-2.0 or BSD-3-Clause"),
)


class AboutPage(SettingsPage):
    """Version and parts, with their licences."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent=parent)
        self.header.title.setText(self.tr("About"))
        self.setAccessibleName(self.tr("About"))
        self._theme = theme
        self._logo = QLabel()
        card = Card()
        column = QVBoxLayout(card)
        column.setContentsMargins(18, 18, 18, 18)
        column.setSpacing(6)
        column.addWidget(self._logo)
        column.addWidget(Label("Carrel", size=22, weight=600))
        column.addWidget(Label(self.tr("Version {v}").format(v=__version__), size=13, tone="mute"))
        column.addWidget(
            Label(
                self.tr("Chat with your own files, entirely on your own machine. Apache-2.0."),
                size=13,
                wrap=True,
            )
        )
        column.addSpacing(6)
        column.addWidget(hairline())
        column.addSpacing(6)
        column.addLayout(self._parts())
        self.column.addWidget(card)
        self._draw()
        theme.changed.connect(self._draw)

    def _parts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        rows = [(f"Qt {qVersion()}", self.tr("draws the window"), "LGPL-3.0")]
        rows.append(("Inter", self.tr("the type you read"), "OFL-1.1"))
        rows += [(f"{name} {_installed(name)}", does, terms) for name, does, terms in _PARTS]
        for number, texts in enumerate(rows):
            for place, text in enumerate(texts):
                label = Label(text, size=13, tone="text" if place == 0 else "mute")
                grid.addWidget(label, number, place, Qt.AlignmentFlag.AlignTop)
        return grid

    def _draw(self) -> None:
        tokens, size = self._theme.tokens, self._theme.px(40)
        ratio = self.devicePixelRatioF()
        self._logo.setPixmap(icon_pixmap("logo", tokens.acc, size, ratio, tokens.on_acc))


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
