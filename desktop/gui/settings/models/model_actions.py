"""What is done to models from the page: jobs with their rows, and small changes at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.assistant.events import Failed, Finished, JobId
from desktop.assistant.sentences import sentence_for
from desktop.domain.engine import AdapterUse
from desktop.domain.errors import CarrelError
from desktop.domain.models import ModelEntry, ModelKind, ModelStatus
from desktop.gui.settings.models.model_jobs import ModelJobs
from desktop.gui.widgets.notice import NoticeBar

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class ModelActions(QObject):
    """Every change of the register, and of what is in memory, that the page offers."""

    changed = Signal()
    imported = Signal(str)  # the id of the model that came, or of the file that was refused

    def __init__(
        self, assistant: Assistant, jobs: ModelJobs, notice: NoticeBar, page: QWidget
    ) -> None:
        super().__init__(page)
        self._assistant = assistant
        self._jobs = jobs
        self._notice = notice
        self._page = page

    def import_files(self, paths: Sequence[Path], in_place: bool = False) -> None:
        """One job each; they wait for one another."""
        for path in paths:
            job = self._assistant.models.files.import_file(path, in_place)
            title = self.tr("Importing {name}").format(name=_shown(path))
            self._jobs.start(job, title, self._import_ended(path))

    def use(self, model_id: str) -> None:
        """Answer with a chat model, or give another kind its work."""
        entry = self._entry(model_id)
        if entry is None:
            return
        if entry.kind is ModelKind.CHAT:
            self._load(entry)
        elif entry.kind is ModelKind.EMBEDDER:
            self._embed_with(entry)
        elif entry.kind is ModelKind.RERANKER:
            self.try_change(lambda: self._assistant.models.searching.use_reranker(model_id))
        else:
            self._lay_over(entry)

    def unuse(self, model_id: str) -> None:
        """Take its work from a model again."""
        entry = self._entry(model_id)
        if entry is None:
            return
        if entry.kind is ModelKind.CHAT:
            job = self._assistant.models.running.unload()
            self._jobs.start(job, self.tr("Unloading the model"), _nothing, shown=False)
        elif entry.kind is ModelKind.RERANKER:
            self.try_change(lambda: self._assistant.models.searching.use_reranker(""))
        elif entry.kind is ModelKind.ADAPTER:
            self._take_off(entry)

    def use_included_embedder(self) -> None:
        self._use_embedder("", self.tr("the included model"))

    def verify(self, model_id: str) -> None:
        self._job(self._assistant.models.files.verify, self.tr("Verifying {name}"), model_id)

    def measure(self, model_id: str) -> None:
        self._job(self._assistant.models.running.bench, self.tr("Measuring {name}"), model_id)

    def tune(self, model_id: str) -> None:
        """Find threads, batch and number types anew."""
        title = self.tr("Measuring how {name} runs best")
        self._job(self._assistant.models.running.tune, title, model_id)

    def remove(self, model_id: str) -> None:
        """At once where nothing is lost; a model's copy is deleted only after a question."""
        entry = self._entry(model_id)
        if entry is None:
            return
        if entry.status is not ModelStatus.READY or entry.in_place:
            self._remove(entry)
        else:
            self._confirm(entry)

    def rename(self, model_id: str, name: str) -> None:
        self.try_change(lambda: self._assistant.models.register.rename(model_id, name))

    def approve(self, model_id: str, note: str) -> None:
        self.try_change(lambda: self._assistant.models.register.approve(model_id, note))

    def withdraw_approval(self, model_id: str) -> None:
        self.try_change(lambda: self._assistant.models.register.withdraw_approval(model_id))

    def try_change(self, change: Callable[[], object]) -> bool:
        """Whether a change was taken; where not, the page says why."""
        try:
            change()
        except CarrelError as error:
            self._notice.say(sentence_for(error).line, "bad", seconds=0)
            return False
        self.changed.emit()
        return True

    def _load(self, entry: ModelEntry) -> None:
        job = self._assistant.models.running.use(entry.id)
        title = self.tr("Loading {name}").format(name=entry.name)
        self._jobs.start(job, title, _nothing, shown=False)  # the card shows how far it is

    def _embed_with(self, entry: ModelEntry) -> None:
        self._use_embedder(entry.id, entry.name)

    def _use_embedder(self, model_id: str, name: str) -> None:
        if self.try_change(lambda: self._assistant.models.searching.use_embedder(model_id)):
            words = self.tr(
                "What is read from now on is embedded with {name}. Collections read before must "
                "be embedded anew; until then they are searched as before."
            )
            self._notice.say(
                words.format(name=name),
                action=self.tr("Embed all anew"),
                do=self._reembed,
                seconds=0,
            )

    def _reembed(self) -> None:
        job = self._assistant.library.reembed()
        self._jobs.start(job, self.tr("Embedding the collections anew"), _nothing)

    def _lay_over(self, entry: ModelEntry) -> None:
        models = self._assistant.models
        chosen = models.running.chosen()
        if chosen is None:
            return
        choices = models.options.choices(chosen.id)
        wanted = replace(choices, adapters=(*choices.adapters, AdapterUse(entry.id)))
        if self.try_change(lambda: models.options.change_choices(chosen.id, wanted)):
            words = self.tr("{adapter} is laid over {model} from the next question on.")
            self._notice.say(words.format(adapter=entry.name, model=chosen.name))

    def _take_off(self, entry: ModelEntry) -> None:
        options = self._assistant.models.options
        for model in self._assistant.models.register.entries():
            choices = options.choices(model.id)
            left = tuple(use for use in choices.adapters if use.model_id != entry.id)
            if left != choices.adapters:
                wanted = replace(choices, adapters=left)
                self.try_change(partial(options.change_choices, model.id, wanted))

    def _job(self, start: Callable[[str], JobId], title: str, model_id: str) -> None:
        entry = self._entry(model_id)
        if entry is not None:
            self._jobs.start(start(model_id), title.format(name=entry.name), _nothing)

    def _confirm(self, entry: ModelEntry) -> None:
        box = QMessageBox(self._page.window())
        box.setObjectName("confirmRemoval")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("Remove “{name}”?").format(name=entry.name))
        box.setInformativeText(
            self.tr(
                "Carrel's copy of the file is deleted. Chats and answers stay, and so does the "
                "model's history."
            )
        )
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        remove.clicked.connect(lambda: self._remove(entry))
        box.finished.connect(box.deleteLater)
        box.open()

    def _remove(self, entry: ModelEntry) -> None:
        job = self._assistant.models.files.remove(entry.id)
        title = self.tr("Removing {name}").format(name=entry.name)
        self._jobs.start(job, title, _nothing, shown=False)

    def _import_ended(self, path: Path) -> Callable[[object], bool]:
        def ended(body: object) -> bool:
            if isinstance(body, Finished) and isinstance(body.result, ModelEntry):
                self.imported.emit(body.result.id)
                return True
            refused = self._refused(path) if isinstance(body, Failed) else ""
            if refused:
                self.imported.emit(refused)  # its card says why
            return bool(refused)

        return ended

    def _refused(self, path: Path) -> str:
        return next(
            (
                entry.id
                for entry in self._assistant.models.register.entries()
                if entry.status is ModelStatus.REFUSED and entry.origin == str(path)
            ),
            "",
        )

    def _entry(self, model_id: str) -> ModelEntry | None:
        return self._assistant.models.register.entry(model_id)


def _nothing(_body: object) -> None:
    """The page is read again after every job; nothing else follows."""


def _shown(path: Path) -> str:
    return path.name.encode("utf-8", "replace").decode("utf-8")
