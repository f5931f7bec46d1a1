"""A person's question in; what each search is asked for out, whatever was typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from desktop.domain.errors import EmptyQuestion
from desktop.domain.retrieval import SearchFilters
from desktop.retrieval.operators import take_apart
from desktop.retrieval.same_meaning import OtherWords, other_words
from desktop.retrieval.stop_words import ABOUT_THE_ANSWER, stop_words_of
from desktop.storage.words.asked import Term, WordsAsked
from desktop.storage.words.scripts import SAYS_SOMETHING, folded
from desktop.storage.words.stems import stem
from desktop.storage.words.tokens import further_forms, tokens_of, unaccented_forms

# What an embedder can read of a question, with room; more would only be cut there.
_EMBEDDED_CHARACTERS = 2000
_TERMS = 40
_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"\S+")
_QUOTES = re.compile(r"[\"“”„«»]")
_AROUND = re.compile(r"^\W+|\W+$")
_POSSESSIVE = re.compile(r"['’]s$")
# What stands for a word of the question counts less than the word.
_OTHER_WORDS_WEIGHT = 0.35


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the searches take it.

    `asked` is what the words are searched for and `loose` the same without the phrases in quotes,
    None where none stood there. `names` are the terms that may name a document, with neighbours
    joined as file names join them. `embedded` is what the embedder reads. `exact` are the phrases
    in quotes as they were typed. `others` are other words that are looked for too. `misread` are
    operators whose value is none: they stayed in the text.
    """

    text: str
    embedded: str
    asked: WordsAsked
    loose: WordsAsked | None
    names: tuple[Term, ...]
    exact: tuple[str, ...]
    filters: SearchFilters
    others: tuple[OtherWords, ...]
    misread: tuple[str, ...] = ()


def parse_query(text: str, languages: Sequence[str] = ("",)) -> Query:
    """Read a question; raise `EmptyQuestion` where it holds nothing to be searched for.

    `languages` are those that the searched words were stemmed by.
    """
    typed = take_apart(" ".join(_printable(text[: 4 * _EMBEDDED_CHARACTERS]).split()))
    if not SAYS_SOMETHING.search(typed.text.replace("_", " ")):
        raise EmptyQuestion
    words = list(_telling_words(typed.text))
    others = tuple(other_words(typed.text))
    terms = _terms(words, others, languages or ("",))
    loose = WordsAsked(terms, (), _phrases(typed.excluded, languages))
    required = _phrases(typed.exact, languages)
    return Query(
        text=text,
        embedded=" ".join(_QUOTES.sub(" ", typed.text).split())[:_EMBEDDED_CHARACTERS],
        asked=WordsAsked(terms, required, loose.excluded),
        loose=loose if required else None,
        names=_names(words, terms),
        exact=typed.exact if required else (),
        filters=typed.filters,
        others=others,
        misread=typed.misread,
    )


def _telling_words(text: str) -> Iterator[str]:
    """The words of the question that say what is asked for, else all of its words."""
    pieces = [_POSSESSIVE.sub("", _AROUND.sub("", match[0])) for match in _PIECE.finditer(text)]
    pieces = [piece for piece in pieces if piece]
    left_out = stop_words_of(piece.lower() for piece in pieces)
    telling = [piece for piece in pieces if piece.lower() not in left_out]
    asked = [
        piece
        for piece, after in zip(telling, [*telling, ""][1:], strict=True)
        # "Best Buy" is a name, "Round your answer" is none.
        if piece.lower() not in ABOUT_THE_ANSWER or (piece[0].isupper() and after[:1].isupper())
    ]
    yield from asked or telling or pieces


def _terms(
    words: Iterable[str], others: Iterable[OtherWords], languages: Sequence[str]
) -> tuple[Term, ...]:
    joined = " ".join(words)
    terms: dict[str, Term] = {}
    for word in joined.split():
        for term in _terms_of(word, languages):
            terms.setdefault(term.forms[0], term)
    known = {form for term in terms.values() for form in term.forms}
    for form in further_forms(joined):
        if form not in known:
            terms.setdefault(form, Term((form,)))
    for word in _telling_words(" ".join(other.also for other in others)):
        for term in _terms_of(word, languages):
            terms.setdefault(term.forms[0], Term(term.forms, _OTHER_WORDS_WEIGHT))
    return tuple(terms.values())[:_TERMS]


def _terms_of(word: str, languages: Sequence[str]) -> Iterator[Term]:
    """The terms of one word: its parts, each in the forms that the languages give it."""
    by_language = [tokens_of(word, language) for language in languages]
    alike = [tokens for tokens in by_language if len(tokens) == len(by_language[0])]
    typed = [unaccented_forms(word, language) for language in languages]
    for at, forms in enumerate(zip(*alike, strict=True)):
        further = [form for found in typed for form in found] if at == 0 else []
        yield Term(tuple(dict.fromkeys([*forms, *further])))


def _phrases(typed: Iterable[str], languages: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    # A phrase is looked for as the commonest language of the collection writes it.
    found = (tuple(tokens_of(phrase, languages[0] if languages else "")) for phrase in typed)
    return tuple(phrase for phrase in found if phrase)


def _names(words: Sequence[str], terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Terms that a document may be named by: "Best Buy" is "BestBuy" in a file's name."""
    plain = ["".join(_WORD.findall(folded(word))) for word in words]
    pairs = [first + second for first, second in zip(plain, plain[1:], strict=False)]
    joined = (Term((stem(pair, ""),)) for pair in pairs if pair.isalnum())
    return (*(term for term in terms if term.weight == 1.0), *joined)


def _printable(text: str) -> str:
    return "".join(
        " " if (not char.isprintable() or "\ud800" <= char <= "\udfff") else char for char in text
    )
