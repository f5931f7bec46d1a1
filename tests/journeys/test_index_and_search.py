"""From real PDF files to a located passage, with the real embedder and Chroma."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Collection, DocumentIndexed, DocumentStatus, IndexReport
from desktop.domain.retrieval import SearchMode
from desktop.retrieval.vector_index import VectorIndex
from tests.support.real_desk import EMBEDDER_FOLDER, RealDesk
from tests.support.shared_data import shared_data

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not EMBEDDER_FOLDER.exists(), reason="the included embedder is not there"),
]


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Four short contracts and an article."""
    contracts = sorted(
        shared_data("retrieval", "legal", "pdfs").glob("*.pdf"), key=lambda p: p.stat().st_size
    )[:4]
    return [*contracts, shared_data("retrieval", "squad", "files", "1973_oil_crisis.md")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealDesk]:
    with RealDesk.open(tmp_path_factory.mktemp("data")) as opened:
        yield opened


@pytest.fixture(scope="module")
def collection(desk: RealDesk, files: list[Path]) -> Collection:
    made = desk.store.create_collection("Contracts")
    report = desk.run(files, made)
    assert report.counts == {"ready": len(files)}
    return made


def _kill_the_embedder() -> None:
    """This module's embedder, the youngest: another journey's may still be there.

    Where nothing was embedded since the last kill, there is only what that left.
    """
    embedders = [child for child in psutil.Process().children() if _embeds(child)]
    if embedders:
        max(embedders, key=lambda child: child.create_time()).kill()


def _embeds(child: psutil.Process) -> bool:
    try:
        return {"index", "embedder"} <= set(child.cmdline())
    except psutil.ZombieProcess:
        return False


@pytest.mark.parametrize("mode", list(SearchMode))
def test_a_question_finds_its_passage(
    desk: RealDesk, collection: Collection, mode: SearchMode
) -> None:
    question = "When did the 1973 oil crisis begin?"
    result = desk.retriever.retrieve(collection.id, question, 3, mode)
    assert any("began in October 1973" in hit.chunk.text for hit in result.hits)
    assert all(hit.page is None for hit in result.hits if hit.path.endswith(".md"))


def test_a_passage_of_a_pdf_has_its_page_and_its_boxes(
    desk: RealDesk, collection: Collection, files: list[Path]
) -> None:
    result = desk.retriever.retrieve(collection.id, "Which law governs this agreement?", 5)
    hit = next(hit for hit in result.hits if hit.path.endswith(".pdf"))
    page = desk.store.page(hit.document_id, hit.chunk.page_number)
    assert hit.page == hit.chunk.page_number
    assert page.text[hit.chunk.start : hit.chunk.end] == hit.chunk.text
    assert hit.boxes
    assert all(0 <= box.left < box.right <= page.width + 1 for box in hit.boxes)
    assert all(0 <= box.top < box.bottom <= page.height + 1 for box in hit.boxes)


def test_every_file_finds_itself(desk: RealDesk, collection: Collection) -> None:
    assert desk.index.vectors.verified == desk.store.index_generation()
    assert not desk.store.is_dirty()
    for document in desk.store.documents(collection.id):
        chunk = desk.store.chunks_of_document(document.id)[0]
        result = desk.retriever.retrieve(collection.id, chunk.text[:300], 3)
        assert document.path in {hit.path for hit in result.hits}


def test_chroma_agrees_with_looking_at_every_vector(desk: RealDesk, collection: Collection) -> None:
    vector = desk.index.embed(["termination of the agreement for breach"])[0]
    vectors = VectorIndex(desk.store, desk.index.vectors)
    exact = vectors.search(collection.id, vector, 10)
    desk.index.vectors.asked = True
    approximate = vectors.search(collection.id, vector, 10)
    desk.index.vectors.asked = False
    assert vectors.settle()
    assert len({one for one, _ in approximate} & {one for one, _ in exact}) >= 9
    assert approximate[0][0] == exact[0][0]
    assert approximate[0][1] == pytest.approx(exact[0][1], abs=1e-4)


def test_indexing_again_does_nothing(
    desk: RealDesk, collection: Collection, files: list[Path]
) -> None:
    assert desk.run(files, collection).counts == {"unchanged": len(files)}


def test_the_death_of_the_embedder_fails_no_file_and_no_question(
    desk: RealDesk, collection: Collection, files: list[Path]
) -> None:
    other = desk.store.create_collection("Again")
    desk.index.embed(["so that there is one"])
    assert any(map(_embeds, psutil.Process().children()))
    for event in desk.events(files[:2], other):
        if isinstance(event, DocumentIndexed):
            _kill_the_embedder()
            assert event.outcome.status is DocumentStatus.READY
    result = desk.retriever.retrieve(other.id, "termination of the agreement", 5, SearchMode.VECTOR)
    assert len(result.hits) == 5


def test_a_stopped_run_goes_on_where_it_was(desk: RealDesk, files: list[Path]) -> None:
    stopped, whole = (desk.store.create_collection(name) for name in ("Stopped", "Whole"))
    cancel = CancelToken()
    report: object = None
    for report in desk.events(files[:3], stopped, cancel):
        if isinstance(report, DocumentIndexed):
            cancel.cancel()
    assert isinstance(report, IndexReport)
    assert report.stopped
    assert report.counts == {"ready": 1}
    assert desk.run(files[:3], stopped).counts == {"unchanged": 1, "ready": 2}
    desk.run(files[:3], whole)
    texts = [
        {chunk.text for chunk in desk.store.chunks(desk.store.chunk_ids(one.id)).values()}
        for one in (stopped, whole)
    ]
    assert texts[0] == texts[1]
