"""How models are loaded and run, as settings; what is automatic names what was chosen."""

from __future__ import annotations

import os
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.domain.engine import Device, EnginePlan, KvCacheType, Toggle
from desktop.gui.settings.fields import Automatic, ChoiceField, Field, NumberField

_tr = QCoreApplication.translate
_LEAST_CONTEXT, _CONTEXT_STEP, _MOST_CONTEXT = 1024, 1024, 131_072


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the automatic values stand for here; None where it is not known yet."""

    context_tokens: int | None = None
    gpu_layers: int | None = None
    plan: EnginePlan | None = None
    devices: tuple[Device, ...] = ()


_UNKNOWN = Chosen()


def context_field(most_tokens: int, chosen: Chosen = _UNKNOWN) -> NumberField:
    """`most_tokens` is what the model was trained for, 0 for any model."""
    return NumberField(
        ("engine", "context_tokens"),
        _tr("Settings", "Context"),
        _tr("Settings", "More context needs more memory."),
        _LEAST_CONTEXT,
        max(2 * _LEAST_CONTEXT, min(most_tokens or _MOST_CONTEXT, _MOST_CONTEXT)),
        _CONTEXT_STEP,
        unit=_tr("Settings", "tokens"),
        automatic=Automatic(0, chosen.context_tokens),
    )


def layers_field(layers: int, chosen: Chosen = _UNKNOWN) -> NumberField:
    """How many of a model's layers lie on a GPU."""
    return NumberField(
        ("engine", "gpu_layers"),
        _tr("Settings", "GPU layers"),
        _tr("Settings", "How many of the model's layers the GPU computes."),
        0,
        max(1, layers),
        unit=_tr("Settings", "of {layers}").format(layers=layers),
        automatic=Automatic(-1, chosen.gpu_layers),
    )


def engine_fields(chosen: Chosen = _UNKNOWN) -> tuple[Field, ...]:
    """Everything but context and GPU layers."""
    plan = chosen.plan
    most = os.cpu_count() or 1
    return (
        NumberField(
            ("engine", "threads"),
            _tr("Settings", "Threads for writing"),
            _tr("Settings", "More than the processor has cores makes it slower."),
            1,
            most,
            automatic=Automatic(0, plan.threads if plan else None),
        ),
        NumberField(
            ("engine", "reading_threads"),
            _tr("Settings", "Threads for reading"),
            _tr("Settings", "For the prompt, which is read many words at a time."),
            1,
            most,
            automatic=Automatic(0, plan.reading_threads if plan else None),
        ),
        NumberField(
            ("engine", "batch_tokens"),
            _tr("Settings", "Batch"),
            _tr("Settings", "Tokens read at once; larger is faster, smaller stops sooner."),
            32,
            2048,
            32,
            unit=_tr("Settings", "tokens"),
            automatic=Automatic(0, plan.batch_tokens if plan else None),
        ),
        *_kind_fields(),
        device_field(chosen.devices),
    )


def device_field(devices: tuple[Device, ...]) -> ChoiceField:
    """Where a model is computed: by itself, on the processor, or on one of the GPUs there are."""
    graphics = [device for device in devices if device.computes_graphics]
    return ChoiceField(
        ("engine", "device"),
        _tr("Settings", "Computed on"),
        _tr("Settings", "A GPU that fails gives the work back to the processor, and it is said."),
        (
            ("", _tr("Settings", "Automatic")),
            ("cpu", _tr("Settings", "Processor alone")),
            *((device.name, device.description or device.name) for device in graphics),
        ),
    )


def idle_field() -> NumberField:
    """When a model that nobody asks leaves the memory; for all models alike."""
    return NumberField(
        ("engine", "idle_minutes"),
        _tr("Settings", "Leave the memory after"),
        _tr(
            "Settings", "A model that nobody asked for so long is unloaded, and loaded when asked."
        ),
        0,
        240,
        5,
        unit=_tr("Settings", "minutes"),
        names=((0, _tr("Settings", "never")),),
    )


def kept_states_field() -> NumberField:
    """How much of the disk may hold what models have read of chats."""
    return NumberField(
        ("kept_states_mb",),
        _tr("Settings", "Keep what was read of chats"),
        _tr("Settings", "So that a long chat need not be read again. It goes with the chat."),
        0,
        8192,
        128,
        unit=_tr("Settings", "MB at most"),
        names=((0, _tr("Settings", "never")),),
    )


def _kind_fields() -> tuple[ChoiceField, ...]:
    return (
        ChoiceField(
            ("engine", "kv_type"),
            _tr("Settings", "Numbers of the context"),
            _tr("Settings", "Smaller numbers need less memory and blur what was read."),
            (
                (KvCacheType.AUTO, _tr("Settings", "Automatic")),
                (KvCacheType.F16, _tr("Settings", "16 bits")),
                (KvCacheType.Q8_0, _tr("Settings", "8 bits")),
                (KvCacheType.Q4_0, _tr("Settings", "4 bits")),
            ),
        ),
        _toggle(
            "flash_attention",
            _tr("Settings", "Flash attention"),
            _tr("Settings", "Computes a long context in less memory."),
        ),
        _toggle(
            "memory_map",
            _tr("Settings", "Memory map"),
            _tr("Settings", "Reads the file where it lies and gives it back under pressure."),
        ),
        _toggle(
            "prompt_lookup",
            _tr("Settings", "Prompt lookup"),
            _tr("Settings", "Takes several words at once where an answer quotes the documents."),
        ),
    )


def _toggle(name: str, title: str, detail: str) -> ChoiceField:
    choices = (
        (Toggle.AUTO, _tr("Settings", "Automatic")),
        (Toggle.ON, _tr("Settings", "On")),
        (Toggle.OFF, _tr("Settings", "Off")),
    )
    return ChoiceField(("engine", name), title, detail, choices)
