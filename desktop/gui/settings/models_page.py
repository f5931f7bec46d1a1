"""The models on this computer: use, import, verify, remove."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.assistant.events import Event, Finished, JobId, ModelLoaded
from desktop.domain.engine import Device
from desktop.domain.models import ModelEntry
from desktop.gui.file_dialogs import ask_file
from desktop.gui.settings.machine_card import MachineCard
from desktop.gui.settings.model_card import ModelCard
from desktop.gui.settings.model_details import ModelDetails
from desktop.gui.settings.model_jobs import ModelJobs
from desktop.gui.settings.page import SettingsPage
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

_DETAILS_BESIDE = 860  # a narrower page has its details below


class ModelsPage(QWidget):
    """Cards in the middle, the chosen one's details on the right; takes dropped GGUF files."""

    def __init__(self, assistant: Assistant, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Models"))
        self.setAcceptDrops(True)
        self._assistant = assistant
        self._theme = theme
        self._processor: Device | None = None
        self._devices_job: JobId | None = None
        self._verified: set[str] = set()
        self._chosen = ""
        self.cards: list[ModelCard] = []
        self._page = SettingsPage(theme, self.tr("Models"), self.tr("on this computer"), wide=True)
        self.import_button = Button(self.tr("Import model file…"), "primary")
        self.import_button.clicked.connect(self.ask_model_file)
        self._page.header.add_right(self.import_button)
        self._machine = MachineCard(theme)
        self._page.column.addWidget(self._machine)
        job_rows = QVBoxLayout()
        job_rows.setSpacing(12)
        self._page.column.addLayout(job_rows)
        self._models = QVBoxLayout()
        self._models.setSpacing(12)
        self._page.column.addLayout(self._models)
        self._jobs = ModelJobs(assistant, job_rows, self)
        self._jobs.changed.connect(self.refresh)
        self.details = ModelDetails(assistant, theme)
        self.details.verify_wanted.connect(self.verify)
        self.details.remove_wanted.connect(self.remove)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self._page, 3)
        self._row.addWidget(self.details, 2)
        self._devices_job = assistant.machine.devices()
        self.refresh()

    def refresh(self) -> None:
        """Show the register as it stands."""
        entries = self._assistant.models.register.entries()
        current = self._assistant.models.running.current()
        self._machine.show_status(self._assistant.machine.status())
        known = {entry.id for entry in entries}
        if self._chosen not in known:
            self._chosen = current.id if current else next(iter(known), "")
        self._clear_cards()
        for entry in entries:
            self._add_card(entry, in_use=current is not None and entry.id == current.id)
        self._show_details(entries, current)

    def show_event(self, event: Event) -> None:
        if event.job == self._devices_job and isinstance(event.body, Finished):
            devices = event.body.result
            if isinstance(devices, list):
                self._processor = next((d for d in devices if d.kind == "cpu"), None)
                self._machine.show_devices(devices)
            self.refresh()
        elif isinstance(event.body, ModelLoaded):
            self.refresh()
        self._jobs.show_event(event)

    def ask_model_file(self) -> None:
        name_filter = self.tr("Model files (*.gguf)")
        ask_file(self.window(), self.tr("Import a model file"), name_filter, self.import_file)

    def import_file(self, path: Path) -> None:
        job = self._assistant.models.files.import_file(path)
        title = self.tr("Importing {name}").format(name=path.name)
        self._jobs.start(job, title, self._imported)

    def use(self, model_id: str) -> None:
        job = self._assistant.models.running.use(model_id)
        self._jobs.start(job, self.tr("Loading {name}").format(name=self._name(model_id)), _done)

    def unload(self) -> None:
        self._jobs.start(
            self._assistant.models.running.unload(), self.tr("Unloading the model"), _done
        )

    def verify(self, model_id: str) -> None:
        job = self._assistant.models.files.verify(model_id)
        title = self.tr("Verifying {name}").format(name=self._name(model_id))
        self._jobs.start(job, title, lambda body: self._verify_ended(model_id, body))

    def remove(self, model_id: str) -> None:
        job = self._assistant.models.files.remove(model_id)
        self._jobs.start(job, self.tr("Removing {name}").format(name=self._name(model_id)), _done)

    def choose(self, model_id: str) -> None:
        """Show one model's details."""
        self._chosen = model_id
        for card in self.cards:
            card.set_selected(card.entry.id == model_id)
        self._show_details(
            self._assistant.models.register.entries(), self._assistant.models.running.current()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= self._theme.px(_DETAILS_BESIDE)
        direction = QHBoxLayout.Direction
        self._row.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
        self.details.set_beside(beside)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _model_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for path in _model_files(event):
            self.import_file(path)
        event.acceptProposedAction()

    def _add_card(self, entry: ModelEntry, *, in_use: bool) -> None:
        card = ModelCard(
            entry,
            in_use=in_use,
            verified=entry.id in self._verified,
            processor=self._processor,
        )
        card.set_selected(entry.id == self._chosen)
        card.clicked.connect(lambda: self.choose(entry.id))
        card.use_wanted.connect(self.use)
        card.unload_wanted.connect(self.unload)
        card.remove_wanted.connect(self.remove)
        self.cards.append(card)
        self._models.addWidget(card)

    def _clear_cards(self) -> None:
        for card in self.cards:
            self._models.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []

    def _show_details(self, entries: list[ModelEntry], current: ModelEntry | None) -> None:
        for entry in entries:
            if entry.id == self._chosen:
                in_use = current is not None and current.id == entry.id
                self.details.show_model(entry, in_use=in_use, verified=entry.id in self._verified)

    def _imported(self, body: object) -> None:
        if isinstance(body, Finished) and isinstance(body.result, ModelEntry):
            self._verified.add(body.result.id)
            self._chosen = body.result.id

    def _verify_ended(self, model_id: str, body: object) -> None:
        if isinstance(body, Finished):
            self._verified.add(model_id)
        else:
            self._verified.discard(model_id)

    def _name(self, model_id: str) -> str:
        return next((c.entry.name for c in self.cards if c.entry.id == model_id), model_id)


def _done(_body: object) -> None:
    """The list is read again after every job; nothing else follows."""


def _model_files(event: QDropEvent) -> list[Path]:
    urls = event.mimeData().urls()
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() == ".gguf"]
