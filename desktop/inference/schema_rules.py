"""Rules of a llama.cpp grammar under names of their own, and whether an answer can ever end."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Sequence
from itertools import groupby

from desktop.domain.errors import SchemaNotSupported

# White space has an end, or a model could write it until its tokens are used up. A code point is
# spelled out only where it is no half of a pair.
JSON_RULES = (
    'ws ::= "" | " " | "\\n" [ \\t]{0,20}',
    'value ::= object | array | string | number | boolean | null',
    'object ::= "{" ws (pair more-pairs)? ws "}"',
    'pair ::= string ws ":" ws value',
    'more-pairs ::= ("," ws pair)*',
    'array ::= "[" ws (value more-values)? ws "]"',
    'more-values ::= ("," ws value)*',
    'string ::= "\\"" char* "\\""',
    'char ::= [^"\\\\\\x00-\\x1F\\x7F] | "\\\\" (["\\\\/bfnrt] | "u" point)',
    "point ::= [0-9a-cefA-CEF] hex hex hex | [dD] [0-7] hex hex",
    "hex ::= [0-9a-fA-F]",
    'number ::= "-"? whole fraction? exponent?',
    'integer ::= "-"? whole',
    'whole ::= "0" | [1-9] [0-9]{0,14}',
    'fraction ::= "." [0-9]{1,15}',
    'exponent ::= [eE] [-+]? [0-9]{1,2}',
    'over-zero ::= "." [0-9]{0,14} [1-9]',
    'boolean ::= "true" | "false"',
    'null ::= "null"',
)  # fmt: skip
_KNOWN = frozenset(rule.partition(" ")[0] for rule in JSON_RULES)


class Rules:
    """Collects rules. What each needs to end, and what it may begin with, is noted beside it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bodies: dict[str, str] = {}
        self._needs: dict[str, Sequence[Sequence[str]]] = {}
        self._leads: dict[str, Sequence[str]] = {}

    def add(
        self,
        body: str,
        needs: Sequence[Sequence[str]] = ((),),
        leads: Sequence[str] = (),
    ) -> str:
        """Add a rule and return its name.

        `needs` are the rules of each way through it, `leads` those that it may begin with.
        """
        name = self.reserve()
        self.fill(name, body, needs, leads)
        return name

    def reserve(self) -> str:
        """A name for a rule that is filled later."""
        if len(self._bodies) >= self._most:
            raise SchemaNotSupported(f"more than {self._most:,} parts")
        name = f"r{len(self._bodies)}"
        self._bodies[name] = '""'
        return name

    def fill(
        self, name: str, body: str, needs: Sequence[Sequence[str]], leads: Sequence[str]
    ) -> None:
        self._bodies[name] = body
        self._needs[name] = needs
        self._leads[name] = leads

    def lines(self) -> list[str]:
        return [f"{name} ::= {body}" for name, body in self._bodies.items()]

    def check(self, root: str) -> None:
        """Raise `SchemaNotSupported` where a value would have to hold itself."""
        if root not in _KNOWN and root not in self._ending():
            raise SchemaNotSupported("a value that would have to hold itself, without end")
        begun: set[str] = set()
        for name in self._bodies:
            self._refuse_circle(name, (), begun)

    def _ending(self) -> set[str]:
        ending = set(_KNOWN)
        while True:
            more = {
                name
                for name, ways in self._needs.items()
                if name not in ending and any(ending.issuperset(way) for way in ways)
            }
            if not more:
                return ending
            ending |= more

    def _refuse_circle(self, name: str, above: tuple[str, ...], begun: set[str]) -> None:
        if name in above:
            raise SchemaNotSupported("a '$ref' that comes back to itself")
        if name in begun:
            return
        for lead in self._leads.get(name, ()):
            self._refuse_circle(lead, (*above, name), begun)
        begun.add(name)


def literal(text: str) -> str:
    """A text as a grammar spells it."""
    spelled = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{spelled}"'


def one_of(texts: Iterable[str]) -> str:
    """Any of these texts; what begins alike is spelled once, so that few ways lie open at once."""
    return _branches(sorted(set(texts)))


def _branches(texts: Sequence[str]) -> str:
    branches = []
    for _, group in groupby(texts, key=lambda text: text[:1]):
        alike = list(group)
        begin = os.path.commonprefix(alike)
        rests = [text[len(begin) :] for text in alike]
        branches.append(literal(begin) + (f" ({_branches(rests)})" if len(alike) > 1 else ""))
    return " | ".join(branches)
