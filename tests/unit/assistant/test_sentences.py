"""Every error of the domain has words of its own."""

from __future__ import annotations

import inspect

import pytest

from desktop.assistant.sentences import sentence_for
from desktop.domain import errors
from desktop.domain.errors import CarrelError

ABSTRACT = {
    "CarrelError",
    "InputError",
    "DocumentError",
    "ModelError",
    "StorageError",
    "WorkerError",
}
CONCRETE = [
    kind
    for name, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, CarrelError) and name not in ABSTRACT
]
FACTS: dict[str, object] = {
    "path": "/folder/lease.pdf",
    "name": "contracts",
    "reason": "the last page is missing",
    "how": "signal 11",
    "claimed": "a PDF",
    "found": "a JPEG picture",
    "worker": "index",
    "model_id": "smol",
    "limit_s": 8.0,
    "process_id": 42,
}


def build(kind: type[CarrelError]) -> CarrelError:
    names = [name for name in inspect.signature(kind.__init__).parameters if name != "self"]
    wanted = [name for name in names if name not in ("args", "kwargs")]
    return kind(**{name: FACTS.get(name, 7) for name in wanted})


@pytest.mark.parametrize("kind", CONCRETE, ids=lambda kind: kind.__name__)
def test_every_error_becomes_a_sentence_without_its_type_name(kind: type[CarrelError]) -> None:
    line = sentence_for(build(kind)).line
    assert kind.__name__ not in line
    starts_with_a_fact = line.startswith(("lease.pdf", "contracts"))
    assert starts_with_a_fact or line[0].isupper() or line[0] == "“"
    assert line.endswith(".")
    assert "!" not in line


@pytest.mark.parametrize("kind", CONCRETE, ids=lambda kind: kind.__name__)
def test_every_error_keeps_its_facts_as_attributes_for_the_pipes(kind: type[CarrelError]) -> None:
    error = build(kind)
    again = type(error)(**vars(error))
    assert vars(again) == vars(error)
    assert str(again) == str(error)


def test_a_name_with_undecodable_bytes_is_shown_without_failing() -> None:
    error = errors.EmptyFile("/folder/caf\udce9.txt")
    assert "caf?.txt is empty" in sentence_for(error).line
