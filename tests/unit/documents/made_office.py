"""Small Office files written by hand: the packages of today and the containers of old."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from tests.unit.documents.made_files import write_zip

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_SHEETS = "http://purl.oclc.org/ooxml/spreadsheetml/main"
DRAWINGS = "http://schemas.openxmlformats.org/drawingml/2006/main"
SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-prop'
    'erties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
    "<dc:title>Yearly figures</dc:title><dc:creator>Ann Example</dc:creator>"
    "<dcterms:created>2021-02-03T04:05:06Z</dcterms:created>"
    "<dcterms:modified>2022-03-04T05:06:07Z</dcterms:modified></cp:coreProperties>"
)
Cells = Sequence[str]
"""A row's cells as XML, the empty text for none."""


def relations(targets: Sequence[tuple[str, str, str]], roles: str = RELATIONS) -> str:
    """A part's relations: id, role and target of each."""
    rows = "".join(
        f'<Relationship Id="{identity}" Type="{roles}/{role}" Target="{target}"/>'
        for identity, role, target in targets
    )
    return f'<Relationships xmlns="{PACKAGE_RELATIONS}">{rows}</Relationships>'


def write_package(path: Path, main: str, parts: Mapping[str, str], roles: str = RELATIONS) -> Path:
    """A package whose main part is `main`, with a title, an author and dates."""
    whole = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content'
        '-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": relations(
            [("m", "officeDocument", main), ("c", "metadata/core-properties", "docProps/core.xml")],
            roles,
        ),
        "docProps/core.xml": _CORE,
        **parts,
    }
    return write_zip(path, {name: text.encode() for name, text in whole.items()})


def sheet(rows: Mapping[int, str], after: str = "", namespace: str = SHEETS) -> str:
    """A worksheet: the cells of each row by its number, as XML."""
    inner = "".join(f'<row r="{number}">{cells}</row>' for number, cells in rows.items())
    return f'<worksheet xmlns="{namespace}"><sheetData>{inner}</sheetData>{after}</worksheet>'


def words(*texts: str) -> str:
    """Cells with their texts in them, from column A; an empty text is no cell."""
    return "".join(
        f'<c r="{chr(65 + column)}1" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        for column, text in enumerate(texts)
        if text
    )


def write_xlsx(
    path: Path,
    sheets: Mapping[str, str],
    *,
    states: Mapping[str, str] | None = None,
    formats: Sequence[str] = (),
    strings: str = "",
    more: Mapping[str, str] | None = None,
    namespace: str = SHEETS,
    roles: str = RELATIONS,
) -> Path:
    """A workbook; the number format of style n + 1 is `formats[n]`."""
    listed, targets, parts = [], [], dict(more or {})
    for index, (name, text) in enumerate(sheets.items(), start=1):
        state = f' state="{states[name]}"' if states and name in states else ""
        listed.append(f'<sheet name="{escape(name)}" sheetId="{index}" r:id="s{index}"{state}/>')
        targets.append((f"s{index}", "worksheet", f"worksheets/sheet{index}.xml"))
        parts[f"xl/worksheets/sheet{index}.xml"] = text
    codes = "".join(
        f'<numFmt numFmtId="{200 + index}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for index, code in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{200 + index}"/>' for index in range(len(formats)))
    parts["xl/styles.xml"] = (
        f'<styleSheet xmlns="{namespace}"><numFmts>{codes}</numFmts>'
        f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>'
    )
    targets.append(("st", "styles", "styles.xml"))
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{namespace}" {strings}</sst>'
        targets.append(("ss", "sharedStrings", "sharedStrings.xml"))
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{namespace}" xmlns:r="{roles}"><sheets>{"".join(listed)}</sheets>'
        "</workbook>"
    )
    parts["xl/_rels/workbook.xml.rels"] = relations(targets, roles)
    return write_package(path, "xl/workbook.xml", parts, roles)


def shape(text: str, place: str | None = None, properties: str = "") -> str:
    """A shape with a paragraph for each line; `place` is the placeholder it fills."""
    mark = "" if place is None else f'<p:ph type="{place}"/>'
    lines = "".join(
        f"<a:p>{properties}<a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in text.split("\n")
    )
    return f"<p:sp><p:nvSpPr><p:nvPr>{mark}</p:nvPr></p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>"


