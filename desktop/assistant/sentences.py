"""The one place where an error's facts become words: what happened, what was kept, what next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.domain import errors, model_errors
from desktop.domain.errors import CarrelError

# As the window counts: files in powers of ten, memory in powers of two.
_MB, _GB = 1_000_000, 1_000_000_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """Three short sentences; `kept` is "" where nothing was at stake."""

    happened: str
    kept: str
    next: str

    @property
    def line(self) -> str:
        """All of it on one line, for the command line and for a table row's detail."""
        return " ".join(part for part in (self.happened, self.kept, self.next) if part)


def sentence_for(error: CarrelError) -> Sentence:
    """Put an error into words; an error without words of its own is named by its type."""
    for kind in type(error).__mro__:
        words = _WORDS.get(kind)
        if words is not None:
            return words(error)
    return Sentence(f"{type(error).__name__}: {error}", "", "")


def _name(path: str) -> str:
    # Undecodable bytes in a file name are shown as question marks; a terminal refuses them raw.
    return Path(path).name.encode("utf-8", "replace").decode("utf-8") or path


def _others(happened: str, following: str = "") -> Sentence:
    return Sentence(happened, "The other files are not affected.", following)


def _question_too_long(error: Any) -> Sentence:
    return Sentence(
        f"The question has {error.characters:,} characters; the limit is {error.limit:,}.",
        "It is kept as you wrote it.",
        "Shorten it, or add the text as a file and ask about that.",
    )


def _adapter_not_for_base(error: Any) -> Sentence:
    base = f" for {error.base}" if error.base else ""
    return Sentence(
        f"The adapter {_name(error.path)} was not made{base}: {error.reason}.",
        "Nothing was loaded from it.",
        "Import the model that it was made for, or another adapter.",
    )


def _file_too_large(error: Any) -> Sentence:
    return _others(
        f"{_name(error.path)} has {error.size_bytes / _MB:,.0f} MB; "
        f"files over {error.limit_bytes / _MB:,.0f} MB are not read.",
        "Raise the limit in Settings, Documents, or split the file.",
    )


def _kind_mismatch(error: Any) -> Sentence:
    return _others(
        f"{_name(error.path)} is named like {error.claimed}, but its content is {error.found}.",
        "Give it its right name, or export it as PDF.",
    )


def _does_not_fit(error: Any) -> Sentence:
    return Sentence(
        f"{error.name} does not fit into memory. It needs {error.needed_bytes / _GB:.1f} GB; "
        f"{error.free_bytes / _GB:.1f} GB is free.",
        "The model in use stays loaded.",
        remedy_words(error.setting, error.value) or "Choose a smaller model, or close programs.",
    )


def remedy_words(setting: str, value: int | str) -> str:
    """With what setting a model would fit, in a sentence; "" where there is none."""
    words = {
        "context_tokens": "With a context of {:,} tokens it would fit.",
        "gpu_layers": "With {:,} layers on the graphics processor it would fit.",
        "kv_type": "With the context kept as {} it would fit.",
        "flash_attention": "With flash attention {} it would fit.",
    }
    return words[setting].format(value) if setting in words else ""


def _in_use(error: Any) -> Sentence:
    holder = f" (process {error.process_id})" if error.process_id else ""
    return Sentence(
        f"Another Carrel{holder} has the data folder {error.path} open.",
        "Nothing was changed.",
        "Close the other one, or choose another folder with --data-dir.",
    )


def _context_too_small(error: Any) -> Sentence:
    return Sentence(
        f"The question needs {error.needed_tokens:,} tokens; "
        f"this model reads {error.context_tokens:,} at most.",
        "The question is kept.",
        "Shorten it, or raise the context in Settings, Models.",
    )


