"""What `carrel models` says in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from datetime import datetime

from desktop.cli.plain_table import Fact, facts_lines, table_lines
from desktop.domain.choices import chosen_values
from desktop.domain.engine import EngineTuning, MemoryFit, ModelChoices
from desktop.domain.licences import LicenceKind, LicenceTerms
from desktop.domain.models import EmbedderFacts, ModelChange, ModelEntry, ModelKind, ModelSpeed

_HEAD = (
    *("", "ID", "NAME", "KIND", "QUANTIZATION", "SIZE", "CONTEXT", "HERE", "LICENCE"),
    *("APPROVED BY", "STATE"),
)
_KINDS = {
    LicenceKind.FREE: "",
    LicenceKind.CONDITIONS: " (with duties)",
    LicenceKind.LIMITS: " (use limits)",
    LicenceKind.UNKNOWN: "",
}


def list_lines(entries: Iterable[tuple[ModelEntry, LicenceTerms]], used: Set[str]) -> Iterator[str]:
    """Yield a table of models; those in `used` are marked."""
    rows = [_row(entry, terms, entry.id in used) for entry, terms in entries]
    return table_lines(_HEAD, rows)


def embedder_line(facts: EmbedderFacts) -> str:
    return f"Embedding with {facts.name}: {facts.dimensions} dimensions, {facts.precision}"


def summary(entry: ModelEntry) -> str:
    """One line for a model that something was just done with."""
    parts = [
        entry.kind.value if entry.kind is not ModelKind.CHAT else "",
        entry.quantization,
        f"{entry.dimensions} dimensions" if entry.dimensions else "",
        file_size(entry.size_bytes),
        f"context {entry.context_tokens:,}" if entry.context_tokens else "",
        entry.licence or "licence not stated",
        f"{entry.status}: {entry.refusal}" if entry.refusal else entry.status.value,
        f"approved by {entry.approval.by or 'somebody'}" if entry.approval is not None else "",
        f"SHA-256 {entry.sha256[:12]}…" if entry.sha256 else "",
    ]
    return f"{entry.id}: {entry.name}, {', '.join(part for part in parts if part)}"


def details_lines(
    entry: ModelEntry,
    terms: LicenceTerms,
    choices: ModelChoices,
    tuning: EngineTuning | None,
    chosen: bool,
) -> Iterator[str]:
    """Yield all that is known of one model."""
    yield entry.name
    yield ""
    yield from facts_lines([*_facts(entry, chosen), *_licence(terms), *_origin(entry)])
    yield ""
    yield from facts_lines([*_running(entry, tuning), *_chosen(choices)])


def fit_lines(fit: MemoryFit) -> Iterator[str]:
    """Yield what a model needs, what is free, and what would make it fit."""
    needed = fit.needed
    parts = [
        ("weights", needed.weights),
        (f"context of {fit.context_tokens:,} tokens", needed.kv_cache),
        ("computing", needed.compute),
        ("projector", needed.projector),
        ("adapters", needed.adapters),
    ]
    told = ", ".join(f"{name} {memory_size(size)}" for name, size in parts if size)
    rows: list[Fact] = [("Needs", f"{memory_size(needed.total)}: {told}")]
    rows.append(("Free", memory_size(fit.free_bytes)))
    if fit.gpu_layers:
        on_gpu = f"{fit.gpu_layers} layers, {memory_size(fit.gpu_bytes)}"
        rows.append(("On the GPU", f"{on_gpu} of {memory_size(fit.gpu_free_bytes)} free"))
    rows.append(("Fits", "yes" if fit.fits else "no"))
    if fit.remedy is not None:
        remedy = f"{fit.remedy.setting.replace('_', ' ')} {fit.remedy.value}"
        rows.append(("Would fit with", remedy))
    return facts_lines(rows)


def speed_lines(speed: ModelSpeed, needed_bytes: int) -> Iterator[str]:
    """Yield what was measured, and what memory was said to be needed."""
    said = f" ({memory_size(needed_bytes)} were said to be needed)"
    return facts_lines(
        [
            ("Reads", f"{speed.reading_speed:.1f} tokens/s"),
            ("Writes", f"{speed.writing_speed:.1f} tokens/s"),
            ("First token", f"{speed.seconds_to_first_token:.2f} s"),
            ("Memory", f"{memory_size(speed.memory_bytes)}{said}"),
            ("Loads in", f"{speed.load_seconds:.2f} s"),
            ("Measured", _runs(speed)),
            ("On", speed.machine),
        ]
    )


def tuning_lines(tuning: EngineTuning) -> Iterator[str]:
    """Yield what was found best for this machine."""
    lookup = f"{tuning.lookup_ratio:.2f} times the plain speed" if tuning.lookup_ratio else ""
    return facts_lines(
        [
            ("Threads", _threads(tuning)),
            ("Read at once", f"{tuning.batch_tokens} tokens"),
            ("Flash attention", "on" if tuning.flash_attention else "off"),
            ("Memory map", "on" if tuning.memory_map else "off"),
            ("Context kept as", tuning.kv_type.value),
            ("Reads", f"{tuning.reading_speed:.1f} tokens/s"),
            ("Writes", f"{tuning.writing_speed:.1f} tokens/s"),
            ("Prompt lookup", lookup),
            ("Measured", when(tuning.measured_at)),
            ("On", tuning.machine),
        ]
    )


def choices_lines(choices: ModelChoices) -> Iterator[str]:
    """Yield what was chosen for a model."""
    values = list(_chosen(choices))
    return facts_lines(values) if values else iter(["Nothing of its own; it follows the settings."])


def history_lines(history: Iterable[ModelChange]) -> Iterator[str]:
    """Yield what happened to a model, newest first."""
    rows = [
        (when(change.at), change.by, change.kind.value.replace("_", " "), change.detail)
        for change in history
    ]
    return table_lines(("WHEN", "WHO", "WHAT", ""), rows)


def file_size(size: int) -> str:
    """A file's size, in powers of ten."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def memory_size(size: int) -> str:
    """An amount of memory, in powers of two."""
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{size / 2**20:.0f} MB"