def slide(*shapes: str, show: str = "1", element: str = "sld") -> str:
    """A slide, or its notes, with these shapes."""
    return (
        f'<p:{element} xmlns:p="{SLIDES}" xmlns:a="{DRAWINGS}" xmlns:r="{RELATIONS}" show="{show}">'
        f"<p:cSld><p:spTree>{''.join(shapes)}</p:spTree></p:cSld></p:{element}>"
    )


def write_pptx(path: Path, slides: Sequence[str], more: Mapping[str, str] | None = None) -> Path:
    """A presentation; `more` holds further parts, the slides' relations among them."""
    parts = {f"ppt/slides/slide{index}.xml": text for index, text in enumerate(slides, start=1)}
    listed = "".join(
        f'<p:sldId id="{index}" r:id="s{index}"/>' for index in range(1, len(slides) + 1)
    )
    parts["ppt/presentation.xml"] = (
        f'<p:presentation xmlns:p="{SLIDES}" xmlns:r="{RELATIONS}"><p:sldIdLst>{listed}'
        "</p:sldIdLst></p:presentation>"
    )
    parts["ppt/_rels/presentation.xml.rels"] = relations(
        [(f"s{index}", "slide", f"slides/slide{index}.xml") for index in range(1, len(slides) + 1)]
    )
    return write_package(path, "ppt/presentation.xml", {**parts, **(more or {})})


_ODF_NAMES = {
    "office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style",
    "presentation": "presentation", "meta": "meta", "chart": "chart",
}  # fmt: skip
_ODF = "".join(
    f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in _ODF_NAMES.items()
)
_ODF += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
_ODF_META = (
    f"<office:document-meta{_ODF}><office:meta><dc:title>Yearly figures</dc:title>"
    "<meta:initial-creator>Ann Example</meta:initial-creator>"
    "<meta:creation-date>2021-02-03T04:05:06.789</meta:creation-date>"
    "<dc:date>2022-03-04T05:06:07Z</dc:date></office:meta></office:document-meta>"
)


def write_odf(
    path: Path, kind: str, body: str, styles: str = "", more: Mapping[str, str] | None = None
) -> Path:
    """An OpenDocument package; `kind` is text, spreadsheet or presentation."""
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content{_ODF}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>",
        "meta.xml": _ODF_META,
        **{name: text.replace("<root", f"<root{_ODF}") for name, text in (more or {}).items()},
    }
    return write_zip(path, {name: text.encode() for name, text in parts.items()})


def write_ole(path: Path, streams: Mapping[str, bytes]) -> Path:
    """An OLE container with these streams, each padded so that none is a small one."""
    bodies = [data.ljust(4096, b"\0") for data in streams.values()]
    sectors = [-(-len(data) // 512) for data in bodies]
    table, starts, place = [0xFFFFFFFD], [], 2
    table.append(0xFFFFFFFE)
    for count in sectors:
        starts.append(place)
        table += [place + step + 1 for step in range(count - 1)] + [0xFFFFFFFE]
        place += count
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    for index, (name, start, data) in enumerate(zip(streams, starts, bodies, strict=True), start=1):
        right = index + 1 if index < len(bodies) else 0xFFFFFFFF
        entries.append(_entry(name, 2, start, len(data), right=right))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0,
    ) + struct.pack("<108I", *[0xFFFFFFFF] * 108)  # fmt: skip
    table += [0xFFFFFFFF] * (128 - len(table))
    assert len(table) == 128 and len(entries) <= 4
    directory = b"".join(entries).ljust(512, b"\0")
    padded = [data.ljust(512 * count, b"\0") for data, count in zip(bodies, sectors, strict=True)]
    path.write_bytes(header + struct.pack("<128I", *table) + directory + b"".join(padded))
    return path


def _entry(
    name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF
) -> bytes:
    wide = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIQ",
        wide, len(wide) + 2, kind, 1, 0xFFFFFFFF, right, child, 0, start, size,
    )  # fmt: skip
