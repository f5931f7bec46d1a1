"""Running a chat template from an untrusted file: no escape, no endless loop, no huge text.

The sandbox stops escapes. A template may still loop over loops or double a text until memory
ends, so rendering is watched: every line looks at the clock, every result at its size. Parsing,
which runs nothing of it, is watched too.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from types import FrameType
from typing import Any

from desktop.inference.template_values import TemplateFailed

_LIMIT_S = 0.5  # of this thread's own processor time, so that a busy machine is no reason
_CALLS_A_LOOK = 128
_LIMIT_CHARACTERS = 1 << 20
_LIMIT_SOURCE_CHARACTERS = 256 << 10
_LIMIT_RANGE = 10_000
_LIMIT_POWER = 64
_LIMIT_NUMBER = 1 << 64

# Each makes a text or a list of any width in one step, where no clock is looked at, and no
# template needs one.
_REFUSED_FILTERS = ("batch", "center", "format", "indent", "slice", "wordwrap")
_REFUSED_METHODS = frozenset(
    {"center", "ljust", "rjust", "zfill", "expandtabs", "format", "format_map", "translate"}
)


class SandboxedTemplate:
    """A parsed template."""

    def __init__(self, source: str, limit_s: float = _LIMIT_S) -> None:
        """Parse it; parsing and each rendering may take `limit_s` of processor time."""
        if len(source) > _LIMIT_SOURCE_CHARACTERS:
            raise TemplateFailed("the chat template is too long")
        from jinja2 import TemplateError

        # What jinja2 makes of a template is compiled by Python, which has limits of its own.
        parse_errors = (TemplateError, SyntaxError, RecursionError, MemoryError)
        value_errors = (ArithmeticError, ValueError, TypeError)
        self._limit_s = limit_s
        try:
            with _watched(_some_calls(limit_s)):
                self._template = _environment().from_string(source)
        except (*parse_errors, *value_errors) as error:
            raise TemplateFailed(f"the chat template cannot be parsed: {error}") from error

    def render(self, **values: object) -> str:
        """The text of the template; raises `TemplateFailed`."""
        try:
            with _watched(_each_line(self._limit_s)):
                text: str = self._template.render(**values)
        except TemplateFailed:
            raise
        except Exception as error:
            # A template is a foreign program: any error of its own is its failure, not ours.
            raise TemplateFailed(f"the chat template failed: {error}") from error
        if len(text) > _LIMIT_CHARACTERS:
            raise TemplateFailed("the chat template makes an endless prompt")
        return text


def _environment() -> Any:
    # jinja2 is imported where a template is first met.
    from desktop.inference.template_bounds import BoundedEnvironment

    class Environment(BoundedEnvironment):
        intercepted_binops = frozenset({"*", "**", "%"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if not isinstance(left, int | float) or not isinstance(right, int | float):
                raise TemplateFailed("the chat template multiplies or formats text")
            grown = max(abs(left), abs(right)) > _LIMIT_NUMBER
            if grown or (operator == "**" and abs(right) > _LIMIT_POWER):
                raise TemplateFailed("the chat template computes too large a number")
            return super().call_binop(context, operator, left, right)

        def wrap_str_format(self, value: Any) -> Any:
            if super().wrap_str_format(value) is not None:
                raise TemplateFailed("the chat template multiplies or formats text")
            return None

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            return attr not in _REFUSED_METHODS and super().is_safe_attribute(obj, attr, value)

    environment = Environment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    for name in _REFUSED_FILTERS:
        environment.filters.pop(name)
    environment.globals = {
        "range": _short_range,
        "namespace": environment.globals["namespace"],
        "dict": dict,
        "raise_exception": _raise_exception,
        "strftime_now": _strftime_now,
    }
    return environment


def _short_range(*bounds: int) -> range:
    made = range(*bounds)
    if len(made) > _LIMIT_RANGE:
        raise TemplateFailed("the chat template counts too far")
    return made


def _raise_exception(message: str) -> None:
    raise TemplateFailed(f"the chat template refuses these messages: {message}")


def _strftime_now(layout: str) -> str:
    # Whole days only: a clock in the prompt would spoil the cached prefix every turn.
    today = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    return today.strftime(layout)


_Watch = Callable[[FrameType, str, Any], Any]


@contextmanager
def _watched(watch: _Watch) -> Iterator[None]:
    # Only this thread is watched, and only while the template is worked on.
    before = sys.gettrace()
    sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(before)


def _each_line(limit_s: float) -> _Watch:
    """Ends a rendering that takes longer, or makes too much."""
    deadline = time.thread_time() + limit_s

    def watch(_: FrameType, event: str, value: Any) -> _Watch:
        if time.thread_time() > deadline:
            raise TemplateFailed("the chat template does not come to an end")
        sized = event == "return" and isinstance(value, str | list | tuple)
        if sized and len(value) > _LIMIT_CHARACTERS:
            raise TemplateFailed("the chat template makes an endless prompt")
        return watch

    return watch


def _some_calls(limit_s: float) -> _Watch:
    """Ends a parsing that takes longer.

    Nothing of the template runs in it, so a look now and then is enough: line by line it took
    thirty times as long, and long templates of real models did not come to an end.
    """
    deadline = time.thread_time() + limit_s
    calls = count(1)

    def watch(_: FrameType, __: str, ___: Any) -> None:
        if not next(calls) % _CALLS_A_LOOK and time.thread_time() > deadline:
            raise TemplateFailed("the chat template does not come to an end")

    return watch
