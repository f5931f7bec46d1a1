"""The package of an EPUB: what it says of itself, its reading order, its table of contents."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from desktop.documents.readers.office_package import local_name
from desktop.documents.readers.stated_dates import stated_date
from desktop.domain.documents import DocumentFacts
from desktop.domain.errors import ContentTooLarge, DamagedFile, ProtectedContent

_MOST_MEMBERS = 20_000
_MOST_PART_BYTES = 32 << 20
_MOST_TOTAL_BYTES = 256 << 20
_MOST_CHAPTERS = 5_000
_FEWEST_CHAPTERS = 3
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_TEXTS = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")
# Fonts are scrambled in open books too; their text is not.
_SCRAMBLED_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the table of contents: the file, the place in it, and how deep it stands."""

    file: str
    place: str
    title: str
    depth: int


class Book:
    """Parts are read into memory one by one and never unpacked to disk.

    Raises `DamagedFile`, `ContentTooLarge` or `ProtectedContent`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
            raise DamagedFile(str(path), "its ZIP container is broken") from error
        self._read_bytes = 0
        try:
            if len(self._archive.namelist()) > _MOST_MEMBERS:
                reason = f"it packs more than {_MOST_MEMBERS:,} files"
                raise ContentTooLarge(str(path), reason)
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        self._place = self._package_name()
        package = self._tree(self._place)
        named = {local_name(inner): inner for inner in package if isinstance(inner.tag, str)}
        self._items = _items(named.get("manifest"))
        spine = named.get("spine")
        self._contents_id = spine.get("toc", "") if spine is not None else ""
        self.reading_order = [*dict.fromkeys(self._spine(spine))]
        if not self.reading_order:
            raise DamagedFile(str(self._path), "it lists no chapters that are there")
        self._refuse_protected()
        metadata = named.get("metadata")
        self.title = _said(metadata, "title")
        self.facts = _facts(metadata)

    def close(self) -> None:
        self._archive.close()

    def part(self, name: str) -> bytes:
        """The part's bytes."""
        try:
            with self._archive.open(name) as member:
                # The directory may lie about the size, so what comes out is counted.
                data = member.read(_MOST_PART_BYTES + 1)
        except KeyError:
            raise DamagedFile(str(self._path), f"its part {name} is missing") from None
        except RuntimeError as error:
            raise ProtectedContent(str(self._path)) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
            reason = f"its part {name} cannot be unpacked"
            raise DamagedFile(str(self._path), reason) from error
        self._read_bytes += len(data)
        if len(data) > _MOST_PART_BYTES or self._read_bytes > _MOST_TOTAL_BYTES:
            limit = _MOST_TOTAL_BYTES >> 20
            raise ContentTooLarge(str(self._path), f"it unpacks to more than {limit} MB of text")
        return data

    def chapters(self) -> dict[str, dict[str, str]]:
        """For each file the places where chapters begin, "" being its start, and their names.

        Deeper entries count only where there are hardly any others.
        """
        entries = [entry for entry in self._entries() if entry.title and self._has(entry.file)]
        for depth in range(max((entry.depth for entry in entries), default=0) + 1):
            chosen = [entry for entry in entries if entry.depth <= depth]
            if len(chosen) >= _FEWEST_CHAPTERS:
                entries = chosen
                break
        found: dict[str, dict[str, str]] = {}
        for entry in entries[:_MOST_CHAPTERS]:
            found.setdefault(entry.file, {}).setdefault(entry.place, entry.title)
        return found

    def _entries(self) -> list[_Entry]:
        for item in self._items.values():
            if "nav" in item.get("properties", "").split():
                name = _resolved(self._place, item.get("href", ""))
                entries = [*_nav_entries(name, self._tree(name))] if self._has(name) else []
                if entries:
                    return entries
        listed = self._items.get(self._contents_id)
        if listed is None:
            by_type = (item for item in self._items.values() if "ncx" in item.get("media-type", ""))
            listed = next(by_type, None)
        name = _resolved(self._place, listed.get("href", "")) if listed is not None else ""
        return [*_ncx_entries(name, self._tree(name))] if self._has(name) else []

    def _package_name(self) -> str:
        if self._has(_CONTAINER):
            for inner in self._tree(_CONTAINER).iter("{*}rootfile"):
                name = _resolved("", inner.get("full-path", ""))
                if self._has(name):
                    return name
        names = [name for name in self._archive.namelist() if name.lower().endswith(".opf")]
        if not names:
            raise DamagedFile(str(self._path), "it does not say what it holds")
        return names[0]

    def _spine(self, spine: Any) -> Iterator[str]:
        for inner in spine if spine is not None else ():
            item = self._items.get(inner.get("idref", "")) if isinstance(inner.tag, str) else None
            if item is not None and item.get("media-type", _TEXTS[0]) in _TEXTS:
                name = _resolved(self._place, item.get("href", ""))
                if self._has(name):
                    yield name

    def _refuse_protected(self) -> None:
        if not self._has(_ENCRYPTION):
            return
        for data in self._tree(_ENCRYPTION).iter("{*}EncryptedData"):
            method = data.find("{*}EncryptionMethod")
            if method is not None and method.get("Algorithm") in _SCRAMBLED_FONTS:
                continue
            for reference in data.iter("{*}CipherReference"):
                if _resolved("", reference.get("URI", "")) in self.reading_order:
                    raise ProtectedContent(str(self._path))

    def _has(self, name: str) -> bool:
        return bool(name) and name in self._archive.NameToInfo

    def _tree(self, name: str) -> Any:
        from lxml import etree

        # Files of books are often not quite well-formed, and read by everybody all the same.
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
            recover=True, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(self.part(name), parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise DamagedFile(str(self._path), f"its part {name} is not XML") from error
        if root is None:
            raise DamagedFile(str(self._path), f"its part {name} is not XML")
        return root


def _resolved(base: str, reference: str) -> str:
    """The name of the part that is meant, "" where it lies outside the book."""
    path, _, _ = unquote(reference).partition("#")
    name = posixpath.normpath(posixpath.join("/", posixpath.dirname(base), path))[1:]
    return "" if ":" in path.split("/")[0] or path.startswith("/") else name


def _items(manifest: Any) -> dict[str, Any]:
    if manifest is None:
        return {}
    return {item.get("id", ""): item for item in manifest.iter("{*}item")}


def _ncx_entries(name: str, root: Any) -> Iterator[_Entry]:
    for point in root.iter("{*}navPoint"):
        content = point.find("{*}content")
        label = point.find("{*}navLabel/{*}text")
        if content is not None and label is not None:
            depth = sum(local_name(above) == "navPoint" for above in point.iterancestors())
            yield _entry(name, content.get("src", ""), label, depth)


def _nav_entries(name: str, root: Any) -> Iterator[_Entry]:
    for nav in root.iter("{*}nav"):
        kinds = [value for key, value in nav.attrib.items() if key.rpartition("}")[2] == "type"]
        if kinds and "toc" not in kinds[0].split():
            continue
        for link in nav.iter("{*}a"):
            depth = sum(local_name(above) == "ol" for above in link.iterancestors()) - 1
            yield _entry(name, link.get("href", ""), link, max(0, depth))


def _entry(base: str, reference: str, label: Any, depth: int) -> _Entry:
    file, _, place = reference.partition("#")
    target = _resolved(base, file) if file else base
    title = " ".join("".join(label.itertext()).split())[:200]
    return _Entry(target, unquote(place), title, depth)


def _said(metadata: Any, name: str) -> str:
    for inner in metadata.iter(f"{{*}}{name}") if metadata is not None else ():
        text = " ".join("".join(inner.itertext()).split())
        if text:
            return text[:200]
    return ""


def _facts(metadata: Any) -> DocumentFacts:
    if metadata is None:
        return DocumentFacts()
    authors = [" ".join((inner.text or "").split()) for inner in metadata.iter("{*}creator")]
    modified = [
        inner.text or "" for inner in metadata.iter("{*}meta")
        if inner.get("property") == "dcterms:modified"
    ]  # fmt: skip
    language = _said(metadata, "language").split("-")[0].lower()
    return DocumentFacts(
        ", ".join(filter(None, authors))[:200],
        stated_date(_said(metadata, "date")),
        stated_date((modified or [""])[0]),
        language if len(language) == 2 else "",
    )
