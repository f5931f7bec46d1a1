"""jinja2's sandbox in which a value is measured before anything is done with all of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from jinja2 import pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Compare, Concat, Dict, Operand
from jinja2.sandbox import ImmutableSandboxedEnvironment

from desktop.inference.template_values import bounded, check_product, check_watched

# Filters that put one text into every part of another value.
_MULTIPLYING = frozenset({"join", "replace"})


class BoundedGenerator(CodeGenerator):
    """Measures what is compared, joined or looked up by, where the code does so itself."""

    def visit_Compare(self, node: Compare, frame: Frame) -> None:  # noqa: N802 - jinja2's name
        self.write("(")
        self._visit_bounded(node.expr, frame)
        for operand in node.ops:
            self.visit(operand, frame)
        self.write(")")

    def visit_Operand(self, node: Operand, frame: Frame) -> None:  # noqa: N802
        self.write(f" {_OPERATORS[node.op]} ")
        self._visit_bounded(node.expr, frame)

    def visit_Concat(self, node: Concat, frame: Frame) -> None:  # noqa: N802
        self.write("str_join((")
        for part in node.nodes:
            self._visit_bounded(part, frame)
            self.write(", ")
        self.write("))")

    def visit_Dict(self, node: Dict, frame: Frame) -> None:  # noqa: N802
        self.write("{")
        for pair in node.items:
            self._visit_bounded(pair.key, frame)
            self.write(": ")
            self.visit(pair.value, frame)
            self.write(", ")
        self.write("}")

    def _visit_bounded(self, node: Any, frame: Frame) -> None:
        self.write("environment.bounded(")
        self.visit(node, frame)
        self.write(")")


_OPERATORS = {
    "eq": "==",
    "ne": "!=",
    "gt": ">",
    "gteq": ">=",
    "lt": "<",
    "lteq": "<=",
    "in": "in",
    "notin": "not in",
}


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """jinja2's sandbox, in which every filter, test, call and output measures its values first."""

    code_generator_class = BoundedGenerator
    bounded = staticmethod(bounded)

    def __init__(self, **options: Any) -> None:
        # Nothing is computed while a template is parsed: jinja2 swallows what goes wrong there,
        # and with it the end of our patience.
        super().__init__(finalize=_shown, optimized=False, **options)
        self.filters = {
            name: _measured(one, multiplies=name in _MULTIPLYING)
            for name, one in self.filters.items()
        }
        self.tests = {name: _measured(one) for name, one in self.tests.items()}

    def call(self, context: Any, obj: Any, /, *args: Any, **named: Any) -> Any:
        """Call what a template calls."""
        check_watched()
        for value in (*args, *named.values()):
            bounded(value)
        if isinstance(text := getattr(obj, "__self__", None), str):
            check_product((text, *args))
        return super().call(context, obj, *args, **named)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look something up by a name, a number or a slice."""
        return super().getitem(obj, bounded(argument))


@pass_context
def _shown(_: Any, value: Any) -> Any:
    return bounded(value)


def _measured(function: Any, *, multiplies: bool = False) -> Callable[..., Any]:
    # With the marks by which jinja2 knows what to hand it first.
    @wraps(function)
    def measured(*args: Any, **named: Any) -> Any:
        check_watched()
        for value in (*args, *named.values()):
            bounded(value)
        if multiplies:
            check_product((*args, *named.values()))
        return function(*args, **named)

    return measured
