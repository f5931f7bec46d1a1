"""`carrel bench turns`: whether each turn of a chat reads only what is new."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from desktop.assistant.facade import Assistant
from desktop.assistant.waiting import EventQueue, result_of
from desktop.cli.options import AsJson, DataDir
from desktop.cli.session import Invocation, explained
from desktop.domain.answers import Answer, AnswerMode, PromptRead

if TYPE_CHECKING:
    from desktop.bench.turns import AskedTurn, BareReading

_ANSWER_TOKENS = 64
_COLLECTION = "Samples"
_KEPT_MB = 512

Say = Callable[[str], None]


def turns(
    context: typer.Context,
    count: Annotated[
        int, typer.Option("--turns", metavar="N", min=3, help="Questions in each chat.")
    ] = 20,
    pause: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="Time to read an answer.")
    ] = 1.0,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Ask in a chat over the samples and in one without documents, through the whole program.

    Each wait for a first token stands beside the bare reading of as many tokens at the same depth
    by a second copy of the model. Then the chats are turned to again, and asked after a restart,
    with and without kept states.
    """
    console = Console(stderr=True)
    invocation: Invocation = context.obj
    with explained(console), ExitStack() as stack:
        folder = data_dir or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        status = stack.enter_context(console.status("reading the samples"))
        bench = _Bench(invocation, folder, pause, status.update)
        measured = bench.run(count)
    if as_json:
        sys.stdout.write(json.dumps(measured) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(measured)) + "\n")


@dataclass(frozen=True)
class _Opened:
    """The program as it is opened once; asked as a face asks."""

    assistant: Assistant
    events: EventQueue
    pause: float

    def ask(self, chat: int, question: str, mode: AnswerMode) -> AskedTurn:
        """Ask and hear the answer out, then pause as somebody who reads it does."""
        from desktop.bench.turns import AskedTurn

        started, before, closing = time.perf_counter(), 0.0, None
        for body in self.events.bodies(self.assistant.answers.ask(chat, question, mode)):
            if isinstance(body, PromptRead) and not before:
                before = time.perf_counter() - started
            closing = body
        answer = result_of(closing)
        assert isinstance(answer, Answer)
        time.sleep(self.pause)
        return AskedTurn(answer.figures, before)


class _Bench:
    """Two chats: one over documents, one with the model alone."""

    def __init__(self, invocation: Invocation, folder: Path, pause: float, say: Say) -> None:
        self._invocation = invocation
        self._folder = folder
        self._pause = pause
        self._say = say

    def run(self, count: int) -> dict[str, Any]:
        from desktop.bench.turns import (
            DOCUMENT_QUESTIONS,
            MODEL_QUESTIONS,
            bare_reading,
            measure_chat,
            summary,
        )

        chats: dict[AnswerMode, int] = {}
        measured: dict[str, Any] = {}
        sets = {AnswerMode.DOCUMENTS: DOCUMENT_QUESTIONS, AnswerMode.MODEL_ONLY: MODEL_QUESTIONS}
        with self._opened() as opened:
            self._prepare(opened)
            entry = opened.assistant.models.running.current()
            plan = opened.assistant.models.running.plan()
            assert entry is not None
            assert plan is not None
            with bare_reading(entry, plan) as bare:
                for mode, questions in sets.items():
                    chats[mode] = self._chat(opened, mode)
                    asked = _asking(opened, chats[mode], mode)
                    measured[mode.value] = summary(
                        measure_chat(questions, count, asked, bare, self._say)
                    )
                switched = self._asked_again(opened, chats, bare)
        with self._opened() as opened, bare_reading(entry, plan) as bare:
            restarted = self._asked_again(opened, chats, bare)
        self._keep_states(0)
        with self._opened() as opened, bare_reading(entry, plan) as bare:
            unkept_restart = self._asked_again(opened, chats, bare)
            unkept_switch = self._asked_again(opened, chats, bare)
        self._keep_states(_KEPT_MB)
        measured["again"] = {
            "switched": {"kept": switched, "not_kept": unkept_switch},
            "restarted": {"kept": restarted, "not_kept": unkept_restart},
        }
        return measured

    @contextmanager
    def _opened(self) -> Iterator[_Opened]:
        events = EventQueue()
        assistant = self._invocation.open_assistant(self._folder, events.post)
        try:
            result_of(list(events.bodies(assistant.models.running.warm()))[-1])
            result_of(list(events.bodies(assistant.answers.warm()))[-1])
            yield _Opened(assistant, events, self._pause)
        finally:
            assistant.close()

    def _prepare(self, opened: _Opened) -> None:
        preferences = opened.assistant.preferences
        settings = preferences.settings()
        sampler = replace(settings.answers.sampler, max_tokens=_ANSWER_TOKENS)
        preferences.change(replace(settings, answers=replace(settings.answers, sampler=sampler)))
        library = opened.assistant.library
        reading = library.index([library.sample_folder()], _COLLECTION)
        result_of(list(opened.events.bodies(reading))[-1])

    def _chat(self, opened: _Opened, mode: AnswerMode) -> int:
        collection = opened.assistant.library.collection(_COLLECTION).id
        documents = mode is AnswerMode.DOCUMENTS
        return opened.assistant.chats.create(collection if documents else None).id

    def _asked_again(
        self, opened: _Opened, chats: dict[AnswerMode, int], bare: BareReading
    ) -> dict[str, Any]:
        """One more question in each chat, the one that stands in the cache last."""
        from dataclasses import asdict

        from desktop.bench.turns import DOCUMENT_QUESTIONS, MODEL_QUESTIONS, measured_turn

        found = {}
        for mode, chat in chats.items():
            self._say(f"turning to the chat: {mode.value}")
            documents = mode is AnswerMode.DOCUMENTS
            question = (DOCUMENT_QUESTIONS if documents else MODEL_QUESTIONS)[0]
            found[mode.value] = asdict(measured_turn(opened.ask(chat, question, mode), bare))
        return found

    def _keep_states(self, size_mb: int) -> None:
        with self._opened() as opened:
            preferences = opened.assistant.preferences
            preferences.change(replace(preferences.settings(), kept_states_mb=size_mb))


def _asking(opened: _Opened, chat: int, mode: AnswerMode) -> Callable[[str], AskedTurn]:
    return lambda question: opened.ask(chat, question, mode)


def _lines(measured: dict[str, Any]) -> list[str]:
    lines = []
    for mode in AnswerMode:
        chat = measured[mode.value]
        lines += [
            f"{mode.value}: wait for the first token / bare reading of the new tokens",
            f"  median {chat['ratio']:.2f}, all together {chat['ratio_of_sums']:.2f}, worst "
            f"{chat['worst_ratio']:.2f}; with finding {chat['whole_ratio']:.2f}; "
            f"{chat['new_tokens']:.0f} new tokens a turn",
        ]
    for kind, ways in measured["again"].items():
        for way, chats in ways.items():
            for mode, turn in chats.items():
                seconds = turn["before_s"] + turn["first_token_s"]
                lines.append(
                    f"{kind}, {way.replace('_', ' ')}, {mode}: {seconds:.2f} s to the first token, "
                    f"{turn['cached_tokens']} of {turn['prompt_tokens']} tokens brought back"
                )
    return lines
