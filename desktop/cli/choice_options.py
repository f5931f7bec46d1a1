"""Options for every setting of engine and sampler, made from the settings and their limits."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar, get_type_hints

import typer

from desktop.domain.engine import EngineSettings, SamplerSettings
from desktop.domain.settings import LIMITS

Part = TypeVar("Part", EngineSettings, SamplerSettings)


@dataclass(frozen=True, slots=True)
class ChoiceOption:
    """An option and the setting it sets."""

    flag: str
    part: type[EngineSettings] | type[SamplerSettings]
    field: str
    help: str
    metavar: str = "N"


def _engine(flag: str, field: str, text: str, metavar: str = "N") -> ChoiceOption:
    return ChoiceOption(flag, EngineSettings, field, text, metavar)


def _sampler(flag: str, field: str, text: str, metavar: str = "X") -> ChoiceOption:
    return ChoiceOption(flag, SamplerSettings, field, text, metavar)


FIT_OPTIONS = (
    _engine("--context", "context_tokens", "Tokens of context; 0 leaves it to Carrel."),
    _engine("--kv-type", "kv_type", "How the context is kept: auto, f16, q8_0, q4_0.", "TYPE"),
    _engine("--gpu-layers", "gpu_layers", "Layers on the GPU; -1 all that fit, 0 none."),
    _engine("--batch", "batch_tokens", "Tokens read at once; 0 leaves it to Carrel."),
    _engine("--device", "device", "What computes, by its name; cpu for the processor.", "NAME"),
)
ENGINE_OPTIONS = (
    *FIT_OPTIONS,
    _engine("--threads", "threads", "Threads that write; 0 leaves it to Carrel."),
    _engine("--reading-threads", "reading_threads", "Threads that read; 0 leaves it to Carrel."),
    _engine("--flash-attention", "flash_attention", "auto, on or off.", "WHEN"),
    _engine("--memory-map", "memory_map", "Map the file into memory: auto, on or off.", "WHEN"),
    _engine("--prompt-lookup", "prompt_lookup", "Draft quotes: auto, on or off.", "WHEN"),
)
SAMPLER_OPTIONS = (
    _sampler("--temperature", "temperature", "0 takes the likeliest word always."),
    _sampler("--top-k", "top_k", "Draw from so many tokens; 0 from all.", "N"),
    _sampler("--top-p", "top_p", "Draw from the likeliest that make up this share."),
    _sampler("--min-p", "min_p", "Leave out what is less likely than this share of the best."),
    _sampler("--typical-p", "typical_p", "Locally typical sampling; 1 is off."),
    _sampler("--repeat-penalty", "repeat_penalty", "1 is off."),
    _sampler("--repeat-last", "repeat_last_tokens", "Tokens that penalties look back on.", "N"),
    _sampler("--frequency-penalty", "frequency_penalty", "0 is off."),
    _sampler("--presence-penalty", "presence_penalty", "0 is off."),
    _sampler("--seed", "seed", "The same seed draws the same answer.", "N"),
    _sampler("--max-tokens", "max_tokens", "How long an answer may become.", "N"),
)


def with_options(
    command: Callable[..., None], options: Sequence[ChoiceOption]
) -> Callable[..., None]:
    """Return a command that takes `options` too; its `**given` gets their values by field."""
    own = inspect.signature(command, eval_str=True)
    parameters = [
        *(one for one in own.parameters.values() if one.kind is not one.VAR_KEYWORD),
        *(_parameter(option) for option in options),
    ]

    @functools.wraps(command)
    def taking(*positional: Any, **named: Any) -> None:
        command(*positional, **named)

    taking.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    taking.__annotations__ = {one.name: one.annotation for one in parameters}
    return taking


def changed(part: Part, given: Mapping[str, object]) -> Part:
    """Return `part` with what was given for it; raises `typer.BadParameter`."""
    kind = type(part)
    if any(value != value for value in given.values()):  # noqa: PLR0124 - so only NaN is
        raise typer.BadParameter("A setting is a number.")
    changes = {
        option.field: given[option.field]
        for option in (*ENGINE_OPTIONS, *SAMPLER_OPTIONS)
        if option.part is kind and given.get(option.field) is not None
    }
    return replace(part, **changes)  # type: ignore[arg-type]


def _parameter(option: ChoiceOption) -> inspect.Parameter:
    lowest, highest = LIMITS[option.part].get(option.field, (None, None))
    kind = get_type_hints(option.part)[option.field]
    declared = typer.Option(
        option.flag, metavar=option.metavar, min=lowest, max=highest, help=option.help
    )
    return inspect.Parameter(
        option.field,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind | None, declared],
    )
