"""From what a model file says of its licence to what that allows, in plain words.

A summary for the person who has to decide, never legal advice. Where a file says something that
is not known here, nothing is guessed: a licence is free only when it is named exactly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from desktop.domain.licences import LicenceKind, LicenceTerms
from desktop.domain.models import ModelEntry
from desktop.governance.licence_families import MODEL_LICENCES
from desktop.governance.licence_table import GENERAL_LICENCES

SUMMARY_NOTE = (
    "This is a summary in plain words and no legal advice. What counts is the full text of the "
    "licence."
)

_KNOWN: Mapping[str, LicenceTerms] = MappingProxyType(
    {terms.id: terms for terms in (*GENERAL_LICENCES, *MODEL_LICENCES)}
)
# Other spellings of the same, and names that say nothing.
_SPELLINGS: Mapping[str, str] = MappingProxyType(
    {
        "apache": "apache-2.0",
        "apache2": "apache-2.0",
        "apache-2": "apache-2.0",
        "apache2.0": "apache-2.0",
        "bsd": "bsd-3-clause",
        "cc0": "cc0-1.0",
        "gpl": "gpl-3.0",
        "agpl": "agpl-3.0",
        "lgpl": "lgpl-3.0",
        "openmdw": "openmdw-1.0",
        "cc-by-nc": "cc-by-nc-4.0",
        "cc-by": "cc-by-4.0",
        "cc-by-sa": "cc-by-sa-4.0",
        "cc-by-nc-nd-3.0": "cc-by-nc-nd-4.0",
        "deepseek-license": "deepseek",
        "openrail++": "openrail",
        "creativeml-openrail-m": "openrail",
        "bigscience-openrail": "bigscience-openrail-m",
        "intel-research": "microsoft-research",
        "falcon-180b": "falcon-llm",
    }
)
_SAYS_NOTHING = frozenset({"", "other", "unknown", "custom", "none", "proprietary", "see-license"})
# Looked for in a licence's name and, where that says nothing, in its link; the first that fits.
_FAMILIES: tuple[tuple[str, str], ...] = (
    (r"llama-?4", "llama4"),
    (r"llama-?3[._]3", "llama3.3"),
    (r"llama-?3[._]2", "llama3.2"),
    (r"llama-?3[._]1", "llama3.1"),
    (r"llama-?3", "llama3"),
    (r"llama-?2", "llama2"),
    (r"fair-noncommercial|fair-nc", "fair-research"),
    (r"health-ai-developer|hai-def", "health-ai-developer-foundations"),
    (r"gemma", "gemma"),
    (r"qwen.*(research|non-?commercial)", "qwen-research"),
    (r"tongyi-qianwen", "tongyi-qianwen"),
    (r"qwen", "qwen"),
    (r"mnpl|mistral.*non-production", "mnpl"),
    (r"^mrl|mistral.*research|/mrl", "mrl"),
    (r"stab(le|ility).*(non-?commercial|nc|research)", "stabilityai-nc"),
    (r"stab(le|ility).*community", "stabilityai-community"),
    (r"lfm-?(open)?-?(licen[cs]e)?-?v?1", "lfm1.0"),
    (r"jamba", "jamba-open"),
    (r"bigscience.*bloom|bloom-rail", "bigscience-bloom-rail-1.0"),
    (r"bigcode.*rail", "bigcode-openrail-m"),
    (r"bigscience.*openrail", "bigscience-openrail-m"),
    (r"open-?rail", "openrail"),
    (r"deepseek.*(licen[cs]e|model)|^deepseek$", "deepseek"),
    (r"falcon", "falcon-llm"),
    (r"^yi(-|$)|yi-series", "yi"),
    (r"cohere|c4ai", "cohere-nc"),
    (r"microsoft-research|msr-la|^msrla", "microsoft-research"),
    (r"exaone", "exaone"),
    (r"apple.*(amlr|research|ml)", "apple-amlr"),
    (r"nvidia.*open", "nvidia-open-model"),
    (r"databricks|dbrx", "databricks-open-model"),
    (r"hunyuan", "tencent-hunyuan"),
    (r"modified-mit", "modified-mit-kimi"),
)
# How much of a model's name may tell that it was made from one whose terms go with it.
_MADE_FROM: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<!tiny)(?<!open)(?<!open-)llama[\s_-]?[234]\b", re.IGNORECASE), "Llama, Meta"),
    (re.compile(r"\bgemma[\s_-]?[123]\b", re.IGNORECASE), "Gemma, Google"),
)
# What an address alone may decide: makers with one licence for all that lies behind it.
_TOLD_BY_LINK = frozenset({"gemma", "mnpl", "mrl", "nvidia-open-model", "lfm1.0"}) | {
    f"llama{version}" for version in ("2", "3", "3.1", "3.2", "3.3", "4")
}
_STRICTNESS = (
    LicenceKind.FREE,
    LicenceKind.CONDITIONS,
    LicenceKind.LIMITS,
    LicenceKind.UNKNOWN,
)


def terms_of(entry: ModelEntry) -> LicenceTerms:
    """Return what the licence of a model in the register allows."""
    terms = stated_terms(entry.licence, entry.licence_name, entry.licence_link)
    return terms if entry.included else _with_origin(terms, entry.name)


def stated_terms(licence: str, name: str = "", link: str = "") -> LicenceTerms:
    """Return the terms of what a file states: a short name, a long name, where the text lies.

    Of licences joined by OR the freest counts; those joined by AND hold together.
    """
    stated = " · ".join(part for part in (licence.strip(), name.strip()) if part)
    found = _expression(licence)
    if found is None:
        found = _family(name) or _family(licence) or (None if name.strip() else _behind(link))
    if found is None:
        found = _unknown(name.strip() or licence.strip())
    return replace(found, stated=stated, link=link)


def _expression(licence: str) -> LicenceTerms | None:
    choices = [_joined(part) for part in re.split(r"\s+or\s+", licence, flags=re.IGNORECASE)]
    known = [terms for terms in choices if terms is not None]
    return min(known, key=_strictness, default=None)


def _joined(licence: str) -> LicenceTerms | None:
    """Several that hold together as one; None where one of them is not known."""
    parts = re.split(r"\s+and\s+|[,;/]", licence.strip("()[] "), flags=re.IGNORECASE)
    known = [terms for terms in map(_known, parts) if terms is not None]
    if len(known) < len(parts):
        return None
    strictest = max(known, key=_strictness)
    if len({terms.id for terms in known}) == 1:
        return strictest
    return replace(
        strictest,
        id=" AND ".join(terms.id for terms in known),
        name=" and ".join(terms.name for terms in known),
        limits=tuple(dict.fromkeys(limit for terms in known for limit in terms.limits)),
        conditions=tuple(dict.fromkeys(duty for terms in known for duty in terms.conditions)),
        full_text="; ".join(terms.full_text for terms in known),
    )


def _known(licence: str) -> LicenceTerms | None:
    key = _key(re.split(r"\s+with\s+", licence, flags=re.IGNORECASE)[0])
    key = key.removesuffix("-license").removesuffix("-licence")
    return _KNOWN.get(_SPELLINGS.get(key, key))


def _family(text: str) -> LicenceTerms | None:
    key = _key(text)
    if key in _SAYS_NOTHING:
        return None
    exact = _KNOWN.get(_SPELLINGS.get(key, key))
    if exact is not None:
        return exact
    return next((_KNOWN[name] for pattern, name in _FAMILIES if re.search(pattern, key)), None)


def _behind(link: str) -> LicenceTerms | None:
    found = _family(link)
    return found if found is not None and found.id in _TOLD_BY_LINK else None


def _key(text: str) -> str:
    """`Apache License 2.0`, `apache_2.0` and `"apache-2.0"` are one."""
    plain = re.sub(r"[\s_]+", "-", text.strip("\"'()[] ").lower())
    plain = re.sub(r"-(?:only|or-later)$", "", plain)
    # Only from short names: the word parts a family's name from the rest of a longer one.
    short = re.sub(r"^(?:the-)?([a-z]+)-licen[cs]e(?:,?-(?:version-)?(?=[0-9]))?", r"\1-", plain)
    return short.strip("-") if len(plain) < 40 else plain


def _strictness(terms: LicenceTerms) -> int:
    return _STRICTNESS.index(terms.kind)


def _unknown(stated: str) -> LicenceTerms:
    if _key(stated) in _SAYS_NOTHING:
        name = "not stated"
        use = "The file states no licence: ask where it came from before you use it for work."
    else:
        name = stated
        use = "Carrel does not know this licence: read it before you use the model for work."
    return LicenceTerms("", name, LicenceKind.UNKNOWN, use)


def _with_origin(terms: LicenceTerms, name: str) -> LicenceTerms:
    """A model made from another often states a freer licence than it may."""
    if terms.kind not in (LicenceKind.FREE, LicenceKind.CONDITIONS):
        return terms
    for pattern, origin in _MADE_FROM:
        if pattern.search(name):
            family, maker = origin.split(", ")
            limit = (
                f"Its name says that it was made from {family}: {maker}'s terms hold as well, "
                f"though the file states {terms.name}."
            )
            return replace(terms, kind=LicenceKind.LIMITS, limits=(*terms.limits, limit))
    return terms
