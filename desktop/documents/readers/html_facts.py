"""What a web page says about itself: its title, author and dates."""

from __future__ import annotations

from typing import Any

from desktop.documents.readers.stated_dates import stated_date
from desktop.domain.documents import DocumentFacts

_AUTHOR = ("author", "article:author", "dc.creator", "dcterms.creator", "citation_author")
_CREATED = (
    "article:published_time", "datepublished", "dcterms.created", "dc.date", "dcterms.date",
    "citation_publication_date", "date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "datemodified", "og:updated_time", "dcterms.modified", "last-modified",
    "revised",
)  # fmt: skip
_LONGEST = 200


def title_of(root: Any) -> str:
    """The page's title, "" without one."""
    title = root.css_first("title") if root is not None else None
    return " ".join(title.text().split())[:_LONGEST] if title is not None else ""


def facts_of(root: Any) -> DocumentFacts:
    """Author and dates as the page's head names them."""
    said: dict[str, str] = {}
    for meta in root.css("meta") if root is not None else ():
        attributes = meta.attributes
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
        content = " ".join((attributes.get("content") or "").split())
        if name and content and len(content) <= _LONGEST:
            said.setdefault(name.lower(), content)
    author = _first(said, _AUTHOR)
    # Social networks' pages stand for authors, and tell nobody who it was.
    author = "" if author.startswith(("http://", "https://")) else author
    created, modified = (stated_date(_first(said, names)) for names in (_CREATED, _MODIFIED))
    return DocumentFacts(author, created, modified)


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if name in said), "")
