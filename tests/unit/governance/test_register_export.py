"""The exported register has the shape that is documented, and all that is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from desktop.domain.models import ModelChange, ModelChangeKind
from desktop.domain.register import RegisterRecord
from desktop.governance.register_export import register_export
from tests.support.register_record import BARE, EMBEDDER, FULL, RECORD, REFUSED, SHA256, WRITTEN

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "docs" / "model-register.schema.json").read_text(encoding="utf-8")
)
ALL = [RECORD, *(RegisterRecord(entry) for entry in (BARE, REFUSED, EMBEDDER))]
GONE = [
    ModelChange("gone", WRITTEN, "clerk", ModelChangeKind.REMOVED, "", SHA256),
    ModelChange("gone", WRITTEN - 5, "clerk", ModelChangeKind.IMPORTED, "from \udcff", SHA256),
    ModelChange("other", WRITTEN - 9, "", ModelChangeKind.REFUSED, "it is empty"),
]


def errors(document: Any) -> list[str]:
    Draft202012Validator.check_schema(SCHEMA)
    found = Draft202012Validator(SCHEMA).iter_errors(document)
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in found]


def exported() -> Any:
    return json.loads(register_export(ALL, GONE, WRITTEN))


def test_the_export_follows_its_schema() -> None:
    assert errors(exported()) == []
    assert errors(json.loads(register_export([], [], 0.0))) == []


@pytest.mark.parametrize("field", sorted(SCHEMA["$defs"]["model"]["properties"]))
def test_the_schema_misses_every_field_that_is_taken_away(field: str) -> None:
    document = exported()
    del document["models"][0][field]
    assert errors(document)


def test_the_schema_takes_no_field_that_is_not_described() -> None:
    document = exported()
    document["models"][0]["origin"]["colour"] = "green"
    assert errors(document)


def test_nothing_that_is_known_of_a_model_is_left_out() -> None:
    document = exported()
    model = document["models"][0]
    assert document["version"] == 1
    assert document["written_at"] == "2026-11-18T11:06:40Z"
    assert model["file"] == {
        "path": FULL.path,
        "sha256": SHA256,
        "size_bytes": 5,
        "parts": [],
        "in_place": False,
    }
    assert model["facts"]["layers"] == 30
    assert model["licence"]["kind"] == "limits"
    assert any("700 million" in limit for limit in model["licence"]["limits"])
    assert model["approval"] == {
        "by": "partner",
        "at": "2026-11-18T11:06:40Z",
        "note": "for letters",
    }
    assert model["speed"]["writing_speed"] == 95.5
    assert model["tuning"]["kv_type"] == "f16"
    assert model["choices"]["engine"]["context_tokens"] == 2048
    assert model["choices"]["adapters"] == [{"model_id": "legal", "strength": 0.5}]
    assert [line["change"] for line in model["history"]] == ["approved", "imported"]


def test_what_was_never_measured_or_approved_is_null_and_not_zero() -> None:
    model = exported()["models"][1]
    assert [model[name] for name in ("approval", "trial", "speed", "tuning")] == [None] * 4
    assert model["licence"]["kind"] == "unknown"


def test_models_that_are_gone_keep_their_history() -> None:
    removed = exported()["removed"]
    assert [(one["id"], len(one["history"])) for one in removed] == [("gone", 2), ("other", 1)]
    assert removed[0]["history"][1]["detail"] == "from \udcff"
