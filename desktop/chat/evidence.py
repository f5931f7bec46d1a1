"""What a statement claims that a passage must hold word for word: numbers, names, negation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from desktop.chat.words import Word, WordKind, is_telling, key_of

_NEGATIONS = frozenset(
    """not no never none neither nor nobody nothing without cannot kein keine keinen keiner
    keinem nicht nie niemals ohne""".split()
)
# How far a negation reaches: its own verb or noun.
_REACH_WORDS = 4
_REACH_TELLING = 2
_KEPT_PLACES = 3
_OWN_STRETCH, _OWN_TAIL = 3, 2
_PAIRS = """
    more less; more fewer; before after; above below; increase decrease; increase fall; rise fall;
    higher lower; high low; first last; earlier later; minimum maximum; northern southern;
    eastern western; north south; east west; accept reject; include exclude; win lose; won lost;
    buy sell; bought sold; always never; all none; allow forbid; allow prohibit; permit prohibit;
    may must; tenant landlord; lessee lessor; buyer seller; licensee licensor; employer employee;
    mother father; son daughter; male female; men women; begin end; start end; open close;
    largest smallest; oldest youngest; oldest newest
    """


def _opposed() -> Mapping[str, frozenset[str]]:
    pairs = [tuple(key_of(word) for word in pair.split()) for pair in _PAIRS.split(";")]
    both = pairs + [(other, one) for one, other in pairs]
    return {
        key: frozenset(other for one, other in both if one == key)
        for key in {one for one, _ in both}
    }


_OPPOSED = _opposed()


def numbers_of(words: Sequence[Word]) -> list[Word]:
    """Numbers, dates and amounts."""
    return [word for word in words if word.kind is WordKind.NUMBER]


def names_of(words: Sequence[Word]) -> list[Word]:
    """Names of people, firms and places, as far as capitals tell."""
    return [word for word in words if word.kind is WordKind.NAME]


def strays(words: Sequence[Word], known: AbstractSet[str]) -> bool:
    """Whether a stretch of the statement has words of its own only.

    A shorter one is enough at its end, where a model that lost its passage goes on by itself.
    """
    run = 0
    for word in words:
        if not is_telling(word):
            continue
        run = 0 if word.key in known else run + 1
        if run >= _OWN_STRETCH:
            return True
    return run >= _OWN_TAIL


def denied_keys(words: Sequence[Word]) -> frozenset[str]:
    """The words that stand under a negation."""
    denied: set[str] = set()
    for at, word in enumerate(words):
        following = words[at + 1 : at + 1 + _REACH_WORDS]
        if not _negates(word) or (word.key == "no" and _numbers(following[:1])):
            continue
        denied.update([other.key for other in following if is_telling(other)][:_REACH_TELLING])
    return frozenset(denied)


def contradicts(statement: Sequence[Word], support: Sequence[Word]) -> bool:
    """Whether one denies what the other says, or says "more" where the other says "less"."""
    said = frozenset(word.key for word in statement)
    stands = frozenset(word.key for word in support)
    if (denied_keys(statement) ^ denied_keys(support)) & said & stands:
        return True
    return _turned_around(said, stands) or _swapped(statement, support)


def _swapped(statement: Sequence[Word], support: Sequence[Word]) -> bool:
    """Whether two names changed places while all other words kept theirs.

    "Brandt was paid by Moor" beside "Moor paid Brandt" is no swap: there the verb moved too.
    """
    names = {word.key for word in names_of(statement)} & {word.key for word in names_of(support)}
    said, stands = _once(statement), _once(support)
    shared = [key for key in said if key in stands]
    others = [key for key in shared if key not in names]
    if len(others) < _KEPT_PLACES or not _ascending([stands[key] for key in others]):
        return False
    places = [stands[key] for key in shared if key in names]
    if len(places) < 2 or _ascending(places):
        return False
    # Some name must have moved past words that stayed: a list in another order says the same.
    return any(
        (stands[key] < stands[other]) != (said[key] < said[other])
        for key in names & said.keys() & stands.keys()
        for other in others
    )


def _once(words: Sequence[Word]) -> dict[str, int]:
    """Telling words that stand only once, with their places."""
    count = Counter(word.key for word in words)
    return {
        word.key: at for at, word in enumerate(words) if is_telling(word) and count[word.key] == 1
    }


def _ascending(places: Sequence[int]) -> bool:
    return all(one < other for one, other in pairwise(places))


def _negates(word: Word) -> bool:
    return word.key in _NEGATIONS or word.key.replace("’", "'").endswith("n't")


def _numbers(words: Sequence[Word]) -> bool:
    return any(word.kind is WordKind.NUMBER for word in words)


def _turned_around(said: AbstractSet[str], stands: AbstractSet[str]) -> bool:
    return any(
        key not in stands and bool(_OPPOSED[key] & stands) and not _OPPOSED[key] & said
        for key in said & _OPPOSED.keys()
    )
