"""Which documents a question names, and how much that counts for their passages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from desktop.storage.keyword_search import NamedDocument
from desktop.storage.words.asked import Term, WordsAsked

# Found on halves of the shared sets and confirmed on the others (docs/retrieval.md).
NAMED_WEIGHT = 0.15
# How much less a word counts in passages once it has served to find the document.
_USED_UP = 0.4
# So many of the best named documents are searched on their own too.
LOOKED_INTO = 3
# Of the best one's score; what is named less than that is not named.
_LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Naming:
    """The documents that a question names, best first, with their share of the best one's score."""

    documents: tuple[NamedDocument, ...] = ()

    @property
    def best(self) -> tuple[int, ...]:
        """The ids of the documents that are worth a look of their own."""
        shares = self.shares()
        return tuple(one for one, share in shares.items() if share >= _LEAST_SHARE)[:LOOKED_INTO]

    def shares(self) -> dict[int, float]:
        """By document, its score as a share of the best one's."""
        high = self.documents[0].score if self.documents else 0.0
        return {one.document_id: one.score / high for one in self.documents}

    def gains(self, owners: Mapping[int, int]) -> dict[int, float]:
        """What each chunk gains by its document; `owners` has the document of each chunk."""
        shares = self.shares()
        return {
            chunk: NAMED_WEIGHT * shares[document]
            for chunk, document in owners.items()
            if document in shares
        }

    def within(self, documents: frozenset[int] | None) -> Naming:
        """Only the documents that may be found at all."""
        if documents is None:
            return self
        return Naming(tuple(one for one in self.documents if one.document_id in documents))

    def used_up(self, asked: WordsAsked) -> WordsAsked:
        """The same terms; those that name the best document count less in its passages.

        "Which law governs the lease between Fenwick and Alder": the names find the contract, and
        in it they would find the page of signatures.
        """
        return replace(asked, terms=tuple(self._used_up(asked.terms)))

    def _used_up(self, terms: Sequence[Term]) -> Iterable[Term]:
        if not self.documents:
            return terms
        best = self.documents[0]
        return (
            replace(term, weight=term.weight * (1 - _USED_UP * self._distinct(term)))
            if best.words.intersection(term.forms)
            else term
            for term in terms
        )

    def _distinct(self, term: Term) -> float:
        """How few of the other documents are named by the term, from 0 to 1."""
        holding = sum(bool(one.words.intersection(term.forms)) for one in self.documents)
        return 1 - holding / len(self.documents) if len(self.documents) > 1 else 0.0
