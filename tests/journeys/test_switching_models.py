"""Models are switched, compared and taken away while answers are written: none is broken by it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest

from desktop.app import build_assistant
from desktop.assistant.events import (
    ComparedEvent,
    EngineTuned,
    Event,
    Failed,
    Finished,
    JobId,
    ModelLoaded,
    ModelLoading,
    ModelLoadProgress,
    Stopped,
)
from desktop.assistant.facade import Assistant
from desktop.assistant.stores import Stores
from desktop.assistant.waiting import EventQueue
from desktop.domain.answers import Answer, AnswerMode, AnswerPiece, PromptRead
from desktop.domain.conversations import Role
from desktop.domain.engine import (
    AdapterUse,
    EngineSettings,
    ModelChoices,
    SamplerSettings,
    TuningStep,
)
from desktop.domain.errors import TemplateUnusable, UnknownModel
from desktop.domain.model_errors import (
    AdapterNotForBase,
    ModelDamaged,
    ModelDoesNotFit,
    ModelMissing,
)
from desktop.domain.models import ModelChangeKind, ModelEntry, ModelKind, ModelStatus
from desktop.inference.included_models import CHAT_MODEL_ID
from desktop.storage.locations import Locations
from tests.journeys.conftest import UNLOCKED
from tests.support.model_files import write_adapter
from tests.support.second_model import write_second_model

pytestmark = pytest.mark.journey

ASKED = "Write a long story about a lighthouse keeper and the sea."
ANSWERS = SamplerSettings(max_tokens=24)


@dataclass
class Desk:
    """An assistant with two chat models; `watch` sees each event as it is posted."""

    assistant: Assistant
    events: EventQueue
    data: Path
    second: ModelEntry
    watch: Callable[[Event], None] = lambda _: None

    def ask(self, model_id: str | None = None, conversation_id: int | None = None) -> JobId:
        chat = conversation_id or self.assistant.chats.create(None).id
        return self.assistant.answers.ask(chat, ASKED, AnswerMode.MODEL_ONLY, model_id)

    def answer(self, job: JobId) -> Answer:
        answer = self.events.result(job)
        assert isinstance(answer, Answer)
        return answer

    def closing(self, job: JobId) -> object:
        return list(self.events.bodies(job))[-1]

    @property
    def current(self) -> str:
        entry = self.assistant.models.running.current()
        return entry.id if entry is not None else ""


class Watched(EventQueue):
    """Shows every event to the desk before it is waited for."""

    desk: Desk | None = None

    def post(self, event: Event) -> None:
        if self.desk is not None:
            self.desk.watch(event)
        super().post(event)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("models")
    events = Watched()
    assistant = build_assistant(folder / "data", events.post, UNLOCKED)
    try:
        settings = assistant.preferences.settings()
        assistant.preferences.change(
            replace(settings, answers=replace(settings.answers, sampler=ANSWERS))
        )
        file = write_second_model(folder / "second.gguf")
        second = events.result(assistant.models.files.import_file(file, in_place=True))
        assert isinstance(second, ModelEntry)
        events.desk = Desk(assistant, events, folder / "data", second)
        yield events.desk
    finally:
        assistant.close()


@pytest.fixture
def desk(built: Desk) -> Desk:
    built.watch = lambda _: None
    built.events.result(built.assistant.models.running.use(CHAT_MODEL_ID))
    return built


def test_a_switch_waits_for_the_answer_that_is_written_and_holds_for_the_next(desk: Desk) -> None:
    asked = desk.ask()
    switch = desk.assistant.models.running.use(desk.second.id)
    first = desk.answer(asked)
    assert (first.model_id, first.stopped) == (CHAT_MODEL_ID, False)
    assert first.figures.completion_tokens > 4
    bodies = list(desk.events.bodies(switch))
    assert bodies[0] == ModelLoading(desk.second.id)
    assert isinstance(bodies[-2], ModelLoaded)
    assert desk.answer(desk.ask()).model_id == desk.second.id
    assert desk.assistant.models.running.chosen() == desk.second
    assert desk.assistant.models.register.history(desk.second.id)[0].kind is ModelChangeKind.USED


def test_two_switches_in_a_row_are_both_done_in_order(desk: Desk) -> None:
    there = desk.assistant.models.running.use(desk.second.id)
    back = desk.assistant.models.running.use(CHAT_MODEL_ID)
    assert isinstance(desk.closing(there), Finished)
    assert isinstance(desk.closing(back), Finished)
    assert desk.current == CHAT_MODEL_ID


def test_unloading_waits_for_the_answer_and_the_next_question_loads_again(desk: Desk) -> None:
    asked = desk.ask()
    unloaded = desk.assistant.models.running.unload()
    assert not desk.answer(asked).stopped
    assert desk.closing(unloaded) == Finished(None)
    assert desk.current == ""
    assert desk.answer(desk.ask()).text
    assert desk.current == CHAT_MODEL_ID


def test_a_chat_answers_with_its_own_model_and_says_so_when_that_is_gone(
    desk: Desk, tmp_path: Path
) -> None:
    models, chats = desk.assistant.models, desk.assistant.chats
    file = write_second_model(tmp_path / "third.gguf", "Third")
    third = replace(desk.second, id="third", path=str(file), in_place=False)
    register(desk.data, third)
    chat = chats.create(None).id
    chats.set_model(chat, third.id)
    assert desk.answer(desk.ask(conversation_id=chat)).model_id == third.id
    assert desk.answer(desk.ask()).model_id == CHAT_MODEL_ID
    assert desk.answer(desk.ask(CHAT_MODEL_ID, chat)).model_id == CHAT_MODEL_ID

    assert desk.answer(desk.ask(conversation_id=chat)).model_id == third.id
    asked = desk.ask(conversation_id=chat)
    removed = models.files.remove(third.id)
    assert desk.answer(asked).model_id == third.id
    assert isinstance(desk.closing(removed), Finished)
    assert desk.current == ""
    assert file.exists()  # it was used in place: not ours to delete
    said = len(chats.messages(chat))
    failed = desk.closing(desk.ask(conversation_id=chat))
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, UnknownModel)
    assert failed.error.model_id == third.id
    assert len(chats.messages(chat)) == said + 1  # the question is kept
    assert desk.answer(desk.ask("", chat)).model_id == CHAT_MODEL_ID
    assert models.register.history(third.id)[0].kind is ModelChangeKind.REMOVED


def test_a_chat_words_its_answers_in_its_own_way(desk: Desk) -> None:
    chat = desk.assistant.chats.create(None).id
    desk.assistant.chats.set_sampler(chat, SamplerSettings(max_tokens=3))
    assert desk.answer(desk.ask(conversation_id=chat)).figures.completion_tokens == 3
    choices = ModelChoices(sampler=SamplerSettings(max_tokens=5))
    desk.assistant.models.options.change_choices(CHAT_MODEL_ID, choices)
    try:
        assert desk.answer(desk.ask()).figures.completion_tokens == 5
        assert desk.answer(desk.ask(conversation_id=chat)).figures.completion_tokens == 3
    finally:
        desk.assistant.models.options.change_choices(CHAT_MODEL_ID, ModelChoices())


def test_stopping_a_load_leaves_the_model_that_answers(desk: Desk) -> None:
    def stop(event: Event) -> None:
        if isinstance(event.body, ModelLoadProgress):
            desk.assistant.cancel(event.job)

    desk.watch = stop
    assert desk.closing(desk.assistant.models.running.use(desk.second.id)) == Stopped()
    desk.watch = lambda _: None
    assert desk.current == CHAT_MODEL_ID
    assert desk.answer(desk.ask()).text


def test_a_stop_while_the_prompt_is_read_keeps_question_and_model(desk: Desk) -> None:
    def stop(event: Event) -> None:
        if isinstance(event.body, PromptRead) and event.body.tokens_done:
            desk.assistant.cancel(event.job)

    chat = desk.assistant.chats.create(None).id
    question = "Sum this up. " + "The keeper lit the lamp and looked at the sea. " * 120
    desk.watch = stop
    job = desk.assistant.answers.ask(chat, question, AnswerMode.MODEL_ONLY)
    assert desk.answer(job).stopped
    desk.watch = lambda _: None
    assert desk.assistant.chats.messages(chat)[0].text == question.strip()
    assert desk.answer(desk.ask()).text


def register(data: Path, entry: ModelEntry) -> None:
    """Put an entry into the register as an earlier import left it there."""
    stores = Stores.open(Locations.of(data))
    stores.models.put(entry)
    stores.close()


def test_a_question_goes_before_the_measuring_which_is_done_afterwards(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.assistant.running_models._TUNE_AFTER_S", 0.0)
    running = desk.assistant.models.running
    tending = running.tend()
    assert tending is not None
    steps = desk.events.bodies(tending)
    while not (isinstance(step := next(steps), TuningStep) and step.done):
        pass
    asked = desk.ask()
    assert list(steps)[-1] == Stopped()
    assert not desk.answer(asked).stopped
    assert running.tuning(CHAT_MODEL_ID) is None

    bodies = list(desk.events.bodies(waited_for(running.tend)))
    assert isinstance(bodies[-1], Finished)
    tuned = [body for body in bodies if isinstance(body, EngineTuned)]
    assert [body.tuning for body in tuned] == [running.tuning(CHAT_MODEL_ID)]
    plan = running.plan()
    assert plan is not None
    assert plan.tuned
    assert desk.answer(desk.ask()).text


def waited_for(tend: Callable[[], JobId | None]) -> JobId:
    """What is done once the lane has nothing else to do."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        job = tend()
        if job is not None:
            return job
        time.sleep(0.05)
    raise AssertionError("nothing was tended")


