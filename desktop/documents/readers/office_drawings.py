"""What is drawn in Office documents and holds text: boxes, tables, diagrams and charts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desktop.documents.readers.number_formats import NumberFormats
from desktop.documents.readers.office_package import OfficePackage, attribute, local_name
from desktop.documents.readers.table_rows import row_text
from desktop.domain.documents import BlockKind

Drawn = tuple[BlockKind, str]
_MOST_POINTS = 20_000
_PIECES = {"br": "\n", "tab": "\t"}


def paragraph_text(paragraph: Any) -> str:
    """What is printed of one paragraph of a shape."""
    pieces: list[str] = []
    for element in paragraph.iter("{*}t", "{*}br", "{*}tab"):
        name = local_name(element)
        pieces.append(element.text or "" if name == "t" else _PIECES[name])
    # A line break within a paragraph is written as a vertical tab by some programs.
    return "".join(pieces).replace("\v", "\n").replace("_x000B_", "\n").strip()


def paragraphs_of(body: Any) -> Iterator[tuple[int, str]]:
    """Level, from 0, and text of each paragraph of a shape that says something."""
    for paragraph in body.iterfind("{*}p"):
        if text := paragraph_text(paragraph):
            properties = paragraph.find("{*}pPr")
            level = attribute(properties, "lvl") if properties is not None else ""
            yield (min(int(level), 8) if level.isdecimal() else 0), text


def list_lines(body: Any, *, bulleted: bool) -> Iterator[Drawn]:
    """The paragraphs of a shape, those with bullets or numbers together as lists.

    `bulleted` says that paragraphs have bullets where they do not say otherwise.
    """
    items: list[str] = []
    counts: dict[int, int] = {}
    several = len(list(paragraphs_of(body))) > 1
    for paragraph in body.iterfind("{*}p"):
        text = paragraph_text(paragraph)
        if not text:
            continue
        level, bullet = _bullet_of(paragraph, bulleted=bulleted and several)
        if bullet == "1":
            counts = {key: count for key, count in counts.items() if key <= level}
            counts[level] = counts.get(level, 0) + 1
            bullet = f"{counts[level]}."
        if bullet:
            items.append(f"{'  ' * level}{bullet} {' '.join(text.split())}")
            continue
        if items:
            yield BlockKind.LIST, "\n".join(items)
        items, counts = [], {}
        yield BlockKind.PARAGRAPH, text
    if items:
        yield BlockKind.LIST, "\n".join(items)


def _bullet_of(paragraph: Any, *, bulleted: bool) -> tuple[int, str]:
    """The paragraph's level and its bullet: "" without, "1" where it is counted."""
    properties = paragraph.find("{*}pPr")
    if properties is None:
        return 0, "-" if bulleted else ""
    said = attribute(properties, "lvl")
    level = min(int(said), 8) if said.isdecimal() else 0
    marks = {local_name(child) for child in properties}
    if "buAutoNum" in marks:
        return level, "1"
    if "buNone" in marks:
        return level, ""
    return level, "-" if bulleted or "buChar" in marks or "buBlip" in marks else ""


def table_lines(table: Any) -> str:
    """A drawn table, one line a row; a cell that another covers is empty."""
    lines = []
    for row in table.iterfind("{*}tr"):
        cells = [_cell_text(cell) for cell in row.iterfind("{*}tc")]
        if any(cells):
            lines.append(row_text(cells))
    return "\n".join(lines)


def diagram_text(package: OfficePackage, name: str) -> str:
    """The texts of a SmartArt diagram, one line each."""
    points = package.tree(name).iterfind("{*}ptLst/{*}pt")
    # Points of presentation only repeat others.
    shown = [point for point in points if attribute(point, "type") not in ("pres", "parTrans")]
    texts = (
        " ".join(text for _, text in paragraphs_of(body))
        for point in shown
        for body in point.iterfind("{*}t")
    )
    return "\n".join(f"- {' '.join(text.split())}" for text in texts if text.strip())


def chart_blocks(package: OfficePackage, name: str, *, data: bool) -> Iterator[Drawn]:
    """A chart's title and, if asked for, the figures it was drawn from as a table."""
    root = package.tree(name)
    chart = root.find("{*}chart")
    if chart is None:
        return
    titles = [
        " ".join(paragraph_text(line) for line in title.iter("{*}p")).strip()
        for title in chart.iter("{*}title")
    ]
    if said := [title for title in titles if title]:
        yield BlockKind.CAPTION, "\n".join(said)
    if data and (lines := _chart_lines(chart)):
        yield BlockKind.TABLE, lines


def _chart_lines(chart: Any) -> str:
    series = list(chart.iterfind("{*}plotArea/*/{*}ser"))
    columns = [_points(one, "val", "yVal") for one in series]
    names = [" ".join(_points(one, "tx").values()) for one in series]
    labels = _points(series[0], "cat", "xVal") if series else {}
    lines = [row_text(["", *names])]
    for index in sorted({*labels, *(index for column in columns for index in column)}):
        cells = [labels.get(index, ""), *(column.get(index, "") for column in columns)]
        lines.append(row_text(cells))
    return "\n".join(lines) if len(lines) > 1 else ""


def _points(series: Any, *names: str) -> dict[int, str]:
    """The stored values by their place; the formula they come from is not read."""
    found: dict[int, str] = {}
    formats = NumberFormats()
    for source in (element for name in names for element in series.iterfind(f"{{*}}{name}")):
        code = source.findtext(".//{*}formatCode") or "General"
        for point in source.iter("{*}pt"):
            place, value = attribute(point, "idx"), point.findtext("{*}v") or ""
            if place.isdecimal() and len(found) < _MOST_POINTS:
                found.setdefault(int(place), _shown(formats, code, value))
        if not found and (text := source.findtext("{*}v")):
            found[0] = text
    return found


def _shown(formats: NumberFormats, code: str, value: str) -> str:
    try:
        return formats.shown(code, float(value))
    except (ValueError, OverflowError):
        return " ".join(value.split())


def _cell_text(cell: Any) -> str:
    if attribute(cell, "hMerge") in ("1", "true") or attribute(cell, "vMerge") in ("1", "true"):
        return ""
    texts = (text for body in cell.iterfind("{*}txBody") for _, text in paragraphs_of(body))
    return " ".join(" ".join(texts).split())
