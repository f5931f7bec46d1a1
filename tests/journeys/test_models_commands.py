"""`carrel models` does all that the register can, with the real included model and a second one."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.support.commands import Commands
from tests.support.gguf_builder import split, tiny_model
from tests.support.model_files import Recipe, write_adapter, write_model
from tests.support.program import REPOSITORY

pytestmark = pytest.mark.journey

INCLUDED = "smollm2-135m-instruct"
SCHEMA = REPOSITORY / "docs" / "model-register.schema.json"
# Small enough that measuring it takes no time: the ways are the same as for a large one.
SMALL = Recipe(layers=2, width=128, feed_forward=256, heads=4, kv_heads=2, context=2048)


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Commands:
    return Commands(tmp_path_factory.mktemp("models-commands") / "data")


@pytest.fixture(scope="module")
def second(commands: Commands, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A second chat model, imported."""
    file = write_model(tmp_path_factory.mktemp("stick") / "second model.gguf", SMALL)
    imported = commands.run("models", "import", file, "--json")
    assert imported.code == 0, imported.messages
    assert "Licence (not stated)" in imported.messages
    entry: dict[str, Any] = imported.document
    assert Path(entry["path"]).read_bytes() == file.read_bytes()
    return entry


def test_the_included_model_is_listed_shown_and_described(commands: Commands) -> None:
    listed = commands.run("models", "list")
    assert listed.code == 0, listed.messages
    assert any(
        line.startswith("*") and INCLUDED in line and "Apache License 2.0" in line
        for line in listed.output.splitlines()
    )
    shown = commands.run("models", "show", INCLUDED, "--json").document
    assert shown["chosen"] is True
    assert shown["licence_terms"]["kind"] == "free"
    assert shown["approval"] is None
    card = commands.run("models", "card", INCLUDED)
    assert card.output.startswith("# SmolLM2 135M Instruct\n")
    (command,) = re.findall(r"^sha256sum .*$", card.output, re.MULTILINE)
    if shutil.which("sha256sum"):
        checked = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
        assert checked.stdout.split()[0] == shown["sha256"]
    assert f"{shown['sha256']}  {Path(shown['path']).name}" in card.output


def test_whether_a_model_fits_is_said_before_it_is_loaded(commands: Commands) -> None:
    small = commands.run("models", "fit", INCLUDED, "--context", "512", "--json").document
    large = commands.run("models", "fit", INCLUDED, "--context", "8192", "--json").document
    assert small["fits"] and large["fits"]
    assert small["needed"]["weights"] == large["needed"]["weights"] > 0
    assert small["needed"]["kv_cache"] * 16 == large["needed"]["kv_cache"]
    assert "Fits   yes" in commands.run("models", "fit", INCLUDED).output


def test_choices_are_changed_shown_and_forgotten(commands: Commands) -> None:
    changed = commands.run(
        "models", "choices", INCLUDED, "--preset", "creative", "--context", "2048", "--seed", "7"
    )
    assert changed.code == 0, changed.messages
    shown = commands.run("models", "choices", INCLUDED, "--json").document
    assert shown["chosen"] == {"context_tokens": "2048", "preset": "creative", "seed": "7"}
    assert shown["sampler"]["temperature"] == 1.0
    later = commands.run("models", "choices", INCLUDED, "--temperature", "0.5", "--json").document
    assert (later["sampler"]["seed"], later["engine"]["context_tokens"]) == (7, 2048)
    forgotten = commands.run("models", "choices", INCLUDED, "--reset", "--json").document
    assert forgotten["engine"] is None and forgotten["sampler"] is None
    history = commands.run("models", "history", INCLUDED, "--json").document["history"]
    assert [line["kind"] for line in history] == ["choices_changed"] * 3
    assert "context tokens: as the settings say → 2048" in history[-1]["detail"]


def test_a_template_that_cannot_be_used_is_refused_and_nothing_is_changed(
    commands: Commands, tmp_path: Path
) -> None:
    template = tmp_path / "template.jinja"
    template.write_text("{% for message in messages %}{{ message.text", encoding="utf-8")
    refused = commands.run("models", "choices", INCLUDED, "--template", template)
    assert refused.code == 1
    assert len(refused.lines) == 1
    assert commands.run("models", "choices", INCLUDED, "--json").document["chat_template"] == ""