def broken(entry: ModelEntry, name: str, path: Path) -> ModelEntry:
    return replace(entry, id=name, name=name, path=str(path), in_place=False, included=False)


@pytest.mark.parametrize("asked_by", ["switch", "question"])
def test_a_model_that_was_damaged_after_its_import_leaves_the_old_one_answering(
    desk: Desk, tmp_path: Path, asked_by: str
) -> None:
    file = write_second_model(tmp_path / "damaged.gguf", "Damaged")
    register(desk.data, broken(desk.second, "damaged", file))
    contents = bytearray(file.read_bytes())
    contents[24 : 24 + 64] = b"\xff" * 64
    file.write_bytes(contents)
    running = desk.assistant.models.running
    failed = desk.closing(running.use("damaged") if asked_by == "switch" else desk.ask("damaged"))
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, ModelDamaged)
    assert (desk.current, running.chosen()) == (CHAT_MODEL_ID, running.current())
    assert desk.answer(desk.ask()).text


def test_a_model_whose_file_is_gone_is_shown_and_refused_with_its_name(
    desk: Desk, tmp_path: Path
) -> None:
    register(desk.data, broken(desk.second, "gone", tmp_path / "gone.gguf"))
    entry = desk.assistant.models.register.entry("gone")
    assert entry is not None
    assert entry.status is ModelStatus.MISSING
    failed = desk.closing(desk.assistant.models.running.use("gone"))
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, ModelMissing)
    assert failed.error.name == "gone"
    assert desk.current == CHAT_MODEL_ID


