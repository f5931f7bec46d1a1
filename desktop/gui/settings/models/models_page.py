"""The models on this computer: cards in the middle, the chosen one's details on the right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QHideEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.assistant.events import EngineTuned, Event, Finished, JobId
from desktop.domain.models import ModelEntry
from desktop.gui.drop_veil import DropVeil
from desktop.gui.dropped_files import local_paths
from desktop.gui.file_dialogs import ask_files
from desktop.gui.load_watch import LoadWatch
from desktop.gui.settings.models.details_panel import DetailsPanel
from desktop.gui.settings.models.import_dialog import ImportDialog
from desktop.gui.settings.models.included_embedder import included_embedder_state
from desktop.gui.settings.models.machine_card import MachineCard
from desktop.gui.settings.models.model_actions import ModelActions
from desktop.gui.settings.models.model_card import ModelCard
from desktop.gui.settings.models.model_folder import ModelFolderCard
from desktop.gui.settings.models.model_jobs import ModelJobs
from desktop.gui.settings.models.model_papers import ModelPapers
from desktop.gui.settings.models.model_sections import ModelSections
from desktop.gui.settings.models.model_state import ModelState, read_state
from desktop.gui.settings.page import SettingsPage
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.notice import NoticeBar

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

_STATUS_MS = 3000
_DETAILS_BESIDE = 860  # a narrower page has its details below


class ModelsPage(QWidget):
    """Takes dropped model files anywhere; reads the register again after everything done."""

    compare_wanted = Signal()

    def __init__(self, assistant: Assistant, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Models"))
        self.setAcceptDrops(True)
        self._assistant = assistant
        self._theme = theme
        self._devices_job: JobId | None = None
        self._chosen: str | None = None  # "" is the included embedding model
        self._page = SettingsPage(theme, self.tr("Models"), self.tr("on this computer"), wide=True)
        self._machine = MachineCard(theme)
        self._notice = NoticeBar()
        self._sections = ModelSections()
        self._watch = LoadWatch(assistant, self)
        self._jobs = ModelJobs(assistant, self._lay_out_column(), self)
        self.doing = ModelActions(assistant, self._jobs, self._notice, self)
        self.papers = ModelPapers(assistant, theme, self._notice, self)
        self.details = DetailsPanel(assistant, theme, self.doing, self.papers)
        self.folder = ModelFolderCard(assistant, theme, self.doing)
        self._veil = DropVeil(theme, self)
        self._lay_out()
        self._connect()
        self._devices_job = assistant.machine.devices()
        self._status = QTimer(self, interval=_STATUS_MS)
        self._status.timeout.connect(self._show_status)
        self._show_cards()
        # The details at the loop's next turn: an answer may be streaming meanwhile.
        QTimer.singleShot(0, self, lambda: self.choose(self._chosen or ""))

    @property
    def cards(self) -> list[ModelCard]:
        return self._sections.cards

    @property
    def notice(self) -> NoticeBar:
        return self._notice

    def refresh(self) -> None:
        """Show the register as it stands."""
        self._show_cards()
        self.choose(self._chosen or "")

    def show_event(self, event: Event) -> None:
        if event.job == self._devices_job and isinstance(event.body, Finished):
            devices = event.body.result
            if isinstance(devices, list):
                self._machine.show_devices(devices)
                self.details.show_devices(devices)
            self._show_status()
        if isinstance(event.body, EngineTuned):
            self.details.read_again()  # measured while nobody asked
        self._watch.show_event(event)
        self._jobs.show_event(event)
        self.folder.show_event(event)
        self.details.show_event(event)

    def choose(self, model_id: str) -> None:
        """Show one model's details."""
        self._chosen = model_id
        self._sections.mark(model_id)
        card = self._sections.card(model_id)
        if card is not None:
            self.details.show_model(card.state)

    def ask_model_file(self) -> None:
        """Choose files, then how they are taken."""
        ask_files(
            self.window(),
            self.tr("Import model files"),
            self.tr("Model files (*.gguf)"),
            self.open_import,
        )

    def open_import(self, paths: list[Path]) -> None:
        """Ask how these files are taken, and whether more come along."""
        dialog = ImportDialog(self._theme, paths, self.window())
        dialog.accepted_files.connect(self.doing.import_files)
        dialog.open()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._status.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._status.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= self._theme.px(_DETAILS_BESIDE)
        direction = QHBoxLayout.Direction
        self._row.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
        self.details.set_beside(beside)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _model_files(event):
            self._veil.say(self.tr("Drop to import"))
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        self.doing.import_files(_model_files(event))
        event.acceptProposedAction()

    def _show_cards(self) -> None:
        states = self._states()
        self._show_status()
        self._sections.show_states(states)
        self._show_loading()
        if self._chosen not in {state.entry.id for state in states}:
            current = self._assistant.models.running.current()
            self._chosen = current.id if current else states[0].entry.id

    def _states(self) -> list[ModelState]:
        register = self._assistant.models.register
        total = self._assistant.machine.status().memory_total_bytes
        listed: list[ModelEntry] = [*register.entries()]
        states = [read_state(self._assistant, entry, total) for entry in listed]
        states.append(included_embedder_state(self._assistant))
        others = (*register.embedders(), *register.rerankers(), *register.adapters())
        states += [read_state(self._assistant, entry, total) for entry in others]
        return states

    def _show_status(self) -> None:
        self._machine.show_status(self._assistant.machine.status())

    def _show_loading(self) -> None:
        for card in self.cards:
            card.show_loading(self._watch.share_of(card.entry.id))

    def _fell_back(self, _model_id: str, reason: str) -> None:
        self._notice.say(reason, "warn", seconds=0)

    def _came_back(self, entry: ModelEntry, _failed: str) -> None:
        words = self.tr("{name} answers again: the other model could not be loaded.")
        self._notice.say(words.format(name=entry.name), "warn", seconds=0)
        self.refresh()

    def _use(self, model_id: str) -> None:
        if model_id:
            self.doing.use(model_id)
        else:
            self.doing.use_included_embedder()

    def _lay_out_column(self) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setSpacing(12)
        column = self._page.column
        column.addWidget(self._machine)
        column.addWidget(self._notice)
        column.addLayout(rows)
        column.addWidget(self._sections)
        return rows

    def _lay_out(self) -> None:
        self.compare_button = Button(self.tr("Compare…"))
        self.import_button = Button(self.tr("Import model file…"), "primary")
        self._page.column.addWidget(self.folder)
        self._page.header.add_right(self.compare_button)
        self._page.header.add_right(self.import_button)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self._page, 3)
        self._row.addWidget(self.details, 2)

    def _connect(self) -> None:
        self.compare_button.clicked.connect(self.compare_wanted)
        self.import_button.clicked.connect(self.ask_model_file)
        self._sections.chosen.connect(self.choose)
        self._sections.use_wanted.connect(self._use)
        self._sections.unuse_wanted.connect(self.doing.unuse)
        self._sections.remove_wanted.connect(self.doing.remove)
        self._sections.licence_wanted.connect(self.papers.read_licence)
        self._sections.stop_wanted.connect(self._watch.stop)
        self._watch.changed.connect(self._show_loading)
        self._watch.loaded.connect(lambda _id: self.refresh())
        self._watch.fell_back.connect(self._fell_back)
        self._watch.came_back.connect(self._came_back)
        self._jobs.changed.connect(self._read_again)
        self.details.choice_changed.connect(self.refresh)
        self.folder.changed.connect(self.refresh)
        self.doing.changed.connect(self.refresh)
        self.doing.imported.connect(self._show_imported)

    def _read_again(self) -> None:
        self.refresh()
        self.details.read_again()

    def _show_imported(self, model_id: str) -> None:
        self._chosen = model_id  # shown when the page is read again, right after


def _model_files(event: QDropEvent) -> list[Path]:
    paths = local_paths(event.mimeData())
    return [path for path in paths if path.suffix.lower() == ".gguf" or path.is_dir()]
