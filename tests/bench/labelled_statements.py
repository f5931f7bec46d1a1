"""Statements about squad paragraphs with known truth: quoted, reworded, changed, unrelated."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.support.shared_data import shared_data

TRUE_KINDS = ("quoted", "reworded")
FALSE_KINDS = ("number", "date", "name", "negation", "answer", "unrelated")
_MONTHS: list[str] = (
    "January February March April May June July August September October November December"
).split()
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w,])|(?<![\w.,])\d+(?:\.\d+)?(?![\w,])")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})*(?![\w])")
_VERB = re.compile(r"\b(is|are|was|were|has|have|had|can|could|will|would|may|must)\b(?! not)")
_WH = re.compile(r"^(?:What|Who|Which) (?P<verb>is|are|was|were) (?P<rest>(?:the|a|an) [^?]+)\?$")
_WHO = re.compile(r"^Who (?P<rest>[a-z]+(?:ed|t|n|d|w) [^?]+)\?$")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One statement, what was done to it, and the paragraph and question it comes from."""

    kind: str
    text: str
    paragraph: str
    question: str

    @property
    def true(self) -> bool:
        return self.kind in TRUE_KINDS


@dataclass(frozen=True, slots=True)
class Row:
    """A question with the sentence that answers it."""

    question: str
    answer: str
    sentence: str
    paragraph: str
    file: str


def rows(limit: int, seed: int = 1) -> list[Row]:
    """Questions of the squad set, drawn with a fixed seed."""
    folder = shared_data("retrieval", "squad")
    lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {}
    for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        texts[entry["id"]] = entry["text"]
    drawn = random.Random(seed).sample(lines, min(limit, len(lines)))
    return [_row(json.loads(line), texts) for line in drawn]


def unanswerable_questions(limit: int) -> list[str]:
    """Questions close to a paragraph that does not answer them."""
    path = shared_data("retrieval", "squad", "queries_unanswerable.jsonl")
    lines = path.read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line)["question"]) for line in lines[:limit]]


def labelled(drawn: Sequence[Row], seed: int = 1) -> list[Labelled]:
    """True statements, and the same made false, one thing changed in each."""
    chance = random.Random(seed)
    made: list[Labelled] = []
    for at, row in enumerate(drawn):
        other = next(one for one in [*drawn[at + 1 :], *drawn] if one.file != row.file)
        for kind, text in _versions(row, other, chance):
            made.append(Labelled(kind, text, row.paragraph, row.question))
    return made


def _row(entry: dict[str, object], texts: dict[str, str]) -> Row:
    relevant, answers = entry["relevant"], entry["answers"]
    assert isinstance(relevant, list)
    assert isinstance(answers, list)
    place = relevant[0]
    return Row(
        str(entry["question"]),
        str(answers[0]),
        str(place["quote"]),
        texts[place["doc_id"]],
        str(place["file"]),
    )


def _versions(row: Row, other: Row, chance: random.Random) -> Iterator[tuple[str, str]]:
    yield "quoted", row.sentence
    yield "unrelated", other.sentence
    if reworded := _reworded(row, row.answer):
        yield "reworded", reworded
        swapped = _reworded(row, other.answer)
        if other.answer.lower() not in row.paragraph.lower():
            yield "answer", swapped
    if changed := _changed_number(row, chance):
        yield "number", changed
    if changed := _changed_month(row, chance):
        yield "date", changed
    if changed := _changed_name(row, other):
        yield "name", changed
    if match := _VERB.search(row.sentence):
        yield "negation", f"{row.sentence[: match.end()]} not{row.sentence[match.end() :]}"


def _reworded(row: Row, answer: str) -> str:
    """A plain statement from question and answer, where the question's form allows it."""
    if match := _WH.match(row.question):
        rest = match["rest"]
        return f"{rest[0].upper()}{rest[1:]} {match['verb']} {answer.rstrip('.')}."
    if match := _WHO.match(row.question):
        return f"{answer} {match['rest']}."
    return ""


def _changed_number(row: Row, chance: random.Random) -> str:
    found = list(_NUMBER.finditer(row.sentence))
    if not found:
        return ""
    match = chance.choice(found)
    places = [at for at, character in enumerate(match[0]) if character.isdigit()]
    while True:
        digits = list(match[0])
        at = chance.choice(places)
        digits[at] = str((int(digits[at]) + chance.randint(1, 8)) % 10)
        new = "".join(digits)
        if new[0] != "0" and new not in row.paragraph:
            return row.sentence[: match.start()] + new + row.sentence[match.end() :]


def _changed_month(row: Row, chance: random.Random) -> str:
    absent = [month for month in _MONTHS if month not in row.paragraph]
    for month in _MONTHS:
        if re.search(rf"\b{month} \d|\d {month}\b", row.sentence) and absent:
            return row.sentence.replace(month, chance.choice(absent), 1)
    return ""


def _changed_name(row: Row, other: Row) -> str:
    match = _NAME.search(row.sentence)
    names: list[str] = [name for name in _NAME.findall(other.sentence) if name not in row.paragraph]
    if match is None or not names:
        return ""
    return row.sentence[: match.start()] + names[0] + row.sentence[match.end() :]
