"""An assistant in memory: the same doors, lists in place of the disk, scripted answers.

It keeps the promises of `desktop.assistant.facade.Assistant`: every call returns at once, jobs
answer by events, and each job closes with exactly one closing body. Nothing runs in a thread:
a job's events are posted before its call returns, and the mailbox delivers them later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from desktop.assistant.events import (
    Event,
    Failed,
    Finished,
    JobId,
    MessageSaved,
    ModelLoaded,
    ModelLoading,
    Post,
    Stopped,
)
from desktop.domain.answers import Answer, AnswerFinished, AnswerMode, AnswerPiece, PromptRead
from desktop.domain.conversations import Conversation, Message, Role
from desktop.domain.documents import (
    Collection,
    Document,
    DocumentIndexed,
    DocumentKind,
    DocumentStatus,
    FileOutcome,
    IndexProgress,
    IndexReport,
    Page,
)
from desktop.domain.errors import (
    CarrelError,
    FileMissing,
    InvalidName,
    ModelDamaged,
    ModelIncluded,
    UnknownCollection,
    UnknownDocument,
    UnknownModel,
)
from desktop.domain.machine import Check, LockState, MachineStatus, NetworkLock
from desktop.domain.models import Device, ImportProgress, ModelEntry, ModelStatus
from desktop.domain.retrieval import SearchMode, SearchResult
from desktop.domain.settings import Settings

NOW = 1_795_255_200.0  # a fixed moment, so that pictures and tests are the same every day


@dataclass
class Desk:
    """Everything the fake knows; tests fill it and look into it."""

    post: Post
    conversations: dict[int, Conversation] = field(default_factory=dict)
    removed: dict[int, Conversation] = field(default_factory=dict)
    messages: dict[int, list[Message]] = field(default_factory=dict)
    collections: dict[int, Collection] = field(default_factory=dict)
    documents: dict[int, Document] = field(default_factory=dict)
    pages: dict[tuple[int, int], Page] = field(default_factory=dict)
    models: dict[str, ModelEntry] = field(default_factory=dict)
    current: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    window: dict[str, Any] = field(default_factory=dict)
    lock: NetworkLock = NetworkLock(LockState.ENFORCED, "seccomp filter, children included")
    memory_used: int = 312_000_000
    memory_total: int = 25_200_000_000
    now: Callable[[], float] = lambda: NOW
    hold: bool = False  # leave jobs open after their first events, until `cancel` or `finish`
    open_jobs: dict[JobId, list[object]] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def run(self, bodies: Sequence[object], closing: object, shown_first: int = 1) -> JobId:
        """Post a job's events; with `hold` the rest stay back for `finish`."""
        job = JobId(next(self.numbers))
        steps = [*bodies, closing]
        if self.hold:
            self.open_jobs[job] = steps[shown_first:]
            steps = steps[:shown_first]
        for body in steps:
            self.post(Event(job, body))
        return job

    def finish(self, job: JobId) -> None:
        for body in self.open_jobs.pop(job, []):
            self.post(Event(job, body))

    def cancel(self, job: JobId) -> None:
        if self.open_jobs.pop(job, None) is not None:
            self.post(Event(job, Stopped()))


