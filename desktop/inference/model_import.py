"""The gate for models: check, look, hash, copy, try in a throwaway process, then register."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import DiskFull
from desktop.domain.model_errors import (
    ImportInterrupted,
    ModelDamaged,
    ModelError,
    ModelMissing,
    NotAModel,
)
from desktop.domain.models import (
    EmbedderPlace,
    ImportProgress,
    ModelEntry,
    ModelKind,
    ModelStatus,
    TrialResult,
)
from desktop.inference.folder_import import import_folder, verify_folder
from desktop.inference.gguf_adapter import check_over_base
from desktop.inference.gguf_check import check_file, check_header
from desktop.inference.gguf_header import GgufHeader, facts_of
from desktop.inference.gguf_parts import part_name, stem_of
from desktop.inference.gguf_use import check_writes
from desktop.inference.model_copy import (
    IncomingCopy,
    Source,
    forget_old_copies,
    hashes_known,
)
from desktop.inference.model_entry import described
from desktop.inference.model_gate import Import, new_entry, stored_stem
from desktop.inference.model_hash import hash_files, sha256_of_model
from desktop.inference.model_presence import modified_ns
from desktop.inference.model_trial import TrialProcess, Tried
from desktop.inference.template_check import template_problem

_FOLDER_FILES = ("modules.json", "config.json")


@dataclass(frozen=True, slots=True)
class _Checked:
    """A file that passed the checks, and what the trial needs to know of it."""

    header: GgufHeader
    kind: ModelKind
    base: ModelEntry | None = None


def import_model(
    path: Path,
    models_folder: Path,
    cancel: CancelToken,
    *,
    in_place: bool = False,
    known: Sequence[ModelEntry] = (),
) -> Iterator[ImportProgress | ModelEntry]:
    """Yield progress and, last, the entry for the register: a new one, or the one of `known`
    that has the same contents.

    `path` is a GGUF file, any part of one in several, or a folder. Raises the types of
    `ModelError` that say why a model is refused, `DiskFull` or `Cancelled`; then the models
    folder is as it was. What `ImportInterrupted` and `DiskFull` leave there is gone on with by
    the next import of the same file.
    """
    request = Import(path, models_folder, cancel, in_place, known)
    forget_old_copies(models_folder)
    _check_there(path)
    if path.is_dir():
        within = _model_within(path)
        if within is None:
            yield from import_folder(request)
            return
        request = replace(request, path=within)
    yield from _import_file(request)


def verify_model(entry: ModelEntry, cancel: CancelToken) -> Iterator[ImportProgress]:
    """Hash the files again; raises `ModelMissing`, or `ModelDamaged` when they are others."""
    if Path(entry.path).is_dir():
        yield from verify_folder(entry)
        return
    files = [Path(entry.path), *map(Path, entry.parts)]
    for file in files:
        if not file.is_file():
            raise ModelMissing(entry.name, str(file))
    hashes = yield from _hashed(files, cancel)
    if sha256_of_model(hashes) != entry.sha256:
        raise ModelDamaged(entry.path, "its checksum is not the one it was imported with")


def _check_there(path: Path) -> None:
    try:
        path.stat()
    except FileNotFoundError:
        if path.is_symlink():
            raise ModelDamaged(str(path), "it is a link to a file that is not there") from None
        raise ModelMissing(path.name, str(path)) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ModelDamaged(str(path), f"it cannot be read: {reason}") from None


def _model_within(folder: Path) -> Path | None:
    """The one GGUF model that a folder holds; None where it may be an embedder or a reranker."""
    if any((folder / name).is_file() for name in _FOLDER_FILES):
        return None
    try:
        found = sorted(file for file in folder.iterdir() if file.suffix == ".gguf")
    except OSError as error:
        raise ModelDamaged(str(folder), f"it cannot be read: {error.strerror}") from error
    if not found:
        raise NotAModel(str(folder), "a folder without a model that Carrel knows")
    if len({stem_of(file.name) for file in found}) > 1:
        raise NotAModel(str(folder), f"a folder of {len(found)} models: choose one file")
    return found[0]


def _import_file(request: Import) -> Iterator[ImportProgress | ModelEntry]:
    yield ImportProgress("checking", 0, request.path.stat().st_size)
    header, kind = check_file(request.path)
    files = [part.resolve() for part in header.parts] if request.in_place else list(header.parts)
    before = [Source.of(file, "") for file in files]
    yield ImportProgress("checking", 0, header.size_bytes)
    with TrialProcess(request.path, header.size_bytes) as trial:
        if kind is not ModelKind.ADAPTER:
            trial.look(files[0], kind, request.cancel)
            check_writes(header, kind, request.path)
        yield ImportProgress("checking", header.size_bytes, header.size_bytes)
        hashes = hashes_known(request.models_folder, files) or (
            yield from _hashed(files, request.cancel)
        )
        sources = [Source.of(file, sha256) for file, sha256 in zip(files, hashes, strict=True)]
        if [replace(source, sha256="") for source in sources] != before:
            raise ModelDamaged(str(request.path), "it changed while it was read")
        sha256 = sha256_of_model(hashes)
        if twin := request.twin(sha256):
            yield twin
            return
        checked = _Checked(header, kind, _base_of(request, header, kind))
        places, tried = yield from _brought_in(request, checked, sources, trial, sha256)
    yield _entry(request, checked, sha256, places, tried)


def _hashed(
    files: Sequence[Path], cancel: CancelToken
) -> Generator[ImportProgress, None, list[str]]:
    try:
        return (yield from hash_files(files, cancel))
    except OSError as error:
        raise ModelDamaged(str(files[0]), f"it cannot be read: {error.strerror}") from error


def _brought_in(
    request: Import,
    checked: _Checked,
    sources: Sequence[Source],
    trial: TrialProcess,
    sha256: str,
) -> Generator[ImportProgress, None, tuple[Sequence[Path], Tried | None]]:
    if request.in_place:
        files = [Path(source.path) for source in sources]
        tried = yield from _tried(request, checked, files[0], trial)
        if not all(source.unchanged for source in sources):
            raise ModelDamaged(str(request.path), "it changed while it was tried")
        return files, tried
    stem = stored_stem(stem_of(request.path.name), sha256)
    copy = IncomingCopy(request.models_folder, stem, _names(stem, len(sources)))
    dropped = True
    try:
        yield from copy.fill(sources, request.cancel)
        tried = yield from _tried(request, checked, copy.paths[0], trial)
        return copy.keep(), tried
    except (ImportInterrupted, DiskFull, GeneratorExit):
        # Nobody asked for the end: what is there is gone on with next time.
        dropped = False
        raise
    finally:
        if dropped:
            copy.drop()


def _tried(
    request: Import, checked: _Checked, path: Path, trial: TrialProcess
) -> Generator[ImportProgress, None, Tried | None]:
    size, cancel = checked.header.size_bytes, request.cancel
    yield ImportProgress("trying", 0, size)
    tried: Tried | None = None
    if checked.kind is ModelKind.EMBEDDER:
        # The file keeps its own precision; the trial asks for none.
        tried = trial.embedder(EmbedderPlace(str(path), ""), cancel)
    elif checked.kind is ModelKind.RERANKER:
        tried = trial.reranker(path, cancel)
    elif checked.kind is ModelKind.CHAT:
        tried = trial.chat(path, cancel)
    elif checked.base is not None:
        tried = trial.adapter(path, checked.base, cancel)
    yield ImportProgress("trying", size, size)
    return tried


def _base_of(request: Import, header: GgufHeader, kind: ModelKind) -> ModelEntry | None:
    """A model of the register that an adapter fits over; None where none is here."""
    if kind is not ModelKind.ADAPTER:
        return None
    for entry in request.known:
        usable = entry.kind is ModelKind.CHAT and entry.status is ModelStatus.READY
        if not usable or entry.architecture != header.architecture:
            continue
        try:
            check_over_base(header, request.path, check_header(Path(entry.path)), entry.name)
        except ModelError:
            continue  # made for another of the same architecture, or that one's file is gone
        return entry
    return None


def _names(stem: str, count: int) -> list[str]:
    if count == 1:
        return [f"{stem}.gguf"]
    return [part_name(stem, at + 1, count) for at in range(count)]


def _entry(
    request: Import,
    checked: _Checked,
    sha256: str,
    places: Sequence[Path],
    tried: Tried | None,
) -> ModelEntry:
    header, kind = checked.header, checked.kind
    name = facts_of(header).name or stem_of(request.path.name)
    entry = described(new_entry(request, name, sha256, kind), header)
    adapter = kind is ModelKind.ADAPTER
    return replace(
        entry,
        id=stored_stem(stem_of(request.path.name), sha256),
        path=str(places[0]),
        parts=tuple(str(place) for place in places[1:]),
        modified_ns=modified_ns(places) if request.in_place else 0,
        base_architecture=header.architecture if adapter else "",
        memory_bytes=header.size_bytes if adapter else entry.memory_bytes,
        trial=_with_template(header, kind, tried),
        tokens_per_second=tried.result.tokens_per_second if tried and not adapter else 0.0,
        dimensions=tried.dimensions if tried else 0,
    )


def _with_template(header: GgufHeader, kind: ModelKind, tried: Tried | None) -> TrialResult | None:
    """The trial's result; it says where the file's own chat template cannot be used."""
    if tried is None:
        return None
    problem = template_problem(header.text("tokenizer.chat_template"))
    if kind is not ModelKind.CHAT or not problem:
        return tried.result
    return replace(tried.result, detail=f"{problem}; ChatML is used in its place")