_WORDS: dict[type[Any], Callable[[Any], Sentence]] = {
    errors.EmptyQuestion: lambda _: Sentence("The question is empty.", "", "Write a question."),
    errors.QuestionTooLong: _question_too_long,
    errors.SchemaNotSupported: lambda e: Sentence(
        f"Answers cannot be held to this JSON schema: {e.reason}.",
        "Nothing was asked.",
        "Leave that part out of the schema, or ask without one.",
    ),
    errors.UnknownCollection: lambda e: Sentence(
        f"There is no collection named “{e.name}”.",
        "",
        "“carrel collections list” names them; “carrel index” makes a new one.",
    ),
    errors.InvalidName: lambda e: Sentence(
        f"“{e.name[:60]}” cannot be a name.", "", "Use 1 to 100 visible characters."
    ),
    errors.UnknownDocument: lambda _: Sentence(
        "This document is no longer in the collection.", "", "Add the file again to read it."
    ),
    errors.UnknownModel: lambda e: Sentence(
        f"The model “{e.model_id}” is not on this computer, or no longer.",
        "Chats and collections are kept.",
        "Choose another model, or import this one again; “carrel models list” names those here.",
    ),
    errors.TemplateUnusable: lambda e: Sentence(
        f"This chat template cannot be used: {e.reason}.",
        "The one before it is kept.",
        "Change it, or leave it empty for the model file's own.",
    ),
    errors.ModelIncluded: lambda e: Sentence(
        f"{e.name} came with Carrel and stays.", "", "Choose another model to answer instead."
    ),
    errors.FileMissing: lambda e: _others(
        f"{_name(e.path)} is not there.", "Check the path, or whether a drive is missing."
    ),
    errors.FileUnreadable: lambda e: _others(
        f"{_name(e.path)} cannot be opened: {e.reason}.", "Change its permissions and try again."
    ),
    errors.EmptyFile: lambda e: _others(f"{_name(e.path)} is empty."),
    errors.NoPages: lambda e: _others(f"{_name(e.path)} has no pages."),
    errors.PasswordNeeded: lambda e: _others(
        f"{_name(e.path)} is encrypted and needs a password.",
        "Give its password, or add a copy that needs none.",
    ),
    errors.ProtectedContent: lambda e: _others(
        f"{_name(e.path)} is protected against copying, and only its shop's programs open it.",
        "Add a copy without protection, where its shop offers one.",
    ),
    errors.NeedsTextRecognition: lambda e: _others(
        f"{_name(e.path)} holds pictures of text and no text.",
        "Add a version with a text layer.",
    ),
    errors.KindMismatch: _kind_mismatch,
    errors.KindUnsupported: lambda e: _others(
        f"{_name(e.path)} is {e.found}, which Carrel does not read.", "Export it as PDF or text."
    ),
    errors.FileTooLarge: _file_too_large,
    errors.ContentTooLarge: lambda e: _others(
        f"{_name(e.path)} holds more than Carrel reads: {e.reason}.", "Split it and add the parts."
    ),
    errors.DamagedFile: lambda e: _others(
        f"{_name(e.path)} is damaged: {e.reason}.", "Get a whole copy and add it again."
    ),
    errors.ReaderDied: lambda e: _others(
        f"{_name(e.path)} broke the reader ({e.how}) and is set aside.",
        "Use Retry after replacing the file.",
    ),
    errors.ReaderTimedOut: lambda e: _others(
        f"A page of {_name(e.path)} took longer than {e.limit_s:.0f} s and the file is set aside.",
        "Raise the time limit in Settings, Documents, and use Retry.",
    ),
    errors.FileChangedWhileRead: lambda e: _others(
        f"{_name(e.path)} changed while it was read.", "Add it again when it is finished."
    ),
    errors.Skipped: lambda e: _others(
        f"{_name(e.path)} is skipped, as you asked.", "Use Retry to read it after all."
    ),
    errors.NotFindable: lambda e: _others(
        f"{_name(e.path)} was read, and a search for its own words does not find it.",
        "Use Retry; if that does not help, repair the collection.",
    ),
    model_errors.ModelMissing: lambda e: Sentence(
        f"The file of {e.name} is not at {e.path}.",
        "Chats and collections are kept.",
        "Put it back, import it again, or run the set-up again for an included model.",
    ),
    model_errors.ModelDamaged: lambda e: Sentence(
        f"{_name(e.path)} was refused: {e.reason}.",
        "Nothing was loaded from it.",
        "Copy it again from its source.",
    ),
    model_errors.ModelTrialFailed: lambda e: Sentence(
        f"{_name(e.path)} failed its trial run: {e.reason}.",
        "Nothing was loaded from it.",
        "Choose another file.",
    ),
    model_errors.NotAModel: lambda e: Sentence(
        f"{_name(e.path)} is {e.found}, and no model file.",
        "Nothing was loaded from it.",
        "Choose a GGUF file, or the folder of an embedding model or a reranker.",
    ),
    model_errors.ModelUseUnknown: lambda e: Sentence(
        f"{_name(e.path)} is {e.use}.",
        "Nothing was loaded from it.",
        "Choose a chat model, an embedding model, a reranker or a LoRA adapter.",
    ),
    model_errors.ModelNeedsNewerEngine: lambda e: Sentence(
        f"{_name(e.path)} was refused: the engine does not know {e.unknown}.",
        "Nothing was loaded from it.",
        "It needs a newer engine: use a newer Carrel, or another model.",
    ),
    model_errors.ModelPartMissing: lambda e: Sentence(
        f"{_name(e.path)} is one of {e.count} parts, and {e.missing} is not beside it.",
        "Nothing was loaded from it.",
        "Put all parts into one folder and import any of them.",
    ),
    model_errors.ModelChanged: lambda e: Sentence(
        f"{e.name} is used where it lies, and its file {e.path} was changed since.",
        "Nothing was loaded from it.",
        "Verify it, or import it again.",
    ),
    model_errors.AdapterNotForBase: _adapter_not_for_base,
    model_errors.NoRoomForModel: lambda e: Sentence(
        f"The copy of {_name(e.path)} needs {e.needed_bytes / _GB:,.1f} GB; "
        f"{e.free_bytes / _GB:,.1f} GB are free.",
        "Nothing was copied.",
        "Make room, or use the model where it lies.",
    ),
    model_errors.ImportInterrupted: lambda e: Sentence(
        f"{_name(e.path)} could not be read to its end: {e.reason}.",
        f"The {e.copied_bytes / _MB:,.0f} MB that were copied are kept.",
        "Import it again to go on from there.",
    ),
    model_errors.ModelDoesNotFit: _does_not_fit,
    model_errors.ContextTooSmall: _context_too_small,
    model_errors.EmbedderMissing: lambda e: Sentence(
        f"The included embedding model is not complete at {e.path}.",
        "Documents and chats are kept.",
        "Run the set-up again; it fetches what is missing.",
    ),
    model_errors.EmbedderGone: lambda e: Sentence(
        f"The embedding model {e.name}, with which this collection was read, is not here any more.",
        "Documents and chats are kept; words can still be searched.",
        "Import that model again, or embed the collection anew with the one in use.",
    ),
    errors.DataFolderReadOnly: lambda e: Sentence(
        f"Nothing can be written into the data folder {e.path}.",
        "Nothing was changed.",
        "Change its permissions, or choose another folder with --data-dir.",
    ),
    errors.DiskFull: lambda e: Sentence(
        f"The disk that holds {e.path} is full.",
        "Everything that was finished is kept.",
        "Make room and try again.",
    ),
    errors.DatabaseDamaged: lambda e: Sentence(
        f"The database {e.path} cannot be read.",
        "It was left as it is.",
        "Put a backup in its place, or move it away to start afresh.",
    ),
    errors.DatabaseNewer: lambda e: Sentence(
        f"The database {e.path} was written by a newer Carrel "
        f"(version {e.found}; this one knows {e.supported}).",
        "It was left as it is.",
        "Install the newer Carrel.",
    ),
    errors.DataFolderInUse: _in_use,
    errors.WorkerDied: lambda e: Sentence(
        f"The {e.worker} process ended ({e.how}).",
        "Everything that was finished is kept.",
        "It starts again by itself; try once more.",
    ),
    errors.WorkerTimedOut: lambda e: Sentence(
        f"The {e.worker} process did not answer within {e.limit_s:.0f} s and was ended.",
        "Everything that was finished is kept.",
        "Try once more.",
    ),
}
