"""ODT: the flowing text in parts; headers first, footers last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from desktop.documents.content import Opened, Reading, ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.odf import CONTENT, OdfStyles, all_printed, odf_facts, open_odf
from desktop.documents.readers.odf_flow import OdfFlow
from desktop.documents.readers.office_package import OfficePackage
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit
from desktop.domain.errors import DamagedFile


def read_odt(path: Path, passwords: Sequence[str] = ()) -> Reading:
    """Yield the text in parts."""
    package = open_odf(path, passwords)
    try:
        root = package.tree(CONTENT)
        body = root.find("{*}body/{*}text")
        if body is None:
            raise DamagedFile(str(path), "it holds no text document")
        title, facts = odf_facts(package)
        yield Opened(DocumentKind.ODT, title or path.stem, PageUnit.PART, facts=facts)
        yield from _parts(package, root, body)
    finally:
        package.close()


def _parts(package: OfficePackage, root: Any, body: Any) -> Iterator[ReadPage]:
    parts = Parts()
    styles = OdfStyles.of(package, root)
    for text in _running(package, "header", "header-left", "header-first"):
        yield from parts.block(BlockKind.HEADER, text)
    yield from OdfFlow(package, styles, parts).body(body)
    for text in _running(package, "footer", "footer-left", "footer-first"):
        yield from parts.block(BlockKind.FOOTER, text)
    yield from parts.rest()


def _running(package: OfficePackage, *names: str) -> dict[str, None]:
    if not package.has("styles.xml"):
        return {}
    pages = package.tree("styles.xml").iter("{*}master-page")
    elements = (
        one for page in pages for name in names for one in page.iterchildren(f"{{*}}{name}")
    )
    return dict.fromkeys(filter(None, map(all_printed, elements)))
