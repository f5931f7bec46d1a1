"""The jobs that the models page started, each with its row until it ends well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from desktop.assistant.events import Broken, Event, Failed, JobId, ModelLoadProgress
from desktop.assistant.sentences import sentence_for
from desktop.domain.engine import TuningStep
from desktop.domain.models import EmbeddingProgress, ImportProgress, SpeedProgress
from desktop.gui.amounts import seconds_words, size_words
from desktop.gui.settings.models.job_pace import JobPace
from desktop.gui.settings.models.job_row import JobRow

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

Closed = Callable[[object], bool | None]
_tr = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class _Running:
    row: JobRow
    pace: JobPace
    closed: Closed


class ModelJobs(QObject):
    """Shows progress in `rows`, and calls each job's `closed` with its closing body.

    `closed` returning True has said itself how the job ended; then no failure is shown here.
    """

    changed = Signal()

    def __init__(self, assistant: Assistant, rows: QVBoxLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._rows = rows
        self._running: dict[JobId, _Running] = {}

    def start(self, job: JobId, title: str, closed: Closed, *, shown: bool = True) -> JobRow:
        """Follow a job that was just begun; one that is not `shown` has a row only if it fails."""
        row = JobRow(title)
        row.stop_wanted.connect(lambda: self._assistant.cancel(job))
        row.setVisible(shown)
        self._rows.addWidget(row)
        self._running[job] = _Running(row, JobPace(), closed)
        return row

    def show_event(self, event: Event) -> None:
        running = self._running.get(event.job)
        if running is None:
            return
        body = event.body
        if isinstance(body, ImportProgress):
            running.pace.note(body)
        step = _step(body, running.pace)
        if step is not None:
            running.row.show_progress(*step)
        if event.closing:
            del self._running[event.job]
            self._end(running, body)
            self.changed.emit()

    def _end(self, running: _Running, body: object) -> None:
        said = running.closed(body)
        if isinstance(body, Failed) and not said:
            running.row.show_failure(sentence_for(body.error).line)
            running.row.show()
        elif isinstance(body, Broken):
            running.row.show_failure(
                _tr("Models", "Carrel itself failed here; the log has the details.")
            )
            running.row.show()
        else:
            running.row.hide()
            running.row.deleteLater()


def _step(body: object, pace: JobPace) -> tuple[str, float] | None:
    """What a job is at, in words and as a share; None where it says something else."""
    match body:
        case ImportProgress():
            return _progress_words(body, pace), body.bytes_done / max(1, body.bytes_total)
        case ModelLoadProgress(fraction=share):
            return _tr("Models", "Loading into memory · {share}").format(
                share=f"{share:.0%}"
            ), share
        case SpeedProgress(run=done, runs=total):
            words = _tr("Models", "Run {done} of {total}")
            return words.format(done=min(done + 1, total), total=total), done / max(1, total)
        case TuningStep(done=done, total=total):
            words = _tr("Models", "Step {done} of {total}")
            return words.format(done=min(done + 1, total), total=total), done / max(1, total)
        case EmbeddingProgress(chunks_done=done, chunks_total=total):
            words = _tr("Models", "{done} of {total} passages")
            return words.format(done=f"{done:,}", total=f"{total:,}"), done / max(1, total)
    return None


def _progress_words(progress: ImportProgress, pace: JobPace) -> str:
    share = progress.bytes_done / progress.bytes_total if progress.bytes_total else 0.0
    parts = [f"{_step_words(progress.step)} · {share:.0%}"]
    rate, left = pace.rate(progress), pace.seconds_left(progress)
    if rate:
        parts.append(_tr("Models", "{0}/s").format(size_words(round(rate))))
    if left is not None:
        parts.append(_tr("Models", "{0} left").format(seconds_words(left)))
    return " · ".join(parts)


def _step_words(step: str) -> str:
    return {
        "checking": _tr("Models", "Checking the file"),
        "hashing": _tr("Models", "Computing its checksum"),
        "copying": _tr("Models", "Copying"),
        "trying": _tr("Models", "Trial run"),
    }.get(step, step)
