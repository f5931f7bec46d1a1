"""A model's card: one Markdown page with all that is known of it, for a person to read and sign."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import PurePath
from types import MappingProxyType

from desktop import __version__
from desktop.domain.choices import chosen_values
from desktop.domain.licences import LicenceTerms
from desktop.domain.models import ModelChangeKind, ModelEntry, ModelKind, ModelStatus
from desktop.domain.register import RegisterRecord
from desktop.governance.licences import SUMMARY_NOTE, terms_of

_PURPOSES = MappingProxyType(
    {
        ModelKind.CHAT: "writes answers",
        ModelKind.EMBEDDER: "turns passages into vectors, for searching by meaning",
        ModelKind.RERANKER: "orders found passages anew",
        ModelKind.ADAPTER: "an adapter, laid over another model",
    }
)
_CHANGES = MappingProxyType(
    {
        ModelChangeKind.IMPORTED: "imported",
        ModelChangeKind.REFUSED: "refused",
        ModelChangeKind.VERIFIED: "checksum verified",
        ModelChangeKind.CHANGED_ON_DISK: "found changed on disk",
        ModelChangeKind.APPROVED: "approved",
        ModelChangeKind.APPROVAL_WITHDRAWN: "approval withdrawn",
        ModelChangeKind.USED: "chosen for answers",
        ModelChangeKind.MEASURED: "measured",
        ModelChangeKind.CHOICES_CHANGED: "run with other choices",
        ModelChangeKind.RENAMED: "renamed",
        ModelChangeKind.REMOVED: "removed",
    }
)
_STATES = MappingProxyType(
    {
        ModelStatus.READY: "can be used",
        ModelStatus.MISSING: "its file is not where it was",
        ModelStatus.REFUSED: "refused",
    }
)
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~$&])")
_Rows = Iterable[tuple[str, str]]


def model_card(record: RegisterRecord, at: float) -> str:
    """Return the page; `at` is the time of writing.

    What files and people wrote stays plain text: nothing of it becomes a link or a picture.
    """
    entry = record.entry
    parts = [
        f"# {_plain(entry.name)}",
        f"Model card, written by Carrel {__version__} on {_time(at)} from the model register of "
        "this computer.",
        _table("Facts", _facts(entry)),
        _licence(terms_of(entry)),
        _table("Origin", _origin(entry)),
        _checksum(entry),
        _table("Approval and trial", _trust(entry)),
    ]
    if entry.kind is ModelKind.CHAT:
        parts += [
            _table("Measured on this computer", _measured(record)),
            _table("How it is run here", _choices(record)),
            "## Question sets\n\nNone have been run on this model yet.",
            _template(entry, record.choices.chat_template),
        ]
    parts.append(_history(record))
    return "\n\n".join(parts) + "\n"


def _facts(entry: ModelEntry) -> Iterator[tuple[str, str]]:
    yield "Identifier", entry.id
    yield "Purpose", _PURPOSES[entry.kind]
    yield "State", ": ".join(part for part in (_STATES[entry.status], entry.refusal) if part)
    yield "Architecture", entry.architecture
    yield "Made for the architecture", entry.base_architecture
    yield "Parameters", f"{entry.parameters:,}" if entry.parameters else ""
    yield "Quantization", entry.quantization
    yield "Size", f"{entry.size_bytes:,} bytes"
    yield "Context", f"{entry.context_tokens:,} tokens" if entry.context_tokens else ""
    yield "Length of its vectors", f"{entry.dimensions:,}" if entry.dimensions else ""


def _licence(terms: LicenceTerms) -> str:
    lines = ["## Licence", f"**{_plain(terms.name)}.** {_plain(terms.use)}"]
    if terms.limits:
        lines.append("Limits of use:")
        lines.append("\n".join(f"- {_plain(limit)}" for limit in terms.limits))
    if terms.conditions:
        lines.append("Duties:")
        lines.append("\n".join(f"- {_plain(condition)}" for condition in terms.conditions))
    if terms.id:
        lines.append(f"{SUMMARY_NOTE} Its name: {_plain(terms.full_text)}.")
    stated = _plain(terms.stated) if terms.stated else "nothing"
    where = f" It says that the text lies at {_plain(terms.link)}." if terms.link else ""
    lines.append(f"The model file states: {stated}.{where}")
    return "\n\n".join(lines)


def _origin(entry: ModelEntry) -> Iterator[tuple[str, str]]:
    yield "Came from", entry.origin
    yield "Maker, as the file says", entry.maker
    yield "Published at, as the file says", entry.source
    if not entry.included:
        yield "Imported", _time(entry.imported_at)
        yield "Imported by", entry.imported_by or "not known"
        yield "Kept", "where it was" if entry.in_place else "as a copy in Carrel's data folder"


def _checksum(entry: ModelEntry) -> str:
    head = "## Checksum\n\n"
    if not entry.sha256:
        return f"{head}None was recorded."
    checked = f"`carrel models verify {entry.id}` reads the file again and compares."
    if entry.parts or not entry.path.endswith(".gguf"):
        lines = [entry.path, *entry.parts]
        return f"{head}{_fenced(entry.sha256)}\n\n{checked} It is taken over:\n\n{_listed(lines)}"
    file = PurePath(entry.path).name
    command = f"sha256sum {_quoted(entry.path)}"
    return (
        f"{head}{_fenced(f'{entry.sha256}  {file}')}\n\n{checked} So does any other program; on "
        f"Linux:\n\n{_fenced(command)}\n\n"
        "On macOS `shasum -a 256`, on Windows `certutil -hashfile FILE SHA256`. The number must be "
        "the one above, to the last character."
    )


def _trust(entry: ModelEntry) -> Iterator[tuple[str, str]]:
    approval = entry.approval
    if approval is None:
        yield "Approval", "nobody has approved this model"
    else:
        yield "Approved by", f"{approval.by or 'not known'}, {_time(approval.at)}"
        yield "Note", approval.note
    trial = entry.trial
    if trial is None:
        yield "Trial", "comes with Carrel, which is tested with it" if entry.included else "none"
        return
    yield "Trial", f"{'passed' if trial.passed else 'failed'}, {_time(trial.at)}"
    yield "Trial took", f"{trial.seconds:.1f} s, in a throwaway process"
    yield "Tried with", trial.engine
    yield "What it said", trial.detail


def _measured(record: RegisterRecord) -> Iterator[tuple[str, str]]:
    entry, speed, tuning = record.entry, record.entry.speed, record.tuning
    if speed is None:
        yield "Speed", f"not measured; “carrel models bench {entry.id}” does"
    else:
        yield "Reads", f"{speed.reading_speed:.1f} tokens a second"
        yield "Writes", f"{speed.writing_speed:.1f} tokens a second"
        yield "First token", f"after {speed.seconds_to_first_token:.2f} s"
        yield "Memory in use", f"{speed.memory_bytes / 1e6:,.0f} MB"
        yield "Loads in", f"{speed.load_seconds:.2f} s"
        if speed.runs:
            yield (
                "Measured",
                f"median of {speed.runs} runs, each reading {speed.read_tokens} tokens and "
                f"writing {speed.written_tokens} behind them",
            )
        yield "When and where", f"{_time(speed.measured_at)}, {speed.machine}"
    if entry.memory_bytes:
        yield "Memory it was said to need", f"{entry.memory_bytes / 1e6:,.0f} MB"
    if tuning is not None:
        yield "Threads found best", f"{tuning.threads} writing, {tuning.reading_threads} reading"
        yield "Context kept as", tuning.kv_type.value
        yield "Flash attention", "on" if tuning.flash_attention else "off"
        if tuning.lookup_ratio:
            yield "Quotes with prompt lookup", f"{tuning.lookup_ratio:.2f} times the plain speed"


def _choices(record: RegisterRecord) -> Iterator[tuple[str, str]]:
    values = chosen_values(record.choices)
    for name, value in values.items():
        yield name.replace("_", " ").capitalize(), value
    if not values:
        yield "Choices", "none of its own; it follows the settings"


def _template(entry: ModelEntry, own: str) -> str:
    head = "## Chat template\n\n"
    if own:
        return f"{head}One of this office's own takes the place of the file's:\n\n{_fenced(own)}"
    if not entry.chat_template:
        return f"{head}The file has none, or none was kept."
    return f"{head}{_fenced(entry.chat_template)}"


def _history(record: RegisterRecord) -> str:
    if not record.history:
        return "## History\n\nNothing has happened to it since it came."
    rows = [
        f"| {_time(change.at)} | {_plain(change.by or 'not known')} | {_CHANGES[change.kind]} | "
        f"{_plain(change.detail)} | {change.sha256[:12]} |"
        for change in record.history
    ]
    head = "| when | who | what | more | SHA-256 begins |\n| --- | --- | --- | --- | --- |"
    return "\n".join(["## History", "", head, *rows])


def _table(title: str, rows: _Rows) -> str:
    lines = [f"| {name} | {_plain(value)} |" for name, value in rows if value]
    if not lines:
        return f"## {title}\n\nNothing yet."
    return "\n".join([f"## {title}", "", "| | |", "| --- | --- |", *lines])


def _listed(paths: Iterable[str]) -> str:
    return "\n".join(f"- {_plain(path)}" for path in paths)


def _plain(text: str) -> str:
    """Text of others in one line, without a character that Markdown or a page would obey."""
    shown = text.encode("utf-8", "replace").decode("utf-8")
    line = "".join(c if c.isprintable() else " " for c in shown)
    return _MARKUP.sub(r"\\\1", " ".join(line.split()))


def _fenced(text: str) -> str:
    """A block that its own text cannot end."""
    shown = text.encode("utf-8", "replace").decode("utf-8").replace("\r", "")
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{shown}\n{fence}"


def _quoted(path: str) -> str:
    """A path as a shell takes it."""
    inner = path.replace("'", "'\\''")
    return f"'{inner}'"


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
