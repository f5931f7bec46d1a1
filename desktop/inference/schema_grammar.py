"""A JSON schema as a grammar of llama.cpp: whatever it lets through is valid under the schema.

What a grammar cannot promise is refused, never passed over: an answer that only looks right would
be believed. What may be left out stays out of the grammar's reach (properties that the schema
does not name), for a part of what is valid is valid.
"""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

from desktop.domain.errors import SchemaNotSupported
from desktop.inference.schema_branches import are_apart, is_of
from desktop.inference.schema_rules import JSON_RULES, Rules, literal, one_of
from desktop.inference.schema_values import count, number_rule, string_rule

_COMMA = ' "," ws '
_MOST_CHARACTERS = 200_000
_MOST_RULES = 4000
# Each property that may be left out is one more way to go on, as each branch is, and every way is
# tried with the whole vocabulary: 100 properties took 73 ms for one token, and a stop waits for it.
_MOST_OPTIONAL = 40
_MOST_BRANCHES = 50
_MOST_ITEMS = 1000
_REMARKS = frozenset(
    {
        "$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default",
        "examples", "deprecated", "readOnly", "writeOnly",
    }
)  # fmt: skip
_OF_OBJECTS = frozenset({"properties", "required", "additionalProperties", "unevaluatedProperties"})
_OF_ARRAYS = frozenset({"items", "prefixItems", "minItems", "maxItems"})
_OF_STRINGS = frozenset({"minLength", "maxLength", "format"})
_OF_NUMBERS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_WORDS = {
    "object": _OF_OBJECTS,
    "array": _OF_ARRAYS,
    "string": _OF_STRINGS,
    "number": _OF_NUMBERS,
    "integer": _OF_NUMBERS,
    "boolean": frozenset[str](),
    "null": frozenset[str](),
}
_ALL_WORDS = _OF_OBJECTS | _OF_ARRAYS | _OF_STRINGS | _OF_NUMBERS


def grammar_of(schema: str) -> str:
    """The grammar, with the rule "root"; raises `SchemaNotSupported`."""
    if len(schema) > _MOST_CHARACTERS:
        raise SchemaNotSupported(f"more than {_MOST_CHARACTERS:,} characters")
    try:
        parsed = json.loads(schema, parse_constant=_no_number, object_pairs_hook=_named_once)
    except RecursionError:
        raise SchemaNotSupported("too deeply nested") from None
    except ValueError as error:
        raise SchemaNotSupported(f"not JSON: {error}") from None
    try:
        grammar = _Writer(parsed).grammar()
        grammar.encode()
    except RecursionError:
        raise SchemaNotSupported("too deeply nested") from None
    except UnicodeEncodeError:
        raise SchemaNotSupported("half a character") from None
    return grammar


def _no_number(name: str) -> None:
    raise SchemaNotSupported(f"{name} is no JSON number")


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise SchemaNotSupported("a name that stands twice in one object")
    return found


