"""Articles and books in XML (DocBook, JATS, DITA, TEI and their like) as they read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desktop.documents.content import ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.office_package import attribute, local_name
from desktop.documents.readers.table_rows import row_text
from desktop.documents.readers.xml_values import all_text, children_of, is_mixed, plain_text
from desktop.domain.documents import BlockKind

_ROOTS = frozenset(
    """
    book article chapter section part appendix preface reference refentry set topic concept task
    TEI TEI.2 nitf html dtbook manual guide
""".split()
)
_TITLES = frozenset("title subtitle head h article-title hl1 hl2".split())
_PARAGRAPHS = frozenset(
    """
    para simpara p formalpara shortdesc abstract-p l lg cmd refpurpose term
""".split()
)
_LISTS = frozenset(
    """
    itemizedlist orderedlist variablelist simplelist procedure list ul ol dl sl steps qandaset
    glosslist bibliography ref-list
""".split()
)
_ITEMS = frozenset(
    """
    listitem varlistentry member step item list-item li dlentry sli dt dd qandaentry glossentry
    biblioentry bibliomixed bibl ref
""".split()
)
_CODES = frozenset(
    """
    programlisting screen literallayout synopsis codeblock pre preformat code-block eg msgblock
""".split()
)
_TABLES = frozenset("table informaltable tgroup simpletable array".split())
_ROWS = frozenset("row tr strow sthead table-row".split())
_CAPTIONS = frozenset("caption figcaption figDesc".split())
_CAPTIONED = frozenset("figure informalfigure table example equation fig table-wrap".split())
_UNSHOWN = frozenset(
    """
    indexterm remark styles automatic-styles master-styles font-face-decls settings scripts meta
    tracked-changes sequence-decls annotation
""".split()
)


def is_article(root: Any) -> bool:
    """Whether this element holds prose with sections, by its name and what stands in it."""
    if "opendocument" in str(root.tag):
        return True
    if local_name(root) not in _ROOTS:
        return False
    if "docbook" in str(root.tag) or local_name(root) in ("TEI", "nitf", "dtbook"):
        return True
    return any(
        local_name(inner) in _PARAGRAPHS or local_name(inner) in _LISTS for inner in root.iter()
    )


def article_parts(parts: Parts, element: Any, level: int) -> Iterator[ReadPage]:
    """Add an element of an article that stands below `level` - 1 sections."""
    name = local_name(element)
    if name in _UNSHOWN or not name:
        return
    if name in _TITLES:
        yield from _title(parts, element, level)
    elif name in _CODES:
        yield from parts.block(BlockKind.CODE, all_text(element))
    elif name in _LISTS:
        yield from _list(parts, element, level)
    elif name in _TABLES and any(local_name(inner) in _ROWS for inner in element.iter()):
        yield from _table(parts, element, level)
    elif name in _CAPTIONS:
        yield from parts.block(BlockKind.CAPTION, plain_text(all_text(element)))
    elif name in _PARAGRAPHS or is_mixed(element):
        yield from _paragraph(parts, element, level)
    else:
        yield from _section(parts, element, level)


def _section(parts: Parts, element: Any, level: int) -> Iterator[ReadPage]:
    children = children_of(element)
    titled = any(local_name(child) in _TITLES for child in children)
    inner = level + 1 if titled and local_name(element) not in _CAPTIONED else level
    for child in children:
        at = level if local_name(child) in _TITLES else inner
        yield from article_parts(parts, child, at)


def _title(parts: Parts, element: Any, level: int) -> Iterator[ReadPage]:
    text = plain_text(all_text(element))
    above = element.getparent()
    stated = attribute(element, "outline-level")
    level = int(stated) if stated.isdecimal() else level
    if above is not None and local_name(above) in _CAPTIONED:
        yield from parts.block(BlockKind.CAPTION, text)
    else:
        yield from parts.heading(text, level)


def _paragraph(parts: Parts, element: Any, level: int) -> Iterator[ReadPage]:
    """A paragraph; lists, tables and code in its midst become blocks of their own behind it."""
    apart = [child for child in children_of(element) if _is_block(local_name(child))]
    if apart:
        texts = [element.text or ""]
        for child in element:
            texts.append("" if child in apart else all_text(child))
            texts.append(child.tail or "")
        yield from parts.block(BlockKind.PARAGRAPH, plain_text("".join(texts)))
        for child in apart:
            yield from article_parts(parts, child, level)
    else:
        yield from parts.block(BlockKind.PARAGRAPH, plain_text(all_text(element)))


def _list(parts: Parts, element: Any, level: int) -> Iterator[ReadPage]:
    children = children_of(element)
    for child in children:
        if local_name(child) in _TITLES:
            yield from parts.heading(plain_text(all_text(child)), level)
    yield from parts.block(BlockKind.LIST, "\n".join(_item_lines(element, 0)))


def _item_lines(element: Any, depth: int) -> Iterator[str]:
    for child in children_of(element):
        name = local_name(child)
        if name in _TITLES:
            continue
        nested = [inner for inner in child.iter() if inner is not child and _is_list(inner)]
        if not nested:
            if text := plain_text(_spaced(child)):
                yield "  " * depth + "- " + text
            continue
        if own := plain_text(" ".join(_own_texts(child))):
            yield "  " * depth + "- " + own
        for inner in nested:
            # Deeper lists belong to their own list.
            if not any(_is_list(above) and above in nested for above in inner.iterancestors()):
                yield from _item_lines(inner, depth + 1)


def _own_texts(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and not _is_list(child):
            yield from _own_texts(child)
        yield child.tail or ""


def _spaced(element: Any) -> str:
    """The item's text, its paragraphs told apart by a space."""
    children = children_of(element)
    if children and not is_mixed(element):
        return " ".join(all_text(child) for child in children)
    return all_text(element)


def _table(parts: Parts, table: Any, level: int) -> Iterator[ReadPage]:
    for child in children_of(table):
        if local_name(child) in (*_TITLES, *_CAPTIONS):
            yield from article_parts(parts, child, level)
    rows = [
        row_text([" ".join(_spaced(cell).split()) for cell in children_of(row)])
        for row in table.iter("{*}*")
        if local_name(row) in _ROWS
    ]
    yield from parts.block(BlockKind.TABLE, "\n".join(filter(None, rows)))


def _is_block(name: str) -> bool:
    return name in _LISTS or name in _TABLES or name in _CODES


def _is_list(element: Any) -> bool:
    return local_name(element) in _LISTS
