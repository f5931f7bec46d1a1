"""What is asked of the words: terms that count, phrases that must and words that must not be."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.storage.words.tokens import further_forms, tokens_of


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is asked for: any of its `forms` stands for it; `weight` is its share."""

    forms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class WordsAsked:
    """Terms of which a passage should have many, and phrases that decide.

    A phrase is tokens in their order. `required` phrases must all be there, `excluded` ones must
    not.
    """

    terms: tuple[Term, ...]
    required: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()

    @staticmethod
    def any_of(text: str, language: str = "") -> WordsAsked:
        """Ask for each word of `text`."""
        tokens = dict.fromkeys([*tokens_of(text, language), *further_forms(text, language)])
        return WordsAsked(tuple(Term((token,)) for token in tokens))
