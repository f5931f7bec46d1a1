"""Where every part is built, once, by hand; owns the order of starting and closing.

What only the lanes use is imported by them, when they first use it: the window does not wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.assistant.answers import Answers, AnswersParts
from desktop.assistant.chats import Chats
from desktop.assistant.embedders import Embedders
from desktop.assistant.engine import Engine
from desktop.assistant.events import Post
from desktop.assistant.facade import Assistant
from desktop.assistant.lanes import Jobs, Lane
from desktop.assistant.library import Library, LibraryParts
from desktop.assistant.machine import Machine, MachineParts
from desktop.assistant.model_files import ModelFiles, ModelFilesParts
from desktop.assistant.model_options import ModelOptions
from desktop.assistant.model_register import ModelRegister
from desktop.assistant.models import Models
from desktop.assistant.preferences import Preferences
from desktop.assistant.running_models import RunningModels, RunningModelsParts
from desktop.assistant.search_models import SearchModels
from desktop.assistant.stores import Stores
from desktop.domain.machine import Check, NetworkLock
from desktop.domain.models import ModelStatus
from desktop.domain.settings import VectorIndexKind
from desktop.inference.included_models import (
    CHAT_MODEL_ID,
    CHAT_MODEL_SHA256,
    EMBEDDER_FILES,
    chat_model_path,
    embedder_folder,
    included_chat_model,
)
from desktop.retrieval.index_worker import IndexWorker
from desktop.retrieval.reranker_process import ChosenReranker
from desktop.retrieval.retriever import Retriever
from desktop.storage.instance_lock import InstanceLock
from desktop.storage.locations import Locations
from desktop.storage.model_store import ModelStore

if TYPE_CHECKING:
    from desktop.assistant.waiting import EventQueue
    from desktop.domain.engine import EngineSettings
    from desktop.domain.models import ModelEntry
    from desktop.inference.chat_model import ChatModel
    from desktop.processes.wire import Message

_DRAW_TIME_LIMIT_S = 60.0


def build_assistant(data_dir: Path | None, post: Post, lock: NetworkLock) -> Assistant:
    """Open the data folder and everything that works on it.

    Raises `StorageError` types, `DataFolderInUse` among them; then nothing is left open.
    """
    locations = Locations.of(data_dir)
    instance = InstanceLock.take(locations.data)
    try:
        ground = _lay_ground(locations, post, lock)
    except BaseException:
        instance.release()
        raise

    def closing() -> None:
        ground.close()
        instance.release()

    return _assistant(ground, closing)


@dataclass(frozen=True)
class _Ground:
    """What the assistant's doors share: connections, lanes and the parts that compute."""

    locations: Locations
    lock: NetworkLock
    reads: Stores
    answering: Stores
    indexing: Stores
    errands: Stores
    jobs: Jobs
    answers_lane: Lane
    indexing_lane: Lane
    errands_lane: Lane
    preferences: Preferences
    embedders: Embedders
    index: IndexWorker
    retriever: Retriever
    reranker: ChosenReranker
    engine: Engine

    def close(self) -> None:
        """The lanes first: nothing may run when what it works on is closed."""
        for lane in (self.answers_lane, self.indexing_lane, self.errands_lane):
            lane.close()
        self.engine.unload()
        self.index.close()
        self.reranker.close()
        # Undo is offered while the program runs; what was deleted goes for good now.
        self.reads.conversations.purge_removed()
        for stores in (self.answering, self.indexing, self.errands, self.reads):
            stores.close()


def _lay_ground(locations: Locations, post: Post, lock: NetworkLock) -> _Ground:
    jobs = Jobs(post)
    answering = Stores.open(locations)
    _register_included(answering.models)
    preferences = Preferences(locations)
    embedders = Embedders(preferences.settings, answering.models.entries())
    index = IndexWorker(locations.index, embedders.find)
    reranker = ChosenReranker(lambda: preferences.settings().documents.reranker_folder)
    index.vectors.asked = preferences.settings().documents.vector_index is VectorIndexKind.CHROMA
    return _Ground(
        locations=locations,
        lock=lock,
        reads=Stores.open(locations),
        answering=answering,
        indexing=Stores.open(locations),
        errands=Stores.open(locations),
        jobs=jobs,
        answers_lane=Lane("answers", jobs),
        indexing_lane=Lane("indexing", jobs),
        errands_lane=Lane("errands", jobs),
        preferences=preferences,
        embedders=embedders,
        index=index,
        retriever=Retriever(answering.documents, index, reranker.model),
        reranker=reranker,
        engine=Engine(_load_chat_model, answering.models.entry, CHAT_MODEL_ID),
    )


