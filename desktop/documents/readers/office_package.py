"""The zip of an Office document: its parts, read within limits and without following anything."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from desktop.domain.errors import ContentTooLarge, DamagedFile

_MOST_MEMBERS = 5_000
_MOST_PART_BYTES = 128 << 20
_MOST_TOTAL_BYTES = 256 << 20
# A sheet is read row by row, so its length costs time and no memory.
_MOST_STREAM_BYTES = 4 << 30
_UNPACKING_ERRORS = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, struct.error, LookupError,
)  # fmt: skip
_ENTITY_MARKS = (b"<!DOCTYPE", b"<!ENTITY")


@dataclass(frozen=True, slots=True)
class Relation:
    """One part named by another: what it is to it, and where it lies in the package."""

    id: str
    role: str
    target: str


class OfficePackage:
    """Parts of the package by name; they are read into memory and never unpacked to disk.

    `content` is the package where the file is not one: what it is without its encryption.
    """

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        self._path = path
        try:
            self._archive = zipfile.ZipFile(path if content is None else BytesIO(content))
        except (
            zipfile.BadZipFile,
            ValueError,
            EOFError,
            NotImplementedError,
            struct.error,
        ) as error:
            raise self._damaged("its ZIP container is broken") from error
        self._read_bytes = 0
        if len(self._archive.namelist()) > _MOST_MEMBERS:
            self.close()
            raise ContentTooLarge(str(path), f"it packs more than {_MOST_MEMBERS:,} files")

    def close(self) -> None:
        self._archive.close()

    def has(self, name: str) -> bool:
        return name in self._archive.NameToInfo

    def part(self, name: str) -> bytes:
        """The part's bytes; raises `DamagedFile` or `ContentTooLarge`."""
        try:
            with self._archive.open(name) as member:
                # The directory may lie about the size, so what comes out is counted.
                data = member.read(_MOST_PART_BYTES + 1)
        except KeyError:
            raise self._damaged(f"its part {name} is missing") from None
        except _UNPACKING_ERRORS as error:
            raise self._damaged(f"its part {name} cannot be unpacked") from error
        except (NotImplementedError, RuntimeError) as error:
            raise self._damaged(f"its part {name} is packed in an unknown way") from error
        self._read_bytes += len(data)
        if len(data) > _MOST_PART_BYTES or self._read_bytes > _MOST_TOTAL_BYTES:
            limit = _MOST_PART_BYTES >> 20
            raise ContentTooLarge(str(self._path), f"it unpacks to more than {limit} MB of text")
        refuse_entities(data, self._path)
        return data

    def elements(self, name: str, tags: tuple[str, ...]) -> Iterator[Any]:
        """Each element of one of these names as it ends, from a part of any length.

        Elements are not nested in one another, and are freed again after their turn.
        """
        from lxml import etree

        names = [f"{{*}}{tag}" for tag in tags]
        try:
            with self._archive.open(name) as member:
                events = etree.iterparse(
                    _Counted(member, self._path), events=("end",), tag=names,
                    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
                    remove_comments=True, remove_pis=True,
                )  # fmt: skip
                for _, element in events:
                    yield element
                    element.clear()
                    above = element.getparent()
                    while above is not None and element.getprevious() is not None:
                        del above[0]
        except KeyError:
            raise self._damaged(f"its part {name} is missing") from None
        except etree.XMLSyntaxError as error:
            raise self._damaged(f"its part {name} is not well-formed XML") from error
        except _UNPACKING_ERRORS as error:
            raise self._damaged(f"its part {name} cannot be unpacked") from error
        except (NotImplementedError, RuntimeError) as error:
            raise self._damaged(f"its part {name} is packed in an unknown way") from error

    def tree(self, name: str) -> Any:
        """The part's XML root."""
        from lxml import etree

        try:
            return etree.fromstring(self.part(name), _parser())
        except etree.XMLSyntaxError as error:
            raise self._damaged(f"its part {name} is not well-formed XML") from error

    def children_of(self, name: str, parent: str) -> Iterator[Any]:
        """Each child of the elements called `parent`, freed again after its turn."""
        from lxml import etree

        source = BytesIO(self.part(name))
        events = etree.iterparse(
            source, events=("end",), resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            for _, element in events:
                above = element.getparent()
                if above is not None and local_name(above) == parent:
                    yield element
                    element.clear()
                    while element.getprevious() is not None:
                        del above[0]
        except etree.XMLSyntaxError as error:
            raise self._damaged(f"its part {name} is not well-formed XML") from error

    def relations(self, name: str) -> list[Relation]:
        """The parts that the part `name` refers to, "" for the package itself."""
        folder, base = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", f"{base}.rels")
        if not self.has(listing):
            return []
        return [
            Relation(
                element.get("Id", ""),
                element.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, element.get("Target", "")))[1:],
            )
            for element in self.tree(listing).iter("{*}Relationship")
            # An outside target is an address; nothing outside the file is ever opened.
            if element.get("TargetMode") != "External"
        ]

    def _damaged(self, reason: str) -> DamagedFile:
        return DamagedFile(str(self._path), reason)


class _Counted:
    """An unpacked part as a file, up to a limit, for the directory may lie about its size."""

    def __init__(self, member: IO[bytes], path: Path) -> None:
        self._member = member
        self._path = path
        self._left = _MOST_STREAM_BYTES
        self._begun = False

    def read(self, size: int) -> bytes:
        data = self._member.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ContentTooLarge(
                str(self._path), f"it unpacks to more than {_MOST_STREAM_BYTES >> 30} GB"
            )
        if not self._begun:
            self._begun = True
            refuse_entities(data, self._path)
        return data


def refuse_entities(data: bytes, path: Path) -> None:
    """Raise `DamagedFile` where the beginning of a part defines entities."""
    if any(mark in data[:65536] for mark in _ENTITY_MARKS):
        raise DamagedFile(str(path), "it defines text entities, which no Office program writes")


def local_name(element: Any) -> str:
    """The element's name without its namespace; both dialects of the format use the same names."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """The attribute called `name` in any namespace, "" without it."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def parsed(data: bytes) -> Any:
    """The root of a piece of XML; raises `ValueError` where it is broken."""
    from lxml import etree

    try:
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise ValueError("broken XML") from error


def relation_id(element: Any) -> str:
    """The id of the part an element shows; in both dialects its name is `id` there too."""
    for key, value in element.attrib.items():
        if key.endswith("relationships}id"):
            return str(value)
    return ""


def _parser() -> Any:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