class FakeChats:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def conversations(self) -> list[Conversation]:
        return sorted(
            self._desk.conversations.values(), key=lambda c: (not c.pinned, -c.updated_at, -c.id)
        )

    def conversation(self, conversation_id: int) -> Conversation:
        return self._desk.conversations[conversation_id]

    def create(self, collection_id: int | None, title: str = "") -> Conversation:
        number = max([0, *self._desk.conversations, *self._desk.removed]) + 1
        now = self._desk.now()
        made = Conversation(number, title, collection_id, now, now)
        self._desk.conversations[number] = made
        self._desk.messages[number] = []
        return made

    def rename(self, conversation_id: int, title: str) -> None:
        self._change(conversation_id, title=title)

    def pin(self, conversation_id: int, pinned: bool) -> None:
        self._change(conversation_id, pinned=pinned)

    def set_collection(self, conversation_id: int, collection_id: int | None) -> None:
        self._change(conversation_id, collection_id=collection_id)

    def remove(self, conversation_id: int) -> None:
        self._desk.removed[conversation_id] = self._desk.conversations.pop(conversation_id)

    def restore(self, conversation_id: int) -> None:
        self._desk.conversations[conversation_id] = self._desk.removed.pop(conversation_id)

    def messages(self, conversation_id: int) -> list[Message]:
        return list(self._desk.messages.get(conversation_id, []))

    def save_draft(self, conversation_id: int, text: str) -> None:
        self._change(conversation_id, draft=text)

    def search(self, text: str) -> list[tuple[Conversation, str]]:
        words = text.lower().split()
        found = []
        for conversation in self.conversations():
            said = [conversation.title, *(m.text for m in self.messages(conversation.id))]
            for line in said:
                if words and all(word in line.lower() for word in words):
                    found.append((conversation, line[:120]))
                    break
        return found

    def _change(self, conversation_id: int, **changes: Any) -> None:
        conversations = self._desk.conversations
        conversations[conversation_id] = replace(conversations[conversation_id], **changes)


