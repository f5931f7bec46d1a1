"""The settings in the centre: each page built when it is first opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.gui.settings.about_page import AboutPage
from desktop.gui.settings.answers_page import AnswersPage
from desktop.gui.settings.appearance_page import AppearancePage
from desktop.gui.settings.fields import document_fields
from desktop.gui.settings.models.models_page import ModelsPage
from desktop.gui.settings.page import SettingsPage
from desktop.gui.settings.performance_page import PerformancePage
from desktop.gui.settings.privacy_page import PrivacyPage
from desktop.gui.settings.values_page import ValuesPage
from desktop.gui.theme import Theme

if TYPE_CHECKING:
    from desktop.assistant.events import Event
    from desktop.assistant.facade import Assistant

Page = ModelsPage | SettingsPage


class SettingsView(QStackedWidget):
    """Opens pages by key: models, answers, documents, privacy, performance, appearance, about."""

    compare_wanted = Signal()

    def __init__(self, assistant: Assistant, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._theme = theme
        self._built: dict[str, Page] = {}
        self.page = "models"

    def pages(self) -> list[tuple[str, str]]:
        """Key and title of every page, in order."""
        return [
            ("models", self.tr("Models")),
            ("answers", self.tr("Answers")),
            ("documents", self.tr("Documents")),
            ("privacy", self.tr("Privacy")),
            ("performance", self.tr("Performance")),
            ("appearance", self.tr("Appearance")),
            ("about", self.tr("About")),
        ]

    def open_page(self, key: str) -> None:
        page = self._built.get(key)
        if page is None:
            page = self._built[key] = self._makers()[key]()
            self.addWidget(page)
        else:
            page.refresh()
        self.page = key
        self.setCurrentWidget(page)

    def models_page(self) -> ModelsPage:
        self.open_page("models")
        page = self._built["models"]
        assert isinstance(page, ModelsPage)
        return page

    def ask_model_file(self) -> None:
        self.models_page().ask_model_file()

    def show_event(self, event: Event) -> None:
        for page in self._built.values():
            page.show_event(event)

    def _models_page(self) -> ModelsPage:
        page = ModelsPage(self._assistant, self._theme)
        page.compare_wanted.connect(self.compare_wanted)
        return page

    def _documents_page(self) -> ValuesPage:
        page = ValuesPage(
            self._assistant,
            self._theme,
            self.tr("Documents"),
            document_fields(),
            self.tr("Applies to files that are read from now on."),
        )
        for row in page.rows:
            if row.path == ("documents", "embedder_precision"):
                # Vectors of one precision are never compared with those of another.
                row.changed.connect(self._reembed)
        return page

    def _reembed(self) -> None:
        self._assistant.library.reembed()

    def _makers(self) -> dict[str, Callable[[], Page]]:
        assistant, theme = self._assistant, self._theme
        return {
            "models": self._models_page,
            "answers": lambda: AnswersPage(assistant, theme),
            "documents": self._documents_page,
            "privacy": lambda: PrivacyPage(assistant, theme),
            "performance": lambda: PerformancePage(assistant, theme),
            "appearance": lambda: AppearancePage(assistant, theme),
            "about": lambda: AboutPage(theme),
        }