def test_what_does_not_fit_is_refused_with_the_numbers_and_leaves_the_old_one(
    desk: Desk, tmp_path: Path
) -> None:
    file = write_second_model(tmp_path / "large.gguf", "Large")
    shape = replace(desk.second.shape, layers=120, kv_values=200_000_000)
    large = replace(broken(desk.second, "large", file), shape=shape)
    register(desk.data, large)
    fit = desk.assistant.models.options.fit("large", EngineSettings(context_tokens=8192))
    assert not fit.fits
    failed = desk.closing(desk.assistant.models.running.use("large"))
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, ModelDoesNotFit)
    assert failed.error.needed_bytes > failed.error.free_bytes
    assert desk.current == CHAT_MODEL_ID


def test_choices_that_cannot_work_are_turned_away_and_the_earlier_ones_hold(
    desk: Desk, tmp_path: Path
) -> None:
    options = desk.assistant.models.options
    with pytest.raises(TemplateUnusable):
        options.change_choices(CHAT_MODEL_ID, ModelChoices(chat_template="{% for x in %}"))
    with pytest.raises(TemplateUnusable):
        options.change_choices(CHAT_MODEL_ID, ModelChoices(chat_template="no messages at all"))
    with pytest.raises(UnknownModel):
        options.change_choices(CHAT_MODEL_ID, ModelChoices(adapters=(AdapterUse("nobody"),)))
    adapter = replace(
        broken(desk.second, "adapter", tmp_path / "adapter.gguf"),
        kind=ModelKind.ADAPTER,
        base_architecture="gemma",
    )
    register(desk.data, adapter)
    with pytest.raises(AdapterNotForBase):
        options.change_choices(CHAT_MODEL_ID, ModelChoices(adapters=(AdapterUse("adapter"),)))
    assert options.choices(CHAT_MODEL_ID) == ModelChoices()
    assert desk.answer(desk.ask()).text


def test_an_adapter_is_imported_laid_over_a_model_and_taken_off_when_it_is_removed(
    desk: Desk, tmp_path: Path
) -> None:
    models = desk.assistant.models
    plain = desk.answer(desk.ask())
    file = write_adapter(tmp_path / "adapter.gguf", "blk.29.ffn_down.weight", (1536, 576), 4)
    adapter = desk.events.result(models.files.import_file(file))
    assert isinstance(adapter, ModelEntry)
    assert adapter in models.register.adapters()
    use = AdapterUse(adapter.id)
    models.options.change_choices(CHAT_MODEL_ID, ModelChoices(adapters=(use,)))
    assert desk.answer(desk.ask()).text != plain.text
    removed = models.files.remove(adapter.id)
    assert isinstance(desk.closing(removed), Finished)
    assert desk.current == ""
    assert models.options.choices(CHAT_MODEL_ID) == ModelChoices()
    assert not Path(adapter.path).exists()
    assert desk.answer(desk.ask()).text == plain.text