def test_a_second_model_is_approved_renamed_measured_and_used(
    commands: Commands, second: dict[str, Any]
) -> None:
    model_id = second["id"]
    approved = commands.run("models", "approve", model_id, "--note", "for letters", "--json")
    assert approved.document["approval"]["note"] == "for letters"
    assert commands.run("models", "rename", model_id, "Our second").code == 0
    bench = commands.run("models", "bench", model_id, "--json")
    assert bench.code == 0, bench.messages
    speed = bench.document
    assert speed["reading_speed"] > speed["writing_speed"] > 0
    assert speed["memory_needed_bytes"] > 0
    assert speed["memory_bytes"] > 0 and speed["seconds_to_first_token"] > 0
    assert speed["runs"] >= 5
    assert abs(speed["read_tokens"] - 512) <= 4
    used = commands.run("models", "use", model_id, "--json")
    assert used.code == 0, used.messages
    shown = commands.run("models", "show", model_id, "--json").document
    assert (shown["chosen"], shown["name"]) == (True, "Our second")
    assert shown["speed"]["writing_speed"] == speed["writing_speed"]
    assert commands.run("models", "use", model_id, "--off", "--json").document["id"] == INCLUDED
    assert commands.run("models", "use", model_id, "--off").code == 2
    history = commands.run("models", "history", model_id, "--json").document["history"]
    kinds = [line["kind"] for line in history]
    assert kinds[:4] == ["used", "measured", "renamed", "approved"]
    assert kinds[-1] == "imported"
    assert all(line["by"] for line in history)


def test_two_models_answer_one_question_each_as_was_chosen_for_it(
    commands: Commands, second: dict[str, Any]
) -> None:
    for model_id, length in ((INCLUDED, "6"), (second["id"], "9")):
        assert commands.run("models", "choices", model_id, "--max-tokens", length).code == 0
    asked = commands.run(
        "models", "compare", "Say hello.", "--models", INCLUDED, second["id"], "--json"
    )
    assert asked.code == 0, asked.messages
    answers = asked.document["answers"]
    assert [answer["model"] for answer in answers] == [INCLUDED, second["id"]]
    assert [answer["completion_tokens"] for answer in answers] == [6, 9]
    assert commands.run("models", "choices", INCLUDED, "--reset").code == 0


def test_an_adapter_is_laid_over_a_model_and_taken_off_again(
    commands: Commands, second: dict[str, Any], tmp_path: Path
) -> None:
    file = write_adapter(tmp_path / "adapter.gguf", "blk.0.attn_q.weight", (128, 128), 4)
    adapter = commands.run("models", "import", file, "--json").document
    assert adapter["kind"] == "adapter"
    laid = commands.run(
        *("models", "choices", second["id"], "--adapter", f"{adapter['id']}=0.5"),
        *("--max-tokens", "4", "--json"),
    )
    assert laid.document["adapters"] == [{"model_id": adapter["id"], "strength": 0.5}]
    asked = commands.run("ask", "Hello?", "--no-documents", "--model", second["id"], "--json")
    assert asked.code == 0, asked.messages
    assert commands.run("models", "use", adapter["id"]).code == 2
    taken = commands.run(
        "models", "choices", second["id"], "--adapter", f"{adapter['id']}=0", "--json"
    )
    assert taken.document["adapters"] == []
    assert commands.run("models", "remove", adapter["id"]).code == 0


def test_a_schema_that_answers_cannot_be_held_to_is_refused(
    commands: Commands, second: dict[str, Any], tmp_path: Path
) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"type": "object", "not": {}}', encoding="utf-8")
    refused = commands.run("models", "choices", second["id"], "--schema", schema)
    assert (refused.code, len(refused.lines)) == (1, 1)
    schema.write_text('{"type": "boolean"}', encoding="utf-8")
    assert commands.run("models", "choices", second["id"], "--schema", schema).code == 0
    asked = commands.run("ask", "Yes?", "--no-documents", "--model", second["id"], "--json")
    assert asked.document["answer"] in ("true", "false"), asked.document
    assert commands.run("models", "choices", second["id"], "--schema", "").code == 0


def test_a_model_in_parts_is_checked_described_and_removed_whole(
    commands: Commands, tmp_path: Path
) -> None:
    first = split(tiny_model(), tmp_path, 3)[0]
    imported = commands.run("models", "import", first, "--json")
    assert imported.code == 0, imported.messages
    entry = imported.document
    files = [Path(entry["path"]), *map(Path, entry["parts"])]
    assert len(files) == 3
    assert commands.run("models", "verify", entry["id"]).code == 0
    card = commands.run("models", "card", entry["id"]).output
    assert all(file.name.replace("_", "\\_") in card for file in files)
    assert commands.run("models", "remove", entry["id"]).code == 0
    assert not any(file.exists() for file in files)


def test_the_export_holds_both_models_and_follows_its_schema(
    commands: Commands, second: dict[str, Any]
) -> None:
    document = commands.run("models", "export").document
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(document)
    assert {model["id"] for model in document["models"]} == {INCLUDED, second["id"]}
    alone = commands.run("models", "export", second["id"]).document
    assert [model["id"] for model in alone["models"]] == [second["id"]]


def test_a_model_used_in_place_is_not_copied_and_not_deleted(
    commands: Commands, tmp_path: Path
) -> None:
    file = write_model(tmp_path / "in place.gguf", SMALL, seed=2)
    entry = commands.run("models", "import", file, "--in-place", "--json").document
    assert (entry["in_place"], entry["path"]) == (True, str(file))
    assert commands.run("models", "remove", entry["id"]).code == 0
    assert file.is_file()


