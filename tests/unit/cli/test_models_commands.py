"""What `carrel models` takes and says, without a model."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields, replace

import pytest
import typer

from desktop.cli.choice_options import ENGINE_OPTIONS, FIT_OPTIONS, SAMPLER_OPTIONS, changed
from desktop.cli.models_choices import _use
from desktop.cli.models_contract import details_document, fit_document, speed_document
from desktop.cli.models_words import details_lines, fit_lines, list_lines, speed_lines, summary
from desktop.cli.plain_table import facts_lines, table_lines
from desktop.domain.engine import (
    EngineSettings,
    FitRemedy,
    KvCacheType,
    MemoryFit,
    MemoryNeeded,
    ModelChoices,
    SamplerSettings,
)
from desktop.governance.licences import terms_of
from tests.support.register_record import BARE, FULL, RECORD, REFUSED

GIB = 1 << 30
TOO_LARGE = MemoryFit(
    MemoryNeeded(40 * GIB, 4 * GIB, GIB),
    21 * GIB,
    fits=False,
    context_tokens=8192,
    remedy=FitRemedy("context_tokens", 2048),
)


def test_every_number_of_a_sampler_can_be_set_and_every_number_of_an_engine() -> None:
    set_by_option = {option.field for option in (*ENGINE_OPTIONS, *SAMPLER_OPTIONS)}
    of_a_file = {"json_schema"}
    of_the_window = {"idle_minutes"}
    wanted = {field.name for part in (EngineSettings, SamplerSettings) for field in fields(part)}
    assert set_by_option == wanted - of_a_file - of_the_window
    assert set(FIT_OPTIONS) <= set(ENGINE_OPTIONS)


def test_what_was_given_changes_its_own_part_alone() -> None:
    given = {"context_tokens": 0, "kv_type": KvCacheType.Q8_0, "temperature": 0.0, "seed": None}
    engine = changed(EngineSettings(context_tokens=4096, threads=3), given)
    assert engine == EngineSettings(context_tokens=0, threads=3, kv_type=KvCacheType.Q8_0)
    assert changed(SamplerSettings(seed=7), given) == SamplerSettings(temperature=0.0, seed=7)


def test_no_number_is_no_setting() -> None:
    with pytest.raises(typer.BadParameter):
        changed(SamplerSettings(), {"temperature": math.nan})


@pytest.mark.parametrize("text", ["legal", "=1", "legal=", "legal=much", "legal=nan", "legal=5"])
def test_an_adapter_without_a_strength_is_wrong_usage(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        _use(text)


def test_an_adapter_s_id_may_hold_an_equals_sign() -> None:
    assert (_use("a=b=0.5").model_id, _use("a=b=0.5").strength) == ("a=b", 0.5)


def test_columns_stand_below_each_other_and_empty_ones_are_left_out() -> None:
    lines = list(table_lines(("A", "B", "C"), [("北京", "", "x"), ("a", "", "y")]))
    assert lines == ["A     C", "北京  x", "a     y"]


def test_facts_without_a_value_are_not_told() -> None:
    assert list(facts_lines([("Name", ["a", "b"]), ("No", ""), ("Nor", ()), ("It", "c")])) == [
        "Name  a",
        "      b",
        "It    c",
    ]


def test_what_a_file_says_of_itself_cannot_pass_for_a_line_of_ours() -> None:
    spoof = "x\nApproved  by partner\x1b[2K"
    entry = replace(FULL, approval=None, name=spoof, maker=spoof, architecture=spoof)
    details = list(details_lines(entry, terms_of(entry), RECORD.choices, None, False))
    assert [line for line in details if line.startswith("Approved")] == ["Approved      by nobody"]
    assert "\x1b" not in "".join(details[1:])
    assert len(list(list_lines([(entry, terms_of(entry))], set()))) == 2


def test_the_list_marks_the_model_in_use_and_names_the_licence() -> None:
    rows = [(entry, terms_of(entry)) for entry in (FULL, BARE, REFUSED)]
    head, full, bare, refused = list_lines(rows, {"full"})
    assert head.split()[0] == "ID"
    assert full.startswith("*  full")
    assert "96 tokens/s" in full
    assert "partner" in full
    assert "Llama 3.2 Community License (use limits)" in full
    assert "not stated" in bare
    assert refused.endswith("refused: it is empty")


def test_the_details_tell_limits_duties_speed_and_choices() -> None:
    text = "\n".join(details_lines(FULL, terms_of(FULL), RECORD.choices, RECORD.tuning, True))
    for told in (
        "700 million",
        "Built with Llama",
        "95.5 tokens/s",
        "by partner",
        "Kv type",
        "yes",
    ):
        assert told in text, told


def test_what_does_not_fit_is_told_with_its_numbers_and_what_would_help() -> None:
    text = "\n".join(fit_lines(TOO_LARGE))
    for told in ("45.0 GB", "weights 40.0 GB", "21.0 GB", "no", "context tokens 2048"):
        assert told in text, told
    assert fit_document("m", TOO_LARGE)["needed"]["total"] == 45 * GIB


def test_documents_are_json_with_every_field_of_their_value() -> None:
    document = details_document(FULL, terms_of(FULL), RECORD.choices, RECORD.tuning, False)
    assert set(asdict(FULL)) | {"chosen", "licence_terms", "choices", "tuning"} == set(document)
    assert json.loads(json.dumps(document))["licence_terms"]["kind"] == "limits"
    assert FULL.speed is not None
    assert speed_document("full", FULL.speed, 7)["memory_needed_bytes"] == 7
    assert "median of 5 runs that read 512 tokens and wrote 128" in "\n".join(
        speed_lines(FULL.speed, 7)
    )


def test_a_model_of_which_little_is_known_is_told_in_one_line() -> None:
    assert summary(replace(BARE, size_bytes=98_000_000)).startswith("bare: Bare, 98 MB, licence")
    assert list(details_lines(BARE, terms_of(BARE), ModelChoices(), None, False))
