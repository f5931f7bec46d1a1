"""Which JSON schemas become a grammar, which are refused, and with what reason."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from desktop.domain.errors import SchemaNotSupported
from desktop.inference.schema_grammar import grammar_of
from desktop.inference.schema_values import number_rule

TREE = {
    "$defs": {
        "node": {
            "type": "object",
            "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/node"}}},
            "required": ["children"],
        }
    },
    "$ref": "#/$defs/node",
}
MANY = {f"p{at}": {"type": "integer"} for at in range(1000)}


def rules_of(schema: Any) -> dict[str, str]:
    lines = grammar_of(json.dumps(schema)).splitlines()
    return dict(line.split(" ::= ", 1) for line in lines)


@pytest.mark.parametrize(
    "schema",
    [
        {},
        True,
        TREE,
        {"title": "Anything", "description": "at all"},
        {"type": "object", "properties": MANY, "required": list(MANY)},
        {"type": "object", "properties": {"a": False}, "additionalProperties": False},
        {"enum": ["a", "ab", 'é"\\\n', "日本語", 1, None, True, [1, {"a": 2}]]},
        {"type": ["string", "null"], "maxLength": 3},
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        {
            "oneOf": [
                {"type": "object", "properties": {"kind": {"const": "a"}}, "required": ["kind"]},
                {"type": "object", "properties": {"kind": {"const": "b"}}, "required": ["kind"]},
            ]
        },
        {"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}]},
        {"type": "string", "format": "date-time"},
        {"type": "object", "required": ["not described"]},
    ],
)
def test_every_rule_of_a_grammar_is_there_and_the_root_leads_it(schema: Any) -> None:
    rules = rules_of(schema)
    assert next(iter(rules)) == "root"
    for body in rules.values():
        unquoted = re.sub(r'"(\\.|[^"\\])*"|\[(\\.|[^\]\\])*\]', " ", body)
        named = set(re.findall(r"[a-z][a-z0-9-]*", unquoted))
        assert named <= set(rules), body


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ('{"type": NaN}', "NaN"),
        ('{"a": 1, "a": 2}', "twice"),
        ("[" * 100_000, "nested"),
        ("[]", "no schema"),
        ("false", "no value"),
        (" " * 300_000, "characters"),
        ('{"$ref": "#"}', "hold itself"),
        ('{"anyOf": [{"$ref": "#"}, {"type": "null"}]}', "comes back"),
        ('{"$ref": "https://example.org/schema"}', "$ref"),
        ('{"$ref": "#anchor"}', "$ref"),
        ('{"$ref": "#/nowhere"}', "not in it"),
        ('{"$ref": "#/$defs/a", "minimum": 1, "$defs": {"a": {}}}', "beside"),
        ('{"properties": {"a": {"$id": "b"}}}', "$id"),
        ('{"type": "string", "pattern": "^a"}', "pattern"),
        ('{"not": {"type": "null"}}', "not"),
        ('{"type": "array", "uniqueItems": true}', "uniqueItems"),
        ('{"type": "string", "format": "email"}', "email"),
        ('{"type": "date"}', "date"),
        ('{"type": "null", "minimum": 1}', "another type"),
        ('{"type": "string", "minLength": 5, "maxLength": 4}', "crossed"),
        ('{"type": "string", "maxLength": 100000}', "maxLength"),
        ('{"type": "string", "minLength": true}', "whole number"),
        ('{"type": "integer", "minimum": 3, "maximum": 2}', "between"),
        ('{"type": "number", "minimum": 0.5}', "fraction"),
        ('{"type": "number", "minimum": 1e999}', "no number"),
        ('{"oneOf": [{"type": "number"}, {"type": "integer"}]}', "two branches"),
        ('{"oneOf": [{"const": 1}, {"const": 1.0}]}', "two branches"),
        ('{"oneOf": [{"properties": {"a": {}}}, {"type": "string"}]}', "two branches"),
        ('{"allOf": [{"type": "null"}, {"type": "string"}]}', "allOf"),
        ('{"enum": []}', "enum"),
        ('{"type": "string", "enum": [1]}', "without a value"),
        ('{"enum": ["\\ud800"]}', "half a character"),
        ('{"required": ["a"], "additionalProperties": false}', "no value"),
        ('{"required": [1]}', "no text"),
    ],
)
def test_what_cannot_be_promised_is_refused_with_its_reason(schema: str, reason: str) -> None:
    with pytest.raises(SchemaNotSupported) as refused:
        grammar_of(schema)
    assert reason in refused.value.reason


def test_many_properties_that_may_be_left_out_are_refused() -> None:
    with pytest.raises(SchemaNotSupported, match="40 properties"):
        grammar_of(json.dumps({"type": "object", "properties": MANY}))


def test_many_branches_are_refused() -> None:
    branches = [{"const": at} for at in range(51)]
    for word in ("anyOf", "oneOf"):
        with pytest.raises(SchemaNotSupported, match="50 branches"):
            grammar_of(json.dumps({word: branches}))


def test_a_value_that_must_hold_itself_is_refused_and_one_that_may_is_not() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}
    schema = {"$defs": {"node": node}, "$ref": "#/$defs/node"}
    grammar_of(json.dumps(schema))
    node["required"] = ["next"]
    with pytest.raises(SchemaNotSupported, match="hold itself"):
        grammar_of(json.dumps(schema))


def as_pattern(body: str) -> re.Pattern[str]:
    """A rule for numbers as Python reads it."""
    body = body.replace("over-zero", r"(\.[0-9]{0,14}[1-9])").replace(
        "fraction", r"(\.[0-9]{1,15})"
    )
    return re.compile("".join(body.split()).replace('"', ""))


@pytest.mark.parametrize(
    ("low", "high"),
    [(0, 0), (0, 9), (0, 130), (-15, 237), (7, 7), (99, 101), (-1000, -1), (-1, 1), (1899, 2026)],
)
def test_whole_numbers_are_held_to_their_bounds(low: int, high: int) -> None:
    rule = as_pattern(number_rule({"minimum": low, "maximum": high}, whole=True))
    for value in range(low - 300, high + 300):
        assert bool(rule.fullmatch(str(value))) == (low <= value <= high), value


@pytest.mark.parametrize(
    ("bounds", "valid", "invalid"),
    [
        ({"minimum": 0, "maximum": 1}, "0 0.5 0.001 1", "-0.1 1.1 2 1.001"),
        ({"exclusiveMinimum": 0, "maximum": 10}, "0.1 0.01 9.99 10", "0 0.0 10.1 -1"),
        ({"minimum": -2, "exclusiveMaximum": 2}, "-2 -1.5 -0.5 0 1.999", "-2.1 2 2.0 -3"),
        ({"exclusiveMinimum": -1, "exclusiveMaximum": 0}, "-0.5 -0.9", "-1 0 -1.5 0.1"),
        ({"minimum": 3}, "3 3.5 1000000", "2 2.9 -3"),
        ({"maximum": -3}, "-3 -3.5 -1000", "-2 0 3"),
        ({"minimum": 5, "exclusiveMinimum": 5}, "5.1 6", "5 4"),
    ],
)
def test_numbers_are_held_to_their_bounds(bounds: dict[str, Any], valid: str, invalid: str) -> None:
    rule = as_pattern(number_rule(bounds, whole=False))
    assert [one for one in valid.split() if not rule.fullmatch(one)] == []
    assert [one for one in invalid.split() if rule.fullmatch(one)] == []
