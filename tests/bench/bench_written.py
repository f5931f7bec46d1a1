"""What the included model writes, measured on squad: `python -m tests.bench.bench_written`."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from desktop.chat.answering import AnswerParts, answer
from desktop.chat.context_window import fit
from desktop.chat.finding import find
from desktop.chat.lead_sentences import lead_sentences
from desktop.chat.prompt_template import SMALL_MODEL
from desktop.chat.words import is_telling, words_of
from desktop.chat.writing import write
from desktop.domain.answers import AnswerFinished, AnswerMode
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EngineSettings
from desktop.domain.settings import AnswerSettings
from desktop.inference.chat_model import ChatMessage
from desktop.inference.included_models import included_chat_model
from desktop.inference.llama_chat_model import LlamaChatModel
from tests.bench.labelled_statements import Row, rows
from tests.support.real_desk import RealDesk
from tests.support.shared_data import shared_data

_PLAINLY = "Answer the question in one full sentence, using only the words of the passages."
_FEWEST_WORDS = 4
Ended = TypeVar("Ended")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is right about one text: `own` is free of words that the passages do not hold."""

    right: bool
    whole: bool
    nothing_own: bool

    @property
    def good(self) -> bool:
        return self.right and self.whole and self.nothing_own


def verdict(row: Row, text: str, passages: Sequence[str]) -> Verdict:
    """Judge a text by the answer that people gave and by the passages."""
    said = {word.key for word in words_of(text) if is_telling(word)}
    held = {word.key for one in (*passages, row.question) for word in words_of(one)}
    keys = [word.key for word in words_of(text)]
    wanted = [word.key for word in words_of(row.answer)]
    return Verdict(
        right=any(keys[at : at + len(wanted)] == wanted for at in range(len(keys))),
        whole=len(keys) >= _FEWEST_WORDS and text.rstrip("\"'”)").endswith("."),
        nothing_own=said <= held,
    )


def asked_plainly(question: str, parts: AnswerParts) -> tuple[str, list[str]]:
    """The baseline: two nearest sentences and the question, no examples, nothing cut."""
    assert parts.retriever is not None
    assert parts.collection_id is not None
    found = find(parts.retriever, parts.collection_id, question, parts.settings.passages)
    leads = lead_sentences(found.aim, found.passages, parts.embed, 2)
    told = "\n\n".join([*reversed(leads), f"Question: {found.aim}\nAnswer:"])
    messages = [ChatMessage("system", _PLAINLY), ChatMessage("user", told)]
    sampler = SMALL_MODEL.sampler(parts.settings.sampler)
    fitted = fit(parts.model, lambda *_: messages, (), found.passages, sampler.max_tokens, 0.0)
    written = _ended(write(parts.model, fitted, sampler, CancelToken(), 2))
    return written.text, [hit.chunk.text for hit in found.passages]


def as_carrel_asks(question: str, parts: AnswerParts) -> tuple[str, list[str]]:
    """The whole way, checked and maybe refused; "" is a refusal."""
    *_, last = answer(question, (), parts, CancelToken())
    assert isinstance(last, AnswerFinished)
    found = last.answer
    return "" if found.refused else found.text, [hit.chunk.text for hit in found.passages]


def _ended(events: Generator[object, None, Ended]) -> Ended:
    while True:
        try:
            next(events)
        except StopIteration as end:
            ended: Ended = end.value
            return ended


def run(limit: int, seed: int, data: Path | None, show: bool) -> dict[str, Counter[str]]:
    """Ask each question both ways and print how many came out well."""
    figures: dict[str, Counter[str]] = {}
    with ExitStack() as stack:
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        desk = stack.enter_context(RealDesk.open(folder))
        collection = desk.store.create_collection("squad")
        desk.run([shared_data("retrieval", "squad", "files")], collection)
        model = LlamaChatModel.load(included_chat_model(), EngineSettings())
        stack.callback(model.close)
        parts = AnswerParts(
            desk.retriever, collection.id, model, desk.index.embed,
            lambda document_id, number: desk.store.page(document_id, number).lines,
            AnswerSettings(), AnswerMode.DOCUMENTS,
        )  # fmt: skip
        ways = {"asked plainly": asked_plainly, "as carrel asks": as_carrel_asks}
        for row in rows(limit, seed):
            for name, way in ways.items():
                text, passages = way(row.question, parts)
                _count(figures.setdefault(name, Counter()), text, verdict(row, text, passages))
                if show:
                    print(f"{name}: {row.question} -> {text}")
    for name, counts in figures.items():
        print(name.ljust(16), ", ".join(f"{what} {number}" for what, number in counts.items()))
    return figures


def _count(counts: Counter[str], text: str, judged: Verdict) -> None:
    counts["questions"] += 1
    counts["refused"] += not text
    counts["answer in it"] += judged.right
    counts["full sentence"] += judged.whole
    counts["no words of its own"] += bool(text) and judged.nothing_own
    counts["all three"] += judged.good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, default=40, help="questions to ask")
    parser.add_argument("--seed", type=int, default=7, help="which questions are drawn")
    parser.add_argument("--data-dir", type=Path, help="keep the index here for the next time")
    parser.add_argument("--show", action="store_true", help="print every answer")
    chosen = parser.parse_args()
    run(chosen.limit, chosen.seed, chosen.data_dir, chosen.show)


if __name__ == "__main__":
    main()
