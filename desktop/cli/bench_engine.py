"""`carrel bench engine`: writing and reading beside llama.cpp's own benchmark."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from desktop.assistant.events import Event, JobId
from desktop.assistant.facade import Assistant
from desktop.assistant.waiting import EventQueue, result_of
from desktop.cli.options import AsJson, DataDir
from desktop.cli.session import Invocation, explained
from desktop.domain.answers import AnswerMode
from desktop.domain.engine import SamplerSettings, Toggle
from desktop.domain.errors import UnknownModel
from desktop.domain.models import ModelEntry
from desktop.domain.settings import Settings

_WRITTEN_TOKENS = 129


def engine(
    context: typer.Context,
    llama_bench: Annotated[
        Path | None,
        typer.Option("--llama-bench", metavar="PATH", help="llama.cpp's own bench program."),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="ID", help="A model of the register.")
    ] = None,
    pairs: Annotated[int, typer.Option(metavar="N", min=1, help="How often each.")] = 5,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Read and write through the whole application and with llama-bench, in turns.

    A ratio of 1 is the speed of llama-bench at the same depth, with the same threads. Without
    --llama-bench there are figures and no ratios to it.
    """
    console = Console(stderr=True)
    with explained(console), ExitStack() as stack:
        if llama_bench is not None and not llama_bench.is_file():
            raise typer.BadParameter(f"there is no file {llama_bench}", param_hint="--llama-bench")
        status = stack.enter_context(console.status("starting"))
        invocation: Invocation = context.obj
        entry = _entry(invocation, data_dir, model) if model else None
        timed = TimedAssistant(invocation, Path(stack.enter_context(tempfile.TemporaryDirectory())))
        stack.callback(timed.assistant.close)
        status.update("loading and tuning the model")
        entry = timed.prepare(entry)
        # The benches are heavy; nothing else of the command line needs them.
        from desktop.bench.engine import EngineBench, measure_engine

        plan = timed.assistant.models.running.plan()
        assert plan is not None, "the model is in memory"
        try:
            measured = measure_engine(
                EngineBench(entry, plan, timed, llama_bench, pairs, status.update)
            )
        except subprocess.CalledProcessError as error:
            sys.stderr.write(str(error.stderr))
            raise typer.Exit(1) from error
    if as_json or invocation.json:
        sys.stdout.write(json.dumps(measured) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(measured)) + "\n")


class TimedAssistant:
    """An assistant with a data folder of its own, whose events carry the second they came in."""

    def __init__(self, invocation: Invocation, folder: Path) -> None:
        self._said: queue.SimpleQueue[tuple[float, Event]] = queue.SimpleQueue()
        self._job = JobId(0)
        self.assistant: Assistant = invocation.open_assistant(folder, self._post)

    def prepare(self, entry: ModelEntry | None) -> ModelEntry:
        """Load and tune the model to measure, the included one where none is given."""
        models, preferences = self.assistant.models, self.assistant.preferences
        preferences.change(_long_answers(preferences.settings()))
        if entry is not None:
            imported = self._result(models.files.import_file(Path(entry.path), in_place=True))
            assert isinstance(imported, ModelEntry)
            self._result(models.running.use(imported.id))
        else:
            self._result(models.running.warm())
        current = models.running.current()
        assert current is not None
        self._result(models.running.tune(current.id))
        return current

    def ask(self, question: str) -> Iterator[tuple[float, object]]:
        self._job = self.assistant.answers.ask_once(question, None, AnswerMode.MODEL_ONLY)
        yield from self._heard(self._job)

    def stop(self) -> None:
        self.assistant.cancel(self._job)

    def _post(self, event: Event) -> None:
        self._said.put((time.perf_counter(), event))

    def _result(self, job: JobId) -> object:
        return result_of([body for _, body in self._heard(job)][-1])

    def _heard(self, job: JobId) -> Iterator[tuple[float, object]]:
        while True:
            try:
                # In slices, because Ctrl C reaches Python only between them.
                at, event = self._said.get(timeout=0.2)
            except queue.Empty:
                continue
            if event.job == job:
                yield at, event.body
                if event.closing:
                    return


def _entry(invocation: Invocation, data_dir: Path | None, model: str) -> ModelEntry:
    """The entry as the person's own register has it; that folder is only looked into."""
    assistant = invocation.open_assistant(data_dir or invocation.data_dir, EventQueue().post)
    try:
        entry = assistant.models.register.entry(model)
    finally:
        assistant.close()
    if entry is None:
        raise UnknownModel(model)
    return entry


def _long_answers(settings: Settings) -> Settings:
    sampler = SamplerSettings(temperature=0.8, max_tokens=_WRITTEN_TOKENS)
    return replace(
        settings,
        answers=replace(settings.answers, sampler=sampler),
        # llama-bench writes token by token; drafts are measured by themselves.
        engine=replace(settings.engine, prompt_lookup=Toggle.OFF),
    )


def _lines(measured: dict[str, Any]) -> list[str]:
    plan, reading_alone = measured["plan"], measured["engine_reading_tokens_per_second"]
    lines = [
        f"{measured['model']}: {plan['threads']} threads write, {plan['reading_threads']} read, "
        f"batches of {plan['batch_tokens']}, on {plan['device']}",
        "",
        f"writing   {measured['tokens_per_second']:7.1f} tokens/s through the application"
        f"{_against(measured['generation_ratio'])}",
        f"          {measured['engine_tokens_per_second']:7.1f} tokens/s by the engine alone"
        f"{_against(measured['engine_generation_ratio'])}",
        f"reading   {measured['reading_tokens_per_second']:7.1f} tokens/s through the application"
        f"{_against(measured['reading_ratio'])}",
        f"          {reading_alone:7.1f} tokens/s by the engine alone"
        f"{_against(measured['engine_reading_ratio'])}",
        f"first token {measured['seconds_to_first_token']:.2f} s behind some 500 tokens",
    ]
    for doing, stops in measured["stop_ms"].items():
        if stops["stops"]:
            lines.append(
                f"stop while {doing}: median {stops['median']:.1f} ms, "
                f"worst {stops['worst']:.1f} ms of {stops['stops']}"
            )
    lookup = measured["lookup"]
    lines += [
        f"under a schema {measured['schema_ratio']:.3f} of free speed",
        f"prompt lookup {lookup['quoting_ratio']:.3f} on an answer that quotes "
        f"({lookup['drafted_share']:.0%} drafted), {lookup['telling_ratio']:.3f} on another",
    ]
    return lines


def _against(ratio: float | None) -> str:
    return "" if ratio is None else f", {ratio:.3f} of llama-bench"