def _load_chat_model(entry: ModelEntry, settings: EngineSettings) -> ChatModel:
    from desktop.inference.llama_chat_model import LlamaChatModel

    return LlamaChatModel.load(entry, settings)


def _register_included(models: ModelStore) -> None:
    known = models.entry(CHAT_MODEL_ID)
    whole = known is not None and known.status is ModelStatus.READY
    # An update or a move of the program puts the file elsewhere; its header is read again then.
    if not whole or known is None or known.path != str(chat_model_path()):
        models.put(included_chat_model())


def _assistant(ground: _Ground, closing: Callable[[], None]) -> Assistant:
    models = _models(ground)
    return Assistant(
        chats=Chats(ground.reads.conversations),
        answers=_answers(ground),
        library=_library(ground),
        models=models,
        preferences=ground.preferences,
        machine=_machine(ground, models),
        jobs=ground.jobs,
        closing=closing,
    )


def _answers(ground: _Ground) -> Answers:
    return Answers(
        AnswersParts(
            lane=ground.answers_lane,
            stores=ground.answering,
            retriever=ground.retriever,
            index=ground.index,
            engine=ground.engine,
            settings=ground.preferences.settings,
        )
    )


def _library(ground: _Ground) -> Library:
    return Library(
        LibraryParts(
            reads=ground.reads,
            indexing_lane=ground.indexing_lane,
            indexing_stores=ground.indexing,
            answers_lane=ground.answers_lane,
            answers_stores=ground.answering,
            retriever=ground.retriever,
            errands_lane=ground.errands_lane,
            index=ground.index,
            settings=ground.preferences.settings,
        )
    )


def _models(ground: _Ground) -> Models:
    register = ModelRegister(ground.reads.models)
    files = ModelFiles(
        ModelFilesParts(
            answers_lane=ground.answers_lane,
            answers_stores=ground.answering,
            errands_lane=ground.errands_lane,
            errands_stores=ground.errands,
            engine=ground.engine,
            preferences=ground.preferences,
            embedders=ground.embedders,
            models_folder=ground.locations.models,
        )
    )
    running = RunningModels(
        RunningModelsParts(
            reads=ground.reads,
            lane=ground.answers_lane,
            stores=ground.answering,
            engine=ground.engine,
            preferences=ground.preferences,
        )
    )
    return Models(
        register=register,
        files=files,
        running=running,
        options=ModelOptions(ground.reads.models),
        searching=SearchModels(
            ground.preferences, ground.embedders, register.embedders, register.rerankers
        ),
    )


def _machine(ground: _Ground, models: Models) -> Machine:
    return Machine(
        MachineParts(
            errands_lane=ground.errands_lane,
            engine=ground.engine,
            chosen=models.running.chosen,
            lock=ground.lock,
            checks=partial(_checks, ground.locations, ground.lock),
            journey=partial(_journey, ground.lock),
        )
    )


def _checks(locations: Locations, lock: NetworkLock) -> Iterator[Check]:
    from desktop.governance.machine_checks import CheckedMachine, ExpectedFile, check_machine
    from desktop.governance.network_proof import prove_lock
    from desktop.inference.engine_checks import engine_checks

    folders = {"Data folder": locations.data}
    expected = (
        ExpectedFile("Included chat model", chat_model_path(), CHAT_MODEL_SHA256),
        *(
            ExpectedFile(f"Included embedding model, {name}", embedder_folder() / name, sha256)
            for name, sha256 in EMBEDDER_FILES.items()
        ),
    )
    yield from check_machine(CheckedMachine(lock, folders, expected))
    yield from engine_checks()
    yield from prove_lock()


def _journey(lock: NetworkLock) -> Iterator[Check]:
    from desktop.assistant.self_test import self_test

    def open_journey(folder: Path, events: EventQueue) -> Assistant:
        return build_assistant(folder, events.post, lock)

    return self_test(open_journey, _draw_in_child)


def _draw_in_child() -> str:
    from desktop.processes.child import Child

    child = Child("window")
    try:
        drawn = child.call("draw", timeout_s=_DRAW_TIME_LIMIT_S).body
    finally:
        child.close()
    return f"{drawn['width']} x {drawn['height']}, {drawn['colours']} colours"


def serve_drawing(lock: NetworkLock) -> None:
    """Be the child that draws the window off screen, on a data folder of its own."""
    import tempfile

    from desktop.processes.serving import serve
    from desktop.processes.wire import Message

    def draw(_: dict[str, Any], __: tuple[bytes, ...]) -> Message:
        from desktop.gui.drawing import draw_window

        with tempfile.TemporaryDirectory(prefix="carrel-draw-") as folder:
            width, height, colours = draw_window(
                lambda post: build_assistant(Path(folder), post, lock)
            )
        return Message({"width": width, "height": height, "colours": colours})

    serve({"draw": draw})