class _Writer:
    """Turns one schema and the schemas inside it into rules."""

    def __init__(self, schema: Any) -> None:
        self._whole = schema
        self._rules = Rules(_MOST_RULES)
        self._referred: dict[str, str] = {}

    def grammar(self) -> str:
        root = self._rule(self._whole)
        self._rules.check(root)
        return "\n".join([f"root ::= {root}", *self._rules.lines(), *JSON_RULES]) + "\n"

    def _rule(self, schema: Any) -> str:
        """The name of a rule for `schema`."""
        if schema is False:
            raise SchemaNotSupported("a part that no value can be valid under")
        if not isinstance(schema, dict | bool):
            raise SchemaNotSupported("a part that is no schema")
        if schema is not self._whole and isinstance(schema, dict) and "$id" in schema:
            raise SchemaNotSupported("an '$id' inside it")
        held: dict[str, Any] = schema if isinstance(schema, dict) else {}
        words = {word: value for word, value in held.items() if word not in _REMARKS}
        if not words:
            return "value"
        for word, write in (
            ("$ref", self._reference), ("const", self._constant), ("enum", self._choice),
            ("anyOf", self._any_of), ("oneOf", self._one_of), ("allOf", self._all_of),
        ):  # fmt: skip
            if word in words:
                beside = set(words) - {word} - ({"type"} if word in ("const", "enum") else set())
                if beside:
                    raise SchemaNotSupported(f"'{min(beside)}' beside '{word}'")
                return write(words)
        return self._typed(words)

    def _typed(self, words: dict[str, Any]) -> str:
        if unknown := set(words) - _ALL_WORDS - {"type"}:
            raise SchemaNotSupported(f"the keyword '{min(unknown)}'")
        named = words.get("type", _type_meant(words))
        types: list[Any] = named if isinstance(named, list) else [named]
        if not types or not all(isinstance(one, str) and one in _WORDS for one in types):
            raise SchemaNotSupported(f"the type {json.dumps(named)}")
        if set(words) - {"type"} - frozenset().union(*(_WORDS[one] for one in types)):
            raise SchemaNotSupported("keywords of another type than its own")
        return self._either([self._of_type(one, words) for one in dict.fromkeys(types)])

    def _of_type(self, named: str, words: dict[str, Any]) -> str:
        match named:
            case "object":
                return self._object(words)
            case "array":
                return self._array(words)
            case "string":
                return self._rules.add(string_rule(words))
            case "number" | "integer":
                return self._rules.add(number_rule(words, whole=named == "integer"))
        return named

    def _reference(self, words: dict[str, Any]) -> str:
        pointer = words["$ref"]
        if not _is_inside(pointer):
            raise SchemaNotSupported("a '$ref' that is no path in the schema itself")
        if pointer not in self._referred:
            # The name first: the schema may refer to itself.
            name = self._referred[pointer] = self._rules.reserve()
            inner = self._rule(self._found(pointer))
            self._rules.fill(name, inner, needs=[[inner]], leads=[inner])
        return self._referred[pointer]

    def _found(self, pointer: str) -> Any:
        place = self._whole
        for step in pointer[1:].split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            if isinstance(place, list) and key.isdecimal() and int(key) < len(place):
                place = place[int(key)]
            elif isinstance(place, dict) and key in place:
                place = place[key]
            else:
                raise SchemaNotSupported(f"'{pointer}' is not in it")
        return place

    def _constant(self, words: dict[str, Any]) -> str:
        return self._choice({**words, "enum": [words["const"]]})

    def _choice(self, words: dict[str, Any]) -> str:
        allowed = [one for one in _as_list(words, "enum") if is_of(one, words.get("type"))]
        if not allowed:
            raise SchemaNotSupported("an 'enum' without a value")
        return self._rules.add(one_of(json.dumps(one, ensure_ascii=False) for one in allowed))

    def _any_of(self, words: dict[str, Any]) -> str:
        return self._either([self._rule(one) for one in _as_list(words, "anyOf")])

    def _one_of(self, words: dict[str, Any]) -> str:
        branches = _as_list(words, "oneOf")
        for one, other in combinations(branches, 2):
            if not are_apart(one, other, self._resolved):
                raise SchemaNotSupported("a 'oneOf' of which one value may meet two branches")
        return self._any_of({"anyOf": branches})

    def _resolved(self, schema: Any) -> Any:
        pointer = schema.get("$ref") if isinstance(schema, dict) else None
        return self._found(str(pointer)) if _is_inside(pointer) else schema

    def _all_of(self, words: dict[str, Any]) -> str:
        parts = _as_list(words, "allOf")
        if len(parts) > 1:
            raise SchemaNotSupported("an 'allOf' of several schemas")
        return self._rule(parts[0])

    def _either(self, names: list[str]) -> str:
        if len(names) == 1:
            return names[0]
        if len(names) > _MOST_BRANCHES:
            raise SchemaNotSupported(f"more than {_MOST_BRANCHES} branches")
        return self._rules.add(" | ".join(names), [[name] for name in names], names)

    def _object(self, words: dict[str, Any]) -> str:
        properties = words.get("properties", {})
        required = words.get("required", [])
        others = words.get("additionalProperties", True)
        if not isinstance(properties, dict) or not isinstance(required, list):
            raise SchemaNotSupported("'properties' or 'required' of a wrong kind")
        if words.get("unevaluatedProperties", False) is not False:
            raise SchemaNotSupported("the keyword 'unevaluatedProperties'")
        if not all(isinstance(name, str) for name in required):
            raise SchemaNotSupported("a name in 'required' that is no text")
        properties = {**{name: others for name in required}, **properties}
        properties = {
            name: held for name, held in properties.items() if held is not False or name in required
        }
        if not properties:
            return self._map(others)
        needed = [name for name in properties if name in required]
        optional = [name for name in properties if name not in required]
        if len(optional) > _MOST_OPTIONAL:
            raise SchemaNotSupported(f"more than {_MOST_OPTIONAL} properties not 'required'")
        pairs = {name: self._pair(name, properties[name]) for name in (*needed, *optional)}
        body = f'"{{" ws {self._members(needed, optional, pairs)} ws "}}"'
        return self._rules.add(body, [[pairs[name] for name in needed]])

    def _pair(self, name: str, schema: Any) -> str:
        value = self._rule(schema)
        key = literal(json.dumps(name, ensure_ascii=False))
        return self._rules.add(f'{key} ws ":" ws {value}', [[value]])

    def _members(self, needed: list[str], optional: list[str], pairs: dict[str, str]) -> str:
        first = _COMMA.join(pairs[name] for name in needed)
        # From the last one: each way through leaves out what it passes by.
        rest, alone = "", '""'
        for name in reversed(optional):
            if rest:
                alone = self._rules.add(f"{pairs[name]} {rest} | {alone}")
                rest = self._rules.add(f'"," ws {pairs[name]} {rest} | {rest}')
            else:
                alone = self._rules.add(f'{pairs[name]} | ""')
                rest = self._rules.add(f'"," ws {pairs[name]} | ""')
        return f"{first} {rest}" if needed else alone

    def _map(self, others: Any) -> str:
        if others is False:
            return self._rules.add('"{" ws "}"')
        if others is True or others == {}:
            return "object"
        pair = self._rules.add(f'string ws ":" ws {self._rule(others)}')
        more = self._rules.add(f'("," ws {pair})*')
        return self._rules.add(f'"{{" ws ({pair} {more})? ws "}}"')

    def _array(self, words: dict[str, Any]) -> str:
        fewest, most = count(words, "minItems", 0), count(words, "maxItems", -1)
        if "prefixItems" in words:
            return self._tuple(_as_list(words, "prefixItems"), fewest, most)
        if most == 0 or words.get("items") is False:
            if fewest:
                raise SchemaNotSupported("an array with fewer items than it needs")
            return self._rules.add('"[" ws "]"')
        item = self._rule(words.get("items", True))
        if max(fewest, most) > _MOST_ITEMS or -1 < most < fewest:
            raise SchemaNotSupported(f"'minItems' or 'maxItems' beyond {_MOST_ITEMS}, or crossed")
        one_more = self._rules.add(f'"," ws {item}', [[item]])
        until = "" if most < 0 else str(most - 1)
        more = self._rules.add(f"{one_more}{{{max(fewest - 1, 0)},{until}}}")
        if fewest:
            return self._rules.add(f'"[" ws {item} {more} ws "]"', [[item]])
        return self._rules.add(f'"[" ws ({item} {more})? ws "]"')

    def _tuple(self, schemas: list[Any], fewest: int, most: int) -> str:
        if fewest > len(schemas) or -1 < most < len(schemas):
            raise SchemaNotSupported("'minItems' or 'maxItems' against 'prefixItems'")
        items = [self._rule(one) for one in schemas]
        inner = _COMMA.join(items)
        return self._rules.add(f'"[" ws {inner} ws "]"', [items])


def _is_inside(pointer: object) -> bool:
    """Whether a "$ref" is a plain path from the schema's root."""
    return (
        isinstance(pointer, str) and (pointer == "#" or pointer[:2] == "#/") and "%" not in pointer
    )


def _type_meant(words: dict[str, Any]) -> str | None:
    """The type whose keywords a schema without "type" uses."""
    meant = [named for named, own in _WORDS.items() if own & set(words)]
    return meant[0] if meant else None


def _as_list(words: dict[str, Any], word: str) -> list[Any]:
    found = words[word]
    if not isinstance(found, list) or not found:
        raise SchemaNotSupported(f"'{word}' without a list")
    return found
