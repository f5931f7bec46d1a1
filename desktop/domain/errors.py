"""Everything that can go wrong and that a person can do something about.

Each error carries facts, never a sentence: `desktop.assistant.sentences` turns the facts
into words, in one place.

    CarrelError
     +- InputError            EmptyQuestion, QuestionTooLong, UnknownCollection,
     |                        InvalidName, UnknownDocument, UnknownModel, ModelIncluded,
     |                        TemplateUnusable, SchemaNotSupported
     +- DocumentError         FileMissing, FileUnreadable, EmptyFile, NoPages, PasswordNeeded,
     |                        NeedsTextRecognition, KindMismatch, KindUnsupported, FileTooLarge,
     |                        ContentTooLarge, DamagedFile, ReaderDied, ReaderTimedOut,
     |                        FileChangedWhileRead, ProtectedContent, Skipped,
     |                        NotFindable
     +- ModelError            ModelMissing, ModelDamaged, ModelTrialFailed, ModelDoesNotFit,
     |                        NotAModel, ModelUseUnknown, ModelNeedsNewerEngine,
     |                        ModelPartMissing, ModelChanged, AdapterNotForBase,
     |                        NoRoomForModel, ImportInterrupted, ContextTooSmall,
     |                        EmbedderMissing
     +- StorageError          DataFolderReadOnly, DiskFull, DatabaseNewer, DatabaseDamaged,
     |                        DataFolderInUse
     +- WorkerError           WorkerDied, WorkerTimedOut

    Cancelled                 not an error: the person asked for it
"""

from __future__ import annotations


class CarrelError(Exception):
    """The world, not a bug: shown to the person, with a next step."""


class Cancelled(Exception):
    """The person stopped the work; shown to nobody."""


class InputError(CarrelError):
    """What was asked cannot be done as asked."""


class EmptyQuestion(InputError):
    """The question holds no word."""


class QuestionTooLong(InputError):
    """The question is longer than a question may be."""

    def __init__(self, characters: int, limit: int) -> None:
        super().__init__(characters, limit)
        self.characters = characters
        self.limit = limit


class SchemaNotSupported(InputError):
    """Answers cannot be held to this JSON schema; `reason` is as "the keyword 'not'"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownCollection(InputError):
    """No collection has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class InvalidName(InputError):
    """A name is empty, too long, or holds control characters."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class UnknownDocument(InputError):
    """No document has this id."""

    def __init__(self, document_id: int) -> None:
        super().__init__(document_id)
        self.document_id = document_id


class UnknownModel(InputError):
    """No model in the register has this id."""

    def __init__(self, model_id: str) -> None:
        super().__init__(model_id)
        self.model_id = model_id


class TemplateUnusable(InputError):
    """A chat template cannot be parsed, or fails on a conversation."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ModelIncluded(InputError):
    """The model came with Carrel and cannot be removed."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class DocumentError(CarrelError):
    """One file cannot be read; the others can."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class FileMissing(DocumentError):
    """The file or folder is not there."""


class FileUnreadable(DocumentError):
    """The operating system refuses to open the file or folder."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path)
        self.reason = reason


class EmptyFile(DocumentError):
    """The file has no bytes, or no text and no picture."""


class NoPages(DocumentError):
    """The document is well formed and has no page."""


class PasswordNeeded(DocumentError):
    """The document is encrypted."""


class ProtectedContent(DocumentError):
    """The document is locked to its shop's own programs, and no password opens it."""


class NeedsTextRecognition(DocumentError):
    """The document holds pictures of text and no text."""


class KindMismatch(DocumentError):
    """The content is of another kind than the name says, and that kind is not read."""

    def __init__(self, path: str, claimed: str, found: str) -> None:
        super().__init__(path)
        self.claimed = claimed
        self.found = found


class KindUnsupported(DocumentError):
    """Carrel does not read files of this kind."""

    def __init__(self, path: str, found: str) -> None:
        super().__init__(path)
        self.found = found


class FileTooLarge(DocumentError):
    """The file is larger than the setting allows."""

    def __init__(self, path: str, size_bytes: int, limit_bytes: int) -> None:
        super().__init__(path)
        self.size_bytes = size_bytes
        self.limit_bytes = limit_bytes


class ContentTooLarge(DocumentError):
    """The file is small enough, and what it unpacks to or lists is not."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path)
        self.reason = reason


class DamagedFile(DocumentError):
    """The file does not follow its own format."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path)
        self.reason = reason


class ReaderDied(DocumentError):
    """The reading process ended while it read this file."""

    def __init__(self, path: str, how: str) -> None:
        super().__init__(path)
        self.how = how


class ReaderTimedOut(DocumentError):
    """The reading process went past its time limit on this file."""

    def __init__(self, path: str, limit_s: float) -> None:
        super().__init__(path)
        self.limit_s = limit_s


class FileChangedWhileRead(DocumentError):
    """The file's content changed between the first and the last byte read."""


class Skipped(DocumentError):
    """The person wants this file left alone."""


