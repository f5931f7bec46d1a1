"""The command line keeps its contract: fields, exit codes, and where output goes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop.domain.models import ModelStatus
from tests.support.program import REPOSITORY, Program

pytestmark = pytest.mark.journey

SAMPLES = REPOSITORY / "resources" / "samples"
COLLECTION = "Sämples 1"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A data folder with the sample collection in it."""
    program = Program(tmp_path_factory.mktemp("command-line") / "data")
    indexed = program.run("index", SAMPLES, "--collection", COLLECTION, "--json")
    assert indexed.code == 0, indexed.messages
    document = indexed.document
    assert set(document) >= {"collection", "files", "counts", "seconds", "pages_per_second"}
    assert document["collection"] == COLLECTION
    assert {file["status"] for file in document["files"]} == {"ready"}
    assert all(file["pages"] > 0 and file["chunks"] > 0 for file in document["files"])
    return program


def test_searching_gives_ranked_hits_with_their_places(program: Program) -> None:
    found = program.run(
        "search", "monthly rent", "-c", COLLECTION, "--top", "3", "--mode", "keyword", "--json"
    )
    assert found.code == 0, found.messages
    hits = found.document["hits"]
    assert [hit["rank"] for hit in hits] == list(range(1, len(hits) + 1))
    assert 1 <= len(hits) <= 3
    for hit in hits:
        assert set(hit) >= {"score", "path", "title", "location", "text", "chunk_id"}
        assert Path(hit["path"]).is_file()
    on_paper = [hit for hit in hits if hit["path"].endswith(".pdf")]
    assert on_paper
    assert all(hit["page"] >= 1 and hit["location"]["boxes"] for hit in on_paper)


def test_many_questions_give_one_document_a_line(program: Program, tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    rows = [{"id": "a", "question": "rent"}, {"id": 7, "question": 'notice "period" (OR NEAR*'}]
    asked.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    found = program.run("search", "--queries", asked, "-c", COLLECTION, "--mode", "keyword")
    assert found.code == 0, found.messages
    assert [json.loads(line)["id"] for line in found.output.splitlines()] == ["a", 7]


def test_asking_gives_answer_citations_statements_and_figures(program: Program) -> None:
    question = json.loads((SAMPLES.parent / "sample_questions.json").read_text(encoding="utf-8"))[0]
    asked = program.run("ask", question["question"], "-c", COLLECTION, "--json")
    assert asked.code == 0, asked.messages
    document = asked.document
    assert document["answer"]
    assert document["prompt_tokens"] > 0
    assert document["completion_tokens"] > 0
    assert document["seconds_to_first_token"] > 0
    assert document["tokens_per_second"] > 0
    assert document["model"]
    citation = document["citations"][0]
    assert set(citation) >= {"marker", "path", "location", "quote", "chunk_id"}
    assert Path(citation["path"]).name == question["file"]
    statement = document["statements"][0]
    assert set(statement) >= {"text", "supported", "markers", "score"}
    assert statement["supported"] is True
    assert citation["marker"] in statement["markers"]


def test_asking_the_model_alone_streams_text(program: Program) -> None:
    asked = program.run("ask", "Say hello.", "--no-documents")
    assert asked.code == 0, asked.messages
    assert asked.output.strip()


def test_extracting_prints_pages_with_blocks(program: Program) -> None:
    lease = next(SAMPLES.glob("*ease*.pdf"))
    extracted = program.run("extract", lease, "--json")
    assert extracted.code == 0, extracted.messages
    document = extracted.document
    assert (document["kind"], document["path"]) == ("pdf", str(lease))
    assert [page["number"] for page in document["pages"]] == list(
        range(1, len(document["pages"]) + 1)
    )
    blocks = [block for page in document["pages"] for block in page["blocks"]]
    assert {"heading", "paragraph"} <= {block["kind"] for block in blocks}
    assert all(len(block["bbox"]) == 4 for block in blocks if "bbox" in block)


def test_the_register_lists_and_verifies_the_included_model(program: Program) -> None:
    listed = program.run("models", "list", "--json").document
    assert [entry["included"] for entry in listed] == [True]
    verified = program.run("models", "verify", listed[0]["id"], "--json")
    assert verified.code == 0, verified.messages
    assert verified.document["status"] == ModelStatus.READY
    refused = program.run("models", "remove", listed[0]["id"])
    assert refused.code == 1
    assert len(refused.lines) == 1


def test_collections_are_listed_shown_and_removed(program: Program, tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_text("# Keys\n\nThe spare key is with the porter.\n", encoding="utf-8")
    assert program.run("index", note, "-c", "Short-lived").code == 0
    names = [row["name"] for row in program.run("collections", "list", "--json").document]
    assert {COLLECTION, "Short-lived"} <= set(names)
    shown = program.run("collections", "show", "Short-lived", "--json").document
    assert [file["status"] for file in shown["files"]] == ["ready"]
    assert program.run("collections", "remove", "Short-lived").code == 0
    gone = program.run("collections", "show", "Short-lived")
    assert gone.code == 1
    assert "no collection named" in gone.lines[-1]


def test_the_doctor_finds_everything_well_and_the_network_locked(program: Program) -> None:
    doctor = program.run("doctor", "--json")
    checks = {check["name"]: check for check in doctor.document["checks"]}
    assert doctor.code == 0, [check for check in checks.values() if not check["ok"]]
    assert checks["Network lock"]["detail"].startswith("enforced")
    assert {"Carrel", "Python", "Memory"} <= set(checks)


def test_wrong_usage_exits_with_2(program: Program) -> None:
    assert program.run("no-such-command").code == 2
    assert program.run("index").code == 2
    assert program.run("ask", "Where?").code == 2
    assert program.run("search", "rent", "-c", COLLECTION, "--mode", "telepathy").code == 2


def test_a_failure_is_explained_in_one_line_and_exits_with_1(program: Program) -> None:
    for arguments in (
        ("ask", "Where?", "-c", "nowhere"),
        ("search", "rent", "-c", "nowhere", "--mode", "keyword"),
        ("extract", "/no/such/file.pdf"),
        ("models", "verify", "no-such-model"),
        ("ask", "   ", "--no-documents"),
        ("ask", "word " * 10_000, "--no-documents"),
    ):
        failed = program.run(*arguments)
        assert failed.code == 1, arguments
        assert len(failed.lines) == 1, failed.messages
        assert failed.lines[0].startswith("carrel: ")
        assert failed.output == ""
