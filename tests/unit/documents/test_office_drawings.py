"""Charts and diagrams in Word documents give their words and figures where they stand."""

from __future__ import annotations

from pathlib import Path

from desktop.domain.documents import BlockKind
from tests.unit.documents.made_office import DRAWINGS, RELATIONS, relations, write_package
from tests.unit.documents.reading import blocks_of

WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"


def written(path: Path, paragraphs: list[str], parts: dict[str, str]) -> Path:
    body = "".join(f"<w:p><w:r>{inner}</w:r></w:p>" for inner in paragraphs)
    main = (
        f'<w:document xmlns:w="{WORDS}" xmlns:r="{RELATIONS}" xmlns:c="{CHART}" '
        f'xmlns:dgm="{DIAGRAM}"><w:body>{body}</w:body></w:document>'
    )
    listed = relations([("rc", "chart", "c.xml"), ("rd", "diagramData", "d.xml")])
    own = {"word/document.xml": main, "word/_rels/document.xml.rels": listed}
    return write_package(path, "word/document.xml", {**own, **parts})


def test_a_chart_is_its_title_and_its_figures(tmp_path: Path) -> None:
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{value}</c:v></c:pt>' for place, value in ((0, "5"), (2, "7.5"))
    )
    chart = (
        f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{DRAWINGS}"><c:chart><c:title><c:tx><c:rich>'
        "<a:p><a:r><a:t>Sales</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:lineChart>"
        f"<c:ser><c:tx><c:v>North</c:v></c:tx><c:val><c:numLit>{points}</c:numLit></c:val></c:ser>"
        "</c:lineChart></c:plotArea></c:chart></c:chartSpace>"
    )
    paragraphs = ["<w:t>Before</w:t>", '<w:drawing><c:chart r:id="rc"/></w:drawing>']
    assert blocks_of(written(tmp_path / "a.docx", paragraphs, {"word/c.xml": chart})) == [
        (BlockKind.PARAGRAPH, "Before"),
        (BlockKind.CAPTION, "Sales"),
        (BlockKind.TABLE, " | North\n | 5\n | 7.5"),
    ]


def test_a_diagram_is_a_list_of_its_words(tmp_path: Path) -> None:
    point = "<dgm:pt><dgm:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></dgm:t></dgm:pt>"
    diagram = (
        f'<dgm:dataModel xmlns:dgm="{DIAGRAM}" xmlns:a="{DRAWINGS}"><dgm:ptLst>'
        f"{point.format('plan')}{point.format('build')}</dgm:ptLst></dgm:dataModel>"
    )
    paragraphs = ['<w:drawing><dgm:relIds r:dm="rd"/></w:drawing><w:t>After</w:t>']
    assert blocks_of(written(tmp_path / "a.docx", paragraphs, {"word/d.xml": diagram})) == [
        (BlockKind.PARAGRAPH, "After"),
        (BlockKind.LIST, "- plan\n- build"),
    ]