class NotFindable(DocumentError):
    """The file was read and stored, and does not find itself in the index."""


class ModelError(CarrelError):
    """A model cannot be used."""


class ModelMissing(ModelError):
    """The model's file is not where the register says."""

    def __init__(self, name: str, path: str) -> None:
        super().__init__(name, path)
        self.name = name
        self.path = path


class ModelDamaged(ModelError):
    """The model file is not a whole, well-formed GGUF file, or not the one that was imported."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason


class ModelTrialFailed(ModelError):
    """The model file passed the checks and failed to load or answer in a throwaway process."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason


class NotAModel(ModelError):
    """What was chosen is no model file; `found` says what it is, as "a ZIP archive"."""

    def __init__(self, path: str, found: str) -> None:
        super().__init__(path, found)
        self.path = path
        self.found = found


class ModelUseUnknown(ModelError):
    """A whole model file of a use that Carrel has no place for; `use` is as "a projector"."""

    def __init__(self, path: str, use: str) -> None:
        super().__init__(path, use)
        self.path = path
        self.use = use


class ModelNeedsNewerEngine(ModelError):
    """The bundled llama.cpp does not know what the file names, as "the architecture 'x'"."""

    def __init__(self, path: str, unknown: str) -> None:
        super().__init__(path, unknown)
        self.path = path
        self.unknown = unknown


class ModelPartMissing(ModelError):
    """A model in several files lies here without one of them."""

    def __init__(self, path: str, missing: str, count: int) -> None:
        super().__init__(path, missing, count)
        self.path = path
        self.missing = missing
        self.count = count


class ModelChanged(ModelError):
    """A model that is used where it lies is not the file any more that it was."""

    def __init__(self, name: str, path: str) -> None:
        super().__init__(name, path)
        self.name = name
        self.path = path


class AdapterNotForBase(ModelError):
    """An adapter was made for another model; `base` is "" where no model in the register fits."""

    def __init__(self, path: str, base: str, reason: str) -> None:
        super().__init__(path, base, reason)
        self.path = path
        self.base = base
        self.reason = reason


class NoRoomForModel(ModelError):
    """The disk of the models folder has less room than the copy needs."""

    def __init__(self, path: str, needed_bytes: int, free_bytes: int) -> None:
        super().__init__(path, needed_bytes, free_bytes)
        self.path = path
        self.needed_bytes = needed_bytes
        self.free_bytes = free_bytes


class ImportInterrupted(ModelError):
    """The source went away while it was copied; what was copied is kept, to go on from."""

    def __init__(self, path: str, copied_bytes: int, reason: str) -> None:
        super().__init__(path, copied_bytes, reason)
        self.path = path
        self.copied_bytes = copied_bytes
        self.reason = reason


class ModelDoesNotFit(ModelError):
    """The model needs more memory than is free.

    `setting` is the one of `EngineSettings` with whose `value` it would fit; "" where none helps.
    """

    def __init__(
        self,
        name: str,
        needed_bytes: int,
        free_bytes: int,
        setting: str = "",
        value: int | str = "",
    ) -> None:
        super().__init__(name, needed_bytes, free_bytes, setting, value)
        self.name = name
        self.needed_bytes = needed_bytes
        self.free_bytes = free_bytes
        self.setting = setting
        self.value = value


class ContextTooSmall(ModelError):
    """The question alone fills the model's context window."""

    def __init__(self, needed_tokens: int, context_tokens: int) -> None:
        super().__init__(needed_tokens, context_tokens)
        self.needed_tokens = needed_tokens
        self.context_tokens = context_tokens


class EmbedderMissing(ModelError):
    """The included embedding model's folder is not there or incomplete."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class EmbedderGone(ModelError):
    """The embedding model that a collection's vectors came from is not in the register."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class StorageError(CarrelError):
    """The data folder cannot be used as it must."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class DataFolderReadOnly(StorageError):
    """Nothing can be written into the data folder."""


class DiskFull(StorageError):
    """The disk that holds the data folder is full."""


class DatabaseDamaged(StorageError):
    """The database file cannot be read as a database."""


class DatabaseNewer(StorageError):
    """A newer Carrel wrote this database."""

    def __init__(self, path: str, found: int, supported: int) -> None:
        super().__init__(path)
        self.found = found
        self.supported = supported


class DataFolderInUse(StorageError):
    """Another Carrel has this data folder open."""

    def __init__(self, path: str, process_id: int | None) -> None:
        super().__init__(path)
        self.process_id = process_id


class WorkerError(CarrelError):
    """A child of ours is gone or silent."""

    def __init__(self, worker: str) -> None:
        super().__init__(worker)
        self.worker = worker


class WorkerDied(WorkerError):
    """The process ended in the middle of a call."""

    def __init__(self, worker: str, how: str) -> None:
        super().__init__(worker)
        self.how = how


class WorkerTimedOut(WorkerError):
    """The process did not answer in time and was ended."""

    def __init__(self, worker: str, limit_s: float) -> None:
        super().__init__(worker)
        self.limit_s = limit_s