class FakeAnswers:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(
        self,
        conversation_id: int,
        question: str,
        mode: AnswerMode,
        model_id: str | None = None,
    ) -> JobId:
        asked = self._add(conversation_id, Role.USER, question, mode, None)
        answer = self._desk.answers.get(question) or Answer(
            text=f"There is no scripted answer to “{question}”.", mode=mode, model_id="fake"
        )
        pieces = [AnswerPiece(word + " ") for word in answer.text.split(" ")]
        pieces[-1] = AnswerPiece(pieces[-1].text[:-1])
        said = self._add(conversation_id, Role.ASSISTANT, answer.text, mode, answer)
        bodies: list[object] = [MessageSaved(asked), PromptRead(512, 512), *pieces]
        bodies += [AnswerFinished(answer), MessageSaved(said)]
        return self._desk.run(bodies, Finished(answer), shown_first=2 + len(pieces) // 2)

    def _add(
        self, conversation_id: int, role: Role, text: str, mode: AnswerMode, answer: Answer | None
    ) -> Message:
        messages = self._desk.messages.setdefault(conversation_id, [])
        number = sum(len(kept) for kept in self._desk.messages.values()) + 1
        message = Message(
            number, conversation_id, role, text, mode, self._desk.now() + number, answer
        )
        messages.append(message)
        return message


class FakeLibrary:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def collections(self) -> list[Collection]:
        return list(self._desk.collections.values())

    def collection(self, name: str) -> Collection:
        for collection in self._desk.collections.values():
            if collection.name == name:
                return collection
        raise UnknownCollection(name)

    def create(self, name: str) -> Collection:
        if not name.strip() or len(name) > 100:
            raise InvalidName(name)
        for collection in self._desk.collections.values():
            if collection.name == name:
                return collection
        number = max([0, *self._desk.collections]) + 1
        made = self._desk.collections[number] = Collection(number, name, self._desk.now())
        return made

    def remove(self, collection_id: int) -> JobId:
        gone = self._desk.collections.pop(collection_id)
        return self._desk.run([], Finished(gone), shown_first=0)

    def documents(self, collection_id: int) -> list[Document]:
        return [d for d in self._desk.documents.values() if d.collection_id == collection_id]

    def document(self, document_id: int) -> Document:
        if document_id not in self._desk.documents:
            raise UnknownDocument(document_id)
        return self._desk.documents[document_id]

    def index(self, paths: Sequence[Path], collection_name: str) -> JobId:
        collection = self.create(collection_name)
        files = [f for p in paths for f in (sorted(p.rglob("*")) if p.is_dir() else [p])]
        files = [file for file in files if not file.is_dir()]
        bodies: list[object] = []
        outcomes = []
        for done, file in enumerate(files, start=1):
            bodies.append(IndexProgress(done - 1, len(files), done - 1, done * 4, 96.0, 3.0))
            outcomes.append(self._take(file, collection.id))
            bodies.append(DocumentIndexed(outcomes[-1]))
        self._count(collection.id)
        report = IndexReport(collection_name, tuple(outcomes), 0.1, len(files))
        return self._desk.run([*bodies, report], Finished(report), shown_first=1)

    def remove_document(self, document_id: int) -> JobId:
        gone = self._desk.documents.pop(document_id)
        self._count(gone.collection_id)
        return self._desk.run([], Finished(gone), shown_first=0)

    def retry(self, document_id: int) -> JobId:
        document = self.document(document_id)
        outcome = self._take(Path(document.path), document.collection_id)
        report = IndexReport("", (outcome,), 0.1, outcome.pages)
        return self._desk.run([DocumentIndexed(outcome), report], Finished(report))

    def search(self, query: str, collection_name: str, top_k: int, mode: SearchMode) -> JobId:
        return self._desk.run([], Finished(SearchResult(query, mode, (), (), 0.01)))

    def page(self, document_id: int, number: int) -> Page:
        if (document_id, number) not in self._desk.pages:
            raise UnknownDocument(document_id)
        return self._desk.pages[document_id, number]

    def sample_folder(self) -> Path:
        return Path("samples")

    def sample_questions(self) -> list[str]:
        return ["How long is the lease?", "Who approves expenses?", "What does a desk cost?"]

    def _take(self, file: Path, collection_id: int) -> FileOutcome:
        known = [d for d in self._desk.documents.values() if d.path == str(file)]
        number = known[0].id if known else max([0, *self._desk.documents]) + 1
        there = file.is_file()
        status = DocumentStatus.READY if there else DocumentStatus.FAILED
        error = "" if there else FileMissing.__name__
        self._desk.documents[number] = Document(
            number,
            collection_id,
            str(file),
            file.name,
            DocumentKind.TEXT,
            status,
            "0" * 64,
            file.stat().st_size if there else 0,
            file.stat().st_mtime_ns if there else 0,
            pages=int(there),
            chunks=4 * int(there),
            error=error,
            error_detail="" if there else f"{file.name} is not there.",
            indexed_at=self._desk.now(),
        )
        return FileOutcome(str(file), status, error, int(there), 4 * int(there))

    def _count(self, collection_id: int) -> None:
        documents = self.documents(collection_id)
        ready = sum(d.status is DocumentStatus.READY for d in documents)
        self._desk.collections[collection_id] = replace(
            self._desk.collections[collection_id],
            documents=len(documents),
            ready=ready,
            attention=sum(bool(d.error) for d in documents),
            pages=sum(d.pages for d in documents),
            chunks=sum(d.chunks for d in documents),
        )


class FakeModels:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def entries(self) -> list[ModelEntry]:
        return list(self._desk.models.values())

    def current(self) -> ModelEntry | None:
        return self._desk.models.get(self._desk.current)

    def chosen(self) -> ModelEntry | None:
        wanted = self._desk.settings.model_id
        included = next((e for e in self._desk.models.values() if e.included), None)
        return self._desk.models.get(wanted, included)

    def warm(self) -> JobId:
        chosen = self.chosen()
        if chosen is None:
            return self._desk.run([], Failed(UnknownModel("")))
        return self.use(chosen.id)

    def use(self, model_id: str) -> JobId:
        entry = self._desk.models.get(model_id)
        if entry is None:
            return self._desk.run([], Failed(UnknownModel(model_id)))
        if entry.status is not ModelStatus.READY:
            return self._failed(ModelDamaged(entry.path, entry.refusal))
        self._desk.current = model_id
        self._desk.settings = replace(self._desk.settings, model_id=model_id)
        return self._desk.run([ModelLoading(model_id), ModelLoaded(entry)], Finished(entry))

    def unload(self) -> JobId:
        self._desk.current = ""
        return self._desk.run([], Finished(None), shown_first=0)

    def import_file(self, path: Path) -> JobId:
        if not path.is_file() or path.read_bytes()[:4] != b"GGUF":
            return self._failed(ModelDamaged(str(path), "it does not begin like a GGUF file"))
        size = path.stat().st_size
        entry = ModelEntry(
            id=path.stem.lower(),
            name=path.stem,
            path=str(path),
            sha256="9f2c" + "0" * 56 + "e17a",
            size_bytes=size,
            architecture="llama",
            parameters=4_000_000_000,
            quantization="Q4_K_M",
            context_tokens=32_768,
            licence="Apache-2.0",
            origin=str(path.parent),
            included=False,
            imported_at=self._desk.now(),
            imported_by="",
            status=ModelStatus.READY,
            memory_bytes=2 * size,
        )
        self._desk.models[entry.id] = entry
        steps = [ImportProgress(step, size // 2, size) for step in ("checking", "hashing")]
        return self._desk.run([*steps, entry], Finished(entry))

    def verify(self, model_id: str) -> JobId:
        entry = self._desk.models[model_id]
        if entry.status is ModelStatus.REFUSED:
            return self._failed(ModelDamaged(entry.path, entry.refusal))
        progress = ImportProgress("hashing", entry.size_bytes // 2, entry.size_bytes)
        return self._desk.run([progress], Finished(entry))

    def remove(self, model_id: str) -> JobId:
        entry = self._desk.models[model_id]
        if entry.included:
            return self._failed(ModelIncluded(entry.name))
        del self._desk.models[model_id]
        if self._desk.current == model_id:
            self._desk.current = ""
        return self._desk.run([], Finished(entry), shown_first=0)

    def _failed(self, error: CarrelError) -> JobId:
        return self._desk.run([], Failed(error), shown_first=0)


class FakePreferences:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def set_aside(self) -> str | None:
        return None

    def settings(self) -> Settings:
        return self._desk.settings

    def change(self, settings: Settings) -> None:
        self._desk.settings = settings

    def window_state(self) -> dict[str, Any]:
        return dict(self._desk.window)

    def save_window_state(self, state: dict[str, Any]) -> None:
        self._desk.window = dict(state)


class FakeMachine:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def status(self) -> MachineStatus:
        current = self._desk.models.get(self._desk.current)
        return MachineStatus(
            lock=self._desk.lock,
            model_name=current.name if current else "",
            backend="CPU",
            memory_used_bytes=self._desk.memory_used,
            memory_total_bytes=self._desk.memory_total,
        )

    def devices(self) -> JobId:
        cpu = Device("CPU", "cpu", "AMD EPYC", self._desk.memory_total, 20_900_000_000)
        return self._desk.run([], Finished([cpu]), shown_first=0)

    def doctor(self) -> JobId:
        checks = (
            Check("network lock", self._desk.lock.state is LockState.ENFORCED, "connect: EACCES"),
            Check("database", True, "whole"),
        )
        return self._desk.run(checks, Finished(checks), shown_first=1)

    def self_test(self) -> JobId:
        return self.doctor()


class FakeAssistant:
    """The facade's attributes over one `Desk`."""

    def __init__(self, post: Post) -> None:
        self.desk = Desk(post)
        self.chats = FakeChats(self.desk)
        self.answers = FakeAnswers(self.desk)
        self.library = FakeLibrary(self.desk)
        self.models = FakeModels(self.desk)
        self.preferences = FakePreferences(self.desk)
        self.machine = FakeMachine(self.desk)

    def cancel(self, job: JobId) -> None:
        self.desk.cancel(job)

    def close(self) -> None:
        for job in list(self.desk.open_jobs):
            self.desk.cancel(job)
