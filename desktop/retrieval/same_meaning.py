"""Other words for the same in financial and legal questions: a small list, general, by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What a person types, and how reports and contracts put it. Found as a whole word or phrase.
_PAIRS: tuple[tuple[str, str], ...] = (
    (r"capex|capital expenditures?", "purchases of property, plant and equipment"),
    (r"pp\s?(?:&|n|and)?\s?e", "property, plant and equipment"),
    (r"cogs|costs? of goods sold", "cost of sales"),
    (r"cost of (?:sales|revenues?)", "cost of goods sold"),
    (r"(?:profit and loss|income) statements?|p\s?&\s?l", "consolidated statements of income"),
    (r"statements? of income", "consolidated statements of operations earnings"),
    (r"balance sheets?", "consolidated balance sheets total assets"),
    (r"statements? of financial position", "balance sheets"),
    (r"cash ?flows? statements?", "consolidated statements of cash flows"),
    (r"top[- ]line|revenues?", "net sales"),
    (r"net sales|turnover", "revenue"),
    (r"bottom[- ]line|net (?:profit|earnings)", "net income"),
    (r"sg\s?&\s?a", "selling, general and administrative expenses"),
    (r"r\s?&\s?d", "research and development"),
    (r"m\s?&\s?a", "acquisitions divestitures"),
    (r"eps", "earnings per share"),
    (r"dpo|days payable outstanding", "accounts payable"),
    (r"dso|days sales outstanding", "accounts receivable"),
    (r"(?:quick|current) ratio", "total current assets current liabilities"),
    (r"gross (?:profit )?margins?", "gross profit"),
    (r"operating margins?", "operating income"),
    (r"fx", "foreign exchange currency"),
    (r"buybacks?|stock repurchases?", "share repurchases"),
    (r"expires?|expiration|expiry", "term of this agreement"),
    (r"how long is (?:its|the) term", "term of this agreement shall terminate"),
    (r"(?:which|what) laws? governs?|governing law", "governed by and construed"),
    (r"terminat(?:e|ed|ion) for convenience", "terminate without cause upon notice"),
    (r"assign(?:ed|ment)?", "transfer successors and assigns"),
    (r"nda", "confidentiality confidential information"),
)


@dataclass(frozen=True, slots=True)
class OtherWords:
    """Words of the question, and others that documents have in their place."""

    asked: str
    also: str


_PATTERNS = tuple(
    (re.compile(rf"(?<![\w&])(?:{asked})(?![\w&])", re.IGNORECASE), also) for asked, also in _PAIRS
)


def other_words(question: str) -> list[OtherWords]:
    """What else to look for, in the order of the list."""
    found: dict[str, OtherWords] = {}
    for pattern, also in _PATTERNS:
        match = pattern.search(question)
        if match:
            found.setdefault(also, OtherWords(match[0], also))
    return list(found.values())
