"""ODP: slides with their titles, lists, tables and charts, then the speaker's notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from desktop.documents.content import Opened, Reading, ReadPage, Remark
from desktop.documents.parts import Parts
from desktop.documents.readers.odf import CONTENT, OdfStyles, all_printed, odf_facts, open_odf
from desktop.documents.readers.odf_flow import OdfFlow
from desktop.documents.readers.office_package import OfficePackage, attribute, local_name
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit
from desktop.domain.errors import DamagedFile, NoPages

_MOST_NAMED = 20
_UNDRAWN = ("notes", "annotation", "forms", "layer-set")


def read_odp(path: Path, passwords: Sequence[str] = ()) -> Reading:
    """Yield one page a slide, hidden ones too."""
    package = open_odf(path, passwords)
    try:
        root = package.tree(CONTENT)
        body = root.find("{*}body/{*}presentation")
        if body is None:
            raise DamagedFile(str(path), "it holds no presentation")
        slides = list(body.iterchildren("{*}page"))
        if not slides:
            raise NoPages(str(path))
        title, facts = odf_facts(package)
        yield Opened(DocumentKind.ODP, title or path.stem, PageUnit.SLIDE, len(slides), facts)
        styles = OdfStyles.of(package, root)
        yield from _slides(package, slides, styles)
        hidden = [
            str(number)
            for number, slide in enumerate(slides, start=1)
            if attribute(slide, "style-name") in styles.hidden
        ]
        if hidden:
            yield Remark(f"Hidden slides were read too: {', '.join(hidden[:_MOST_NAMED])}.")
    finally:
        package.close()


def _slides(package: OfficePackage, slides: list[Any], styles: OdfStyles) -> Iterator[ReadPage]:
    parts = Parts(cut=False)
    flow = OdfFlow(package, styles, parts)
    for slide in slides:
        frames = slide.iterchildren("{*}frame")
        shown = [frame for frame in frames if attribute(frame, "class") == "title"]
        title = all_printed(shown[0]) if shown else ""
        yield from parts.begin(title)
        yield from parts.heading(title, 1)
        for shape in slide:
            if shape not in shown[:1] and local_name(shape) not in _UNDRAWN:
                yield from flow.drawn(shape)
        yield from _notes(slide, parts, flow)
        for comment in slide.iterchildren("{*}annotation"):
            author = comment.findtext("{*}creator") or ""
            text = all_printed(comment)
            yield from parts.block(BlockKind.PARAGRAPH, f"{author}: {text}" if author else text)
    yield from parts.rest()


def _notes(slide: Any, parts: Parts, flow: OdfFlow) -> Iterator[ReadPage]:
    for notes in slide.iterchildren("{*}notes"):
        frames = [frame for frame in notes.iterchildren("{*}frame") if all_printed(frame)]
        parts.enter("Notes", 2)
        for frame in frames:
            yield from flow.drawn(frame)
