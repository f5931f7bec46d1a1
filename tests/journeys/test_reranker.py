"""A cross-encoder folder orders passages in its own process; what is no such folder is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.model_errors import ModelDamaged
from desktop.domain.models import ModelEntry, ModelKind
from desktop.inference.model_import import import_model, verify_model
from desktop.inference.reranker_folder import check_reranker_folder
from desktop.retrieval.reranker_process import ChosenReranker, RerankerProcess
from desktop.retrieval.retriever import Retriever
from tests.support.fake_embedder import MemoryIndex
from tests.unit.retrieval.library import fill, open_store

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "rent", "flat", "leave", "boiler", "paid"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real cross-encoder of a few thousand random weights, always the same ones."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    made = tmp_path_factory.mktemp("reranker")
    torch.manual_seed(5)
    tokenizer = Tokenizer(
        models.WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    ).save_pretrained(made)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        num_labels=1,
    )
    BertForSequenceClassification(config).save_pretrained(made, safe_serialization=True)
    return made


@pytest.fixture
def process(folder: Path) -> Iterator[RerankerProcess]:
    opened = RerankerProcess(folder)
    yield opened
    opened.close()


def test_each_passage_gets_a_score_of_its_own(process: RerankerProcess) -> None:
    passages = ["rent of the flat", "annual leave", "the boiler was paid"]
    scores = process.scores("rent", passages)
    assert len(set(scores)) == 3
    assert process.scores("rent", passages[::-1]) == pytest.approx(scores[::-1], abs=1e-5)
    assert process.scores("rent", []) == []


def test_the_passages_come_in_the_order_of_the_model(folder: Path, tmp_path: Path) -> None:
    index = MemoryIndex()
    chosen = ChosenReranker(lambda: str(folder))
    with open_store(tmp_path) as store:
        collection = fill(store, index)
        question = "rent of the flat, annual leave, paid invoice, boiler"
        found = Retriever(store, index, chosen.model).retrieve(collection, question, 4)
        model = chosen.model()
        assert model is not None
        scores = model.scores(question, [hit.chunk.text for hit in found.hits])
    chosen.close()
    assert len(found.hits) == 4
    assert scores == sorted(scores, reverse=True)
    assert [hit.score for hit in found.hits] == sorted(
        (hit.score for hit in found.hits), reverse=True
    )


def test_a_folder_that_cannot_be_used_costs_the_order_alone(tmp_path: Path) -> None:
    index = MemoryIndex()
    chosen = ChosenReranker(lambda: str(tmp_path / "nowhere"))
    with open_store(tmp_path) as store:
        collection = fill(store, index)
        found = Retriever(store, index, chosen.model).retrieve(collection, "rent of the flat", 4)
    chosen.close()
    assert found.hits[0].path == "lease.pdf"
    assert any("reranker" in line for line in found.understood)


def test_no_reranker_is_started_where_none_is_chosen() -> None:
    assert ChosenReranker(lambda: "").model() is None


def test_a_reranker_s_folder_is_copied_tried_and_known_the_second_time(
    folder: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    *_, entry = import_model(folder, models, CancelToken())
    assert isinstance(entry, ModelEntry)
    assert (entry.kind, entry.architecture) == (ModelKind.RERANKER, "bert")
    assert [child.name for child in models.iterdir()] == [entry.id]
    assert list(verify_model(entry, CancelToken()))
    *_, again = import_model(folder, models, CancelToken(), known=[entry])
    assert again is entry
    (Path(entry.path) / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelDamaged):
        list(verify_model(entry, CancelToken()))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("weights.bin", "x", "could run code"),
        ("modelling.py", "x", "could run code"),
        ("config.json", json.dumps({"auto_map": {}}), "asks for code"),
        ("config.json", json.dumps({"architectures": ["BertModel"]}), "no cross-encoder"),
        ("config.json", "{", "no JSON"),
    ],
)
def test_what_is_no_safe_cross_encoder_is_refused(
    folder: Path, tmp_path: Path, name: str, content: str, reason: str
) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    check_reranker_folder(tmp_path)
    (tmp_path / name).write_text(content)
    with pytest.raises(ModelDamaged) as refusal:
        check_reranker_folder(tmp_path)
    assert reason in refusal.value.reason