def test_a_changed_file_is_found_and_a_removed_model_keeps_its_history_but_no_file(
    commands: Commands, tmp_path: Path
) -> None:
    file = write_model(tmp_path / "third.gguf", SMALL, seed=3)
    entry = commands.run("models", "import", file, "--json").document
    copy = Path(entry["path"])
    assert commands.run("models", "verify", entry["id"]).code == 0
    with copy.open("r+b") as opened:
        opened.seek(-1, 2)
        last = opened.read(1)
        opened.seek(-1, 2)
        opened.write(bytes([last[0] ^ 1]))
    everything = commands.run("models", "verify", "--all", "--json")
    assert everything.code == 1
    states = {row["id"]: row["status"] for row in everything.document}
    assert states[entry["id"]] == "refused"
    assert states[INCLUDED] == "ready"
    assert commands.run("models", "remove", entry["id"]).code == 0
    assert not copy.exists()
    history = commands.run("models", "history", entry["id"], "--json").document["history"]
    assert [line["kind"] for line in history] == [
        "removed",
        "changed_on_disk",
        "verified",
        "imported",
    ]
    assert {line["sha256"] for line in history} == {entry["sha256"]}
    gone = commands.run("models", "export").document["removed"]
    assert entry["id"] in {model["id"] for model in gone}


def test_the_same_bytes_are_in_the_register_once(
    commands: Commands, second: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "under another name.gguf"
    shutil.copy(second["path"], file)
    again = commands.run("models", "import", file, "--json")
    assert again.document["id"] == second["id"]
    assert "in the register already" in again.messages


def test_new_models_in_a_watched_folder_are_listed_and_then_imported(
    commands: Commands, tmp_path: Path
) -> None:
    file = write_model(tmp_path / "arrived.gguf", SMALL, seed=4)
    os.utime(file, (1.0, 1.0))
    seen = commands.run("models", "folder", tmp_path, "--json").document
    assert (seen["folder"], seen["import_new"]) == (str(tmp_path), False)
    assert [one["path"] for one in seen["found"] if not one["imported"]] == [str(file)]
    taken = commands.run("models", "folder", "--import", "--json").document["found"]
    assert [one["origin"] for one in taken if one["imported"]] == [str(file)]
    assert commands.run("models", "folder", "--json").document["found"] == []
    assert commands.run("models", "folder", "--forget").output == "No folder is watched.\n"
    assert commands.run("models", "remove", taken[0]["id"]).code == 0


def test_a_refused_file_stays_in_the_list_with_its_reason(
    commands: Commands, tmp_path: Path
) -> None:
    file = tmp_path / "half.gguf"
    shutil.copy(write_model(tmp_path / "whole.gguf", SMALL), file)
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size // 2)
    refused = commands.run("models", "import", file)
    assert (refused.code, len(refused.lines)) == (1, 1)
    row = next(
        line for line in commands.run("models", "list").output.splitlines() if "half" in line
    )
    assert "refused: the file ends after" in row


@pytest.mark.parametrize(
    "words",
    [
        ("show", "nobody"),
        ("use", "nobody"),
        ("fit", "nobody"),
        ("choices", "nobody"),
        ("choices", INCLUDED, "--adapter", "nobody=1"),
        ("bench", "nobody"),
        ("tune", "nobody"),
        ("verify", "nobody"),
        ("approve", "nobody"),
        ("withdraw", "nobody"),
        ("rename", "nobody", "Name"),
        ("rename", INCLUDED, " "),
        ("remove", "nobody"),
        ("remove", INCLUDED),
        ("history", "nobody"),
        ("card", "nobody"),
        ("export", "nobody"),
        ("compare", "Who?", "--models", INCLUDED, "nobody"),
        ("compare", "Who?", "--models", INCLUDED, INCLUDED, "-c", "nowhere"),
        ("import", "/no/such/file.gguf"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_explained_in_one_line(
    commands: Commands, words: tuple[str, ...]
) -> None:
    failed = commands.run("models", *words)
    assert failed.code == 1, failed.messages
    assert len(failed.lines) == 1, failed.messages
    assert failed.lines[0].startswith("carrel: ")
    assert failed.output == ""


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("show",),
        ("no-such-command",),
        ("verify",),
        ("verify", INCLUDED, "--all"),
        ("choices", INCLUDED, "--temperature", "9"),
        ("choices", INCLUDED, "--temperature", "nan"),
        ("choices", INCLUDED, "--preset", "wild"),
        ("choices", INCLUDED, "--kv-type", "f64"),
        ("choices", INCLUDED, "--threads", "100000"),
        ("choices", INCLUDED, "--adapter", "legal"),
        ("choices", INCLUDED, "--template", "/no/such/file"),
        ("fit", INCLUDED, "--context", "much"),
        ("folder", "/no/such/folder"),
        ("folder", "--forget", "--ask"),
        ("compare", "Who?", "--models", INCLUDED),
    ],
    ids=lambda words: " ".join(words) or "nothing",
)
def test_wrong_usage_exits_with_2(commands: Commands, words: tuple[str, ...]) -> None:
    wrong = commands.run("models", *words)
    assert wrong.code == 2, wrong.messages
