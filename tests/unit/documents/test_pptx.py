"""Presentations: one page a slide, with all that is drawn, said and noted on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.domain.documents import BlockKind, PageUnit
from desktop.domain.errors import DamagedFile, NoPages
from tests.unit.documents.made_office import (
    DRAWINGS,
    RELATIONS,
    SLIDES,
    relations,
    shape,
    slide,
    write_pptx,
)
from tests.unit.documents.reading import blocks_of, headings_over, opened, pages_of, remarks_of

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"


def frame(inner: str) -> str:
    return (
        f'<p:graphicFrame xmlns:c="{CHART}" xmlns:dgm="{DIAGRAM}"><a:graphic><a:graphicData>'
        f"{inner}</a:graphicData></a:graphic></p:graphicFrame>"
    )


def cell(text: str, more: str = "") -> str:
    return f"<a:tc{more}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"


def test_a_slide_is_a_page_with_its_title_over_everything(tmp_path: Path) -> None:
    first = slide(shape("Body one\nBody two", "body"), shape("Our plan", "title"))
    second = slide(shape("A free box"))
    path = write_pptx(tmp_path / "a.pptx", [first, second])
    found = opened(path)
    assert (found.title, found.unit, found.page_count) == ("Yearly figures", PageUnit.SLIDE, 2)
    assert found.facts.author == "Ann Example"
    assert [(page.number, page.name) for page in pages_of(path)] == [(1, "Our plan"), (2, "")]
    assert blocks_of(path) == [
        (BlockKind.HEADING, "Our plan"),
        (BlockKind.LIST, "- Body one\n- Body two"),
        (BlockKind.PARAGRAPH, "A free box"),
    ]
    assert headings_over(path, "Body one") == ("Our plan",)
    assert headings_over(path, "A free box") == ()


def test_tables_are_rows_and_columns(tmp_path: Path) -> None:
    wide, covered = cell("Year", ' gridSpan="2"'), cell("", ' hMerge="1"')
    rows = [wide + covered, cell("2023") + cell("15")]
    table = f"<a:tbl>{''.join(f'<a:tr>{row}</a:tr>' for row in rows)}</a:tbl>"
    path = write_pptx(tmp_path / "a.pptx", [slide(frame(table))])
    assert blocks_of(path) == [(BlockKind.TABLE, "Year\n2023 | 15")]


def test_grouped_shapes_and_numbered_lists_are_read(tmp_path: Path) -> None:
    numbered = '<a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr>'
    inner = shape("First\nSecond", None, numbered)
    inner = f"<p:grpSp><p:grpSp>{inner}</p:grpSp></p:grpSp>"
    path = write_pptx(tmp_path / "a.pptx", [slide(inner)])
    assert blocks_of(path) == [(BlockKind.LIST, "1. First\n2. Second")]


def test_diagrams_and_charts_give_their_words_and_figures(tmp_path: Path) -> None:
    points = "".join(
        f"<dgm:pt{kind}><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>"
        for kind, text in (("", "plan"), ("", "build"), (' type="pres"', "plan"))
    )
    values = "".join(
        f'<c:pt idx="{index}"><c:v>{value}</c:v></c:pt>' for index, value in enumerate((0.1, 0.25))
    )
    chart = (
        f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{DRAWINGS}"><c:chart><c:title><c:tx><c:rich>'
        "<a:p><a:r><a:t>Share of sales</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea>"
        '<c:barChart><c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>North</c:v></c:pt>'
        '</c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>2022</c:v>'
        '</c:pt><c:pt idx="1"><c:v>2023</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val>'
        f"<c:numRef><c:numCache><c:formatCode>0%</c:formatCode>{values}</c:numCache></c:numRef>"
        "</c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )
    shown = slide(frame('<dgm:relIds r:dm="d"/>'), frame('<c:chart r:id="c"/>'))
    path = write_pptx(
        tmp_path / "a.pptx",
        [shown],
        {
            "ppt/slides/_rels/slide1.xml.rels": relations(
                [("d", "diagramData", "../d.xml"), ("c", "chart", "../c.xml")]
            ),
            "ppt/d.xml": f'<dgm:dataModel xmlns:dgm="{DIAGRAM}" xmlns:a="{DRAWINGS}"><dgm:ptLst>'
            f"{points}</dgm:ptLst></dgm:dataModel>",
            "ppt/c.xml": chart,
        },
    )
    assert blocks_of(path) == [
        (BlockKind.LIST, "- plan\n- build"),
        (BlockKind.CAPTION, "Share of sales"),
        (BlockKind.TABLE, " | North\n2022 | 10%\n2023 | 25%"),
    ]


def test_notes_and_comments_stand_under_headings_of_their_own(tmp_path: Path) -> None:
    notes = slide(shape("Say thanks", "body"), shape("4", "sldNum"), element="notes")
    comments = (
        f'<p:cmLst xmlns:p="{SLIDES}"><p:cm authorId="0"><p:text>Shorter</p:text></p:cm></p:cmLst>'
    )
    people = f'<p:cmAuthorLst xmlns:p="{SLIDES}"><p:cmAuthor id="0" name="Ann"/></p:cmAuthorLst>'
    path = write_pptx(
        tmp_path / "a.pptx",
        [slide(shape("Closing", "ctrTitle"), shape("7", "sldNum"), shape("Firm", "ftr"))],
        {
            "ppt/slides/_rels/slide1.xml.rels": relations(
                [("n", "notesSlide", "../n.xml"), ("c", "comments", "../comments/c.xml")]
            ),
            "ppt/n.xml": notes,
            "ppt/comments/c.xml": comments,
            "ppt/commentAuthors.xml": people,
            "ppt/_rels/presentation.xml.rels": relations(
                [("s1", "slide", "slides/slide1.xml"), ("a", "x", "commentAuthors.xml")]
            ),
        },
    )
    assert blocks_of(path) == [
        (BlockKind.HEADING, "Closing"),
        (BlockKind.FOOTER, "Firm"),
        (BlockKind.PARAGRAPH, "Say thanks"),
        (BlockKind.PARAGRAPH, "Ann: Shorter"),
    ]
    assert headings_over(path, "Say thanks") == ("Closing", "Notes")
    assert headings_over(path, "Ann: Shorter") == ("Closing", "Comments")


def test_hidden_slides_are_read_and_told(tmp_path: Path) -> None:
    path = write_pptx(tmp_path / "a.pptx", [slide(shape("a")), slide(shape("b"), show="0")])
    assert [page.text for page in pages_of(path)] == ["a", "b"]
    assert remarks_of(path) == ["Hidden slides were read too: 2."]


def test_of_two_versions_of_a_shape_one_is_read(tmp_path: Path) -> None:
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    inner = (
        f'<mc:AlternateContent xmlns:mc="{compatible}"><mc:Choice>{shape("New")}</mc:Choice>'
        f"<mc:Fallback>{shape('Old')}</mc:Fallback></mc:AlternateContent>"
    )
    assert pages_of(write_pptx(tmp_path / "a.pptx", [slide(inner)]))[0].text == "New"


def test_pictures_kept_elsewhere_are_not_opened(tmp_path: Path) -> None:
    outside = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="n" TargetMode="External" Type="{RELATIONS}/notesSlide" '
        'Target="http://127.0.0.1:9/notes.xml"/></Relationships>'
    )
    path = write_pptx(
        tmp_path / "a.pptx", [slide(shape("x"))], {"ppt/slides/_rels/slide1.xml.rels": outside}
    )
    assert pages_of(path)[0].text == "x"


def test_a_presentation_without_slides_has_no_pages(tmp_path: Path) -> None:
    with pytest.raises(NoPages):
        pages_of(write_pptx(tmp_path / "a.pptx", []))


def test_a_missing_slide_is_damage(tmp_path: Path) -> None:
    broken = {"ppt/_rels/presentation.xml.rels": relations([("s1", "slide", "slides/gone.xml")])}
    with pytest.raises(DamagedFile):
        pages_of(write_pptx(tmp_path / "a.pptx", [slide(shape("x"))], broken))
