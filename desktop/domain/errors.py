"""Everything that can go wrong and that a person can do something about.

Each error carries facts, never a sentence: `desktop.assistant.sentences` turns the facts
into words, in one place. Those of models stand in `model_errors`.

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