def test_a_template_of_ones_own_is_used_from_the_next_question_on(desk: Desk) -> None:
    template = (
        "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '\n' }}{% endfor %}assistant:"
    )
    options = desk.assistant.models.options
    options.change_choices(CHAT_MODEL_ID, ModelChoices(chat_template=template))
    try:
        assert options.template_of(CHAT_MODEL_ID) == template
        assert desk.answer(desk.ask()).prompt.endswith("sea.\nassistant:")
    finally:
        options.change_choices(CHAT_MODEL_ID, ModelChoices())
    assert not desk.answer(desk.ask()).prompt.endswith("sea.\nassistant:")


def test_two_models_are_seen_to_write_at_the_same_time(desk: Desk) -> None:
    asked = (desk.second.id, CHAT_MODEL_ID)
    job = desk.assistant.answers.compare(ASKED, None, AnswerMode.MODEL_ONLY, asked)
    bodies = list(desk.events.bodies(job))
    wrote = [
        body.model_id
        for body in bodies
        if isinstance(body, ComparedEvent) and isinstance(body.body, AnswerPiece)
    ]
    both = min(wrote.count(one) for one in asked)
    turns = sum(one != other for one, other in zip(wrote, wrote[1:], strict=False))
    assert turns >= both > 4
    assert isinstance(bodies[-1], Finished)
    answers = bodies[-1].result
    assert isinstance(answers, tuple)
    assert tuple(answer.model_id for answer in answers) == asked
    assert all(answer.text and answer.figures.tokens_per_second for answer in answers)
    assert desk.current == CHAT_MODEL_ID

    chat = desk.assistant.chats.create(None, "Lighthouse").id
    kept = desk.assistant.answers.keep_compared(chat, ASKED, answers[0])
    assert desk.assistant.chats.messages(chat) == list(kept)
    assert (kept[1].role, kept[1].answer) == (Role.ASSISTANT, answers[0])


def test_a_stop_stops_both_models_and_keeps_what_they_wrote(desk: Desk) -> None:
    written = 0

    def stop(event: Event) -> None:
        nonlocal written
        if isinstance(event.body, ComparedEvent) and isinstance(event.body.body, AnswerPiece):
            written += 1
            if written == 6:
                desk.assistant.cancel(event.job)

    desk.watch = stop
    job = desk.assistant.answers.compare(
        ASKED, None, AnswerMode.MODEL_ONLY, (CHAT_MODEL_ID, desk.second.id)
    )
    answers = desk.events.result(job)
    desk.watch = lambda _: None
    assert isinstance(answers, tuple)
    assert all(answer.stopped and answer.text for answer in answers)


def test_twenty_switches_give_the_memory_back(desk: Desk) -> None:
    running, process = desk.assistant.models.running, psutil.Process()

    def there_and_back() -> None:
        for model_id in (desk.second.id, CHAT_MODEL_ID):
            desk.events.result(running.use(model_id))

    def resident_bytes() -> int:
        # From a fresh load both times: else the heap's holes count, a few pages this way or that.
        desk.events.result(running.unload())
        desk.events.result(running.use(CHAT_MODEL_ID))
        return process.memory_info().rss

    there_and_back()
    there_and_back()
    before = resident_bytes()
    for _ in range(10):
        there_and_back()
    assert resident_bytes() < before * 1.02


@pytest.mark.parametrize("work", ["loading", "comparing", "answering"])
def test_closing_waits_for_nothing_and_breaks_nothing(
    work: str, tmp_path: Path, built: Desk
) -> None:
    events = Watched()
    assistant = build_assistant(tmp_path / "data", events.post, UNLOCKED)
    desk = events.desk = Desk(assistant, events, tmp_path / "data", built.second)
    register(desk.data, built.second)
    if work == "loading":
        job = assistant.models.running.use(built.second.id)
        awaited: type = ModelLoading
    elif work == "comparing":
        job = assistant.answers.compare(
            ASKED, None, AnswerMode.MODEL_ONLY, (CHAT_MODEL_ID, built.second.id)
        )
        awaited = ComparedEvent
    else:
        job, awaited = desk.ask(), AnswerPiece
    bodies = events.bodies(job)
    while not isinstance(next(bodies), awaited):
        pass
    assistant.close()
    *_, closing = bodies
    assert isinstance(closing, Stopped | Finished)
    again = build_assistant(tmp_path / "data", events.post, UNLOCKED)
    again.close()
