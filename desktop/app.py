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
from desktop.assistant.doctor import draw_in_child, look_over
from desktop.assistant.embedders import Embedders
from desktop.assistant.engine import Engine
from desktop.assistant.events import Post
from desktop.assistant.facade import Assistant
from desktop.assistant.included_model import register_included
from desktop.assistant.kept_prefixes import KeptPrefixes
from desktop.assistant.lanes import Jobs, Lane
from desktop.assistant.library import Library, LibraryParts
from desktop.assistant.machine import Machine, MachineParts
from desktop.assistant.measuring import Measuring, MeasuringParts
from desktop.assistant.model_files import ModelFiles, ModelFilesParts
from desktop.assistant.model_loading import Loader, LoaderParts
from desktop.assistant.model_options import ModelOptions
from desktop.assistant.model_register import ModelRegister
from desktop.assistant.models import Models
from desktop.assistant.preferences import Preferences
from desktop.assistant.running_models import RunningModels, RunningModelsParts
from desktop.assistant.search_models import SearchModels
from desktop.assistant.stores import Stores
from desktop.assistant.tunings import Tunings
from desktop.domain.machine import Check, NetworkLock
from desktop.domain.settings import VectorIndexKind
from desktop.governance.memory import keep_one_heap
from desktop.inference.included_models import CHAT_MODEL_ID
from desktop.retrieval.index_worker import IndexWorker
from desktop.retrieval.reranker_process import ChosenReranker
from desktop.retrieval.retriever import Retriever
from desktop.storage.instance_lock import InstanceLock
from desktop.storage.locations import Locations
from desktop.storage.sequence_states import SequenceStates

if TYPE_CHECKING:
    from desktop.assistant.waiting import EventQueue
    from desktop.processes.wire import Message


def build_assistant(data_dir: Path | None, post: Post, lock: NetworkLock) -> Assistant:
    """Open the data folder and everything that works on it.

    Raises `StorageError` types, `DataFolderInUse` among them; then nothing is left open.
    """
    keep_one_heap()
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
    loader: Loader
    prefixes: KeptPrefixes
    engine: Engine

    def close(self) -> None:
        """The lanes first: nothing may run when what it works on is closed."""
        for lane in (self.answers_lane, self.indexing_lane, self.errands_lane):
            lane.close()
        # Undo is offered while the program runs; what was deleted goes for good now, before the
        # model in memory leaves behind what it has read.
        self.reads.conversations.purge_removed()
        self.engine.unload()
        self.prefixes.tidy()
        self.index.close()
        self.reranker.close()
        for stores in (self.answering, self.indexing, self.errands, self.reads):
            stores.close()


def _lay_ground(locations: Locations, post: Post, lock: NetworkLock) -> _Ground:
    jobs = Jobs(post)
    answering = Stores.open(locations)
    register_included(answering.models)
    preferences = Preferences(locations)
    embedders = Embedders(preferences.settings, answering.models.entries())
    index = IndexWorker(locations.index, embedders.find)
    reranker = ChosenReranker(lambda: preferences.settings().documents.reranker_folder)
    answers_lane = Lane("answers", jobs)
    loader = Loader(
        LoaderParts(
            models=answering.models,
            tunings=answering.tunings,
            say=answers_lane.say,
            fallback_id=CHAT_MODEL_ID,
        )
    )
    index.vectors.asked = preferences.settings().documents.vector_index is VectorIndexKind.CHROMA
    prefixes = _prefixes(locations, answering, preferences)
    return _Ground(
        locations=locations,
        lock=lock,
        reads=Stores.open(locations),
        answering=answering,
        indexing=Stores.open(locations),
        errands=Stores.open(locations),
        jobs=jobs,
        answers_lane=answers_lane,
        indexing_lane=Lane("indexing", jobs),
        errands_lane=Lane("errands", jobs),
        preferences=preferences,
        embedders=embedders,
        index=index,
        retriever=Retriever(answering.documents, index, reranker.model),
        reranker=reranker,
        loader=loader,
        prefixes=prefixes,
        engine=Engine(loader, before_closing=prefixes.leave),
    )


def _prefixes(locations: Locations, stores: Stores, preferences: Preferences) -> KeptPrefixes:
    def limit_bytes() -> int:
        return preferences.settings().kept_states_mb * 1_000_000

    prefixes = KeptPrefixes(SequenceStates(stores.database, locations.sequence_states, limit_bytes))
    # A kill may have left files of chats that are gone.
    prefixes.tidy()
    return prefixes


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
            reads=ground.reads,
            stores=ground.answering,
            retriever=ground.retriever,
            index=ground.index,
            engine=ground.engine,
            prefixes=ground.prefixes,
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
    register = ModelRegister(ground.reads.models, Tunings(ground.reads.tunings))
    return Models(
        register=register,
        files=_model_files(ground),
        running=_running_models(ground),
        options=ModelOptions(
            ground.reads.models,
            Tunings(ground.reads.tunings),
            ground.preferences,
            ground.engine,
        ),
        searching=SearchModels(
            ground.preferences, ground.embedders, register, ground.reads.models.note
        ),
    )


def _model_files(ground: _Ground) -> ModelFiles:
    return ModelFiles(
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


def _running_models(ground: _Ground) -> RunningModels:
    measuring = Measuring(
        MeasuringParts(ground.answering, ground.engine, ground.loader, ground.preferences)
    )
    return RunningModels(
        RunningModelsParts(
            reads=ground.reads,
            lane=ground.answers_lane,
            stores=ground.answering,
            engine=ground.engine,
            measuring=measuring,
            preferences=ground.preferences,
            included_id=CHAT_MODEL_ID,
            quiet=lambda: ground.indexing_lane.idle and ground.errands_lane.idle,
        )
    )


def _machine(ground: _Ground, models: Models) -> Machine:
    return Machine(
        MachineParts(
            errands_lane=ground.errands_lane,
            engine=ground.engine,
            chosen=models.running.chosen,
            lock=ground.lock,
            checks=partial(look_over, ground.locations, ground.lock),
            journey=partial(_journey, ground.lock),
        )
    )


def _journey(lock: NetworkLock) -> Iterator[Check]:
    from desktop.assistant.self_test import self_test

    def open_journey(folder: Path, events: EventQueue) -> Assistant:
        return build_assistant(folder, events.post, lock)

    return self_test(open_journey, draw_in_child)


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