def when(at: float) -> str:
    """A time of this computer's clock."""
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")


def _row(entry: ModelEntry, terms: LicenceTerms, used: bool) -> tuple[str, ...]:
    speed = entry.speed.writing_speed if entry.speed is not None else entry.tokens_per_second
    return (
        "*" if used else "",
        entry.id,
        entry.name,
        entry.kind.value,
        entry.quantization,
        file_size(entry.size_bytes),
        f"{entry.context_tokens:,}" if entry.context_tokens else "",
        f"{speed:.0f} tokens/s" if speed else "",
        f"{terms.name}{_KINDS[terms.kind]}",
        entry.approval.by or "somebody" if entry.approval is not None else "",
        f"{entry.status}: {entry.refusal}" if entry.refusal else entry.status.value,
    )


def _facts(entry: ModelEntry, chosen: bool) -> Iterator[Fact]:
    yield "Id", entry.id
    yield "Kind", entry.kind.value
    yield "State", f"{entry.status}: {entry.refusal}" if entry.refusal else entry.status.value
    yield "In use", "yes" if chosen else ""
    yield "Architecture", entry.architecture or entry.base_architecture
    yield "Parameters", f"{entry.parameters:,}" if entry.parameters else ""
    yield "Quantization", entry.quantization
    yield "Size", file_size(entry.size_bytes)
    yield "Context", f"{entry.context_tokens:,} tokens" if entry.context_tokens else ""
    yield "Dimensions", f"{entry.dimensions:,}" if entry.dimensions else ""
    yield "File", (entry.path, *entry.parts)
    yield "SHA-256", entry.sha256


def _licence(terms: LicenceTerms) -> Iterator[Fact]:
    yield "Licence", f"{terms.name}. {terms.use}"
    yield "Limits", terms.limits
    yield "Duties", terms.conditions
    yield "Its text", terms.link


def _origin(entry: ModelEntry) -> Iterator[Fact]:
    yield "From", entry.origin
    yield "Made by", entry.maker
    yield "Published", entry.source
    if not entry.included:
        who = f" by {entry.imported_by}" if entry.imported_by else ""
        yield "Imported", f"{when(entry.imported_at)}{who}"
    approval = entry.approval
    if approval is None:
        yield "Approved", "by nobody"
    else:
        note = f": {approval.note}" if approval.note else ""
        yield "Approved", f"by {approval.by or 'somebody'}, {when(approval.at)}{note}"
    if entry.trial is not None:
        outcome = "passed" if entry.trial.passed else "failed"
        detail = f", {entry.trial.detail}" if entry.trial.detail else ""
        yield "Trial", f"{outcome} on {when(entry.trial.at)}{detail}"


def _running(entry: ModelEntry, tuning: EngineTuning | None) -> Iterator[Fact]:
    speed = entry.speed
    if speed is not None:
        yield "Reads", f"{speed.reading_speed:.1f} tokens/s"
        yield "Writes", f"{speed.writing_speed:.1f} tokens/s"
        yield "First token", f"{speed.seconds_to_first_token:.2f} s"
        yield "Memory", memory_size(speed.memory_bytes)
        yield "Measured", _runs(speed)
    elif entry.kind is ModelKind.CHAT:
        yield "Speed", f"not measured; “carrel models bench {entry.id}” does"
    if tuning is not None:
        yield "Threads", f"{_threads(tuning)}, as was found best here"


def _chosen(choices: ModelChoices) -> Iterator[Fact]:
    for name, value in chosen_values(choices).items():
        yield name.replace("_", " ").capitalize(), value


def _threads(tuning: EngineTuning) -> str:
    return f"{tuning.threads} for writing, {tuning.reading_threads} for reading"


def _runs(speed: ModelSpeed) -> str:
    if not speed.runs:
        return when(speed.measured_at)
    return (
        f"{when(speed.measured_at)}, median of {speed.runs} runs that read {speed.read_tokens} "
        f"tokens and wrote {speed.written_tokens}"
    )
