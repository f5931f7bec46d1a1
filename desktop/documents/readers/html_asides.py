"""What stands on a web page and is no part of its text: menus, page feet, links for editing."""

from __future__ import annotations

import re
from typing import Any

from desktop.domain.documents import BlockKind

_GUIDES = re.compile(
    r"(?:^|\s)(?:nav|navbar|navbox|navigation|site-?nav|main-?menu|breadcrumbs?|noprint|catlinks|"
    r"skip-?links?|mw-jump-link|mw-editsection|mw-portlet\S*|vector-(?:menu|dropdown|toc)(?:-content|-contents|-landmark)?|"
    r"(?:social-)?share-buttons|cookie-(?:banner|notice|consent)\S*)(?:\s|$)",
    re.IGNORECASE,
)
_GUIDING_ROLES = ("navigation", "search", "menubar", "menu")
_TEXT = ("article", "section", "blockquote", "figure", "main")
_SKIP_LINK = re.compile(r"(?:skip|jump) to (?:main |the )?(?:content|navigation|search)", re.I)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)


def aside_kind(node: Any) -> BlockKind | None:
    """`HEADER` for what guides through a site, `FOOTER` for the foot of its pages, else None."""
    attributes = node.attributes
    role = attributes.get("role")
    guides = node.tag == "nav" or role in _GUIDING_ROLES
    if (guides or _GUIDES.search(attributes.get("class") or "")) and not _holds_text(node):
        return BlockKind.HEADER
    if role == "contentinfo" or (node.tag == "footer" and not _is_within_text(node)):
        return BlockKind.FOOTER
    return None


def is_skip_link(text: str) -> bool:
    """Whether this is a link for those who cannot see the page."""
    return len(text) < 40 and _SKIP_LINK.fullmatch(text) is not None


def is_bold(node: Any) -> bool:
    """Whether the element itself sets its text in bold type."""
    if node.tag in ("b", "strong"):
        return True
    style = node.attributes.get("style")
    return bool(style and _BOLD_STYLE.search(style))


def _holds_text(node: Any) -> bool:
    return node.tag in ("html", "body", *_TEXT) or node.css_first("h1, main, article") is not None


def _is_within_text(node: Any) -> bool:
    above = node.parent
    while above is not None:
        if above.tag in _TEXT:
            return True
        above = above.parent
    return False
