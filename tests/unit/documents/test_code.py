"""Source code: definitions under their names, whatever the language."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.documents.readers.code import read_code
from desktop.documents.readers.code_outline import Outline
from desktop.domain.documents import BlockKind
from tests.unit.documents.reading import events_of

Pieces = list[tuple[tuple[str, ...], str]]
BODY = "".join(f"    x{number} = {number}\n" for number in range(9))


def pieces(path: Path, text: str) -> Pieces:
    path.write_text(text, encoding="utf-8")
    pages = events_of(read_code(path)).pages
    assert {block.kind for page in pages for block in page.blocks} == {BlockKind.CODE}
    return [
        (block.heading_path, page.text[block.start : block.end])
        for page in pages
        for block in page.blocks
    ]


def test_a_definition_is_a_block_with_the_comments_above_it(tmp_path: Path) -> None:
    text = (
        f"import os\n\n# Opens the shop.\n@daily\ndef open_shop():\n{BODY}\n\nclass Shop:\n{BODY}"
    )
    found = pieces(tmp_path / "a.py", text)
    assert [path for path, _ in found] == [(), ("open_shop",), ("Shop",)]
    assert found[1][1].startswith("# Opens the shop.\n@daily\ndef open_shop():\n    x0 = 0")
    assert "\n".join(text for _, text in found).split() == text.split()


def test_a_long_class_is_cut_at_its_methods(tmp_path: Path) -> None:
    methods = "".join(f"    def method_{name}(self):\n    {BODY}\n" for name in "abcdefgh")
    found = pieces(tmp_path / "a.py", f"class Shop:\n{methods}")
    assert [path for path, _ in found][1:3] == [("Shop", "method_a"), ("Shop", "method_b")]


def test_tiny_definitions_are_read_together(tmp_path: Path) -> None:
    found = pieces(tmp_path / "a.js", "".join(f"const f{n} = () => {n};\n" for n in range(9)))
    assert len(found) == 1


def test_the_first_line_keeps_its_indentation(tmp_path: Path) -> None:
    assert pieces(tmp_path / "a.py", "    indented = 1\nnot_so = 2\n")[0][1][:4] == "    "


@pytest.mark.parametrize(
    ("name", "line", "found"),
    [
        ("a.py", "async def fetch(self):", ("fetch",)),
        ("a.py", "result = fetch(self)", ()),
        ("a.java", "public final class Shop extends House {", ("Shop",)),
        ("a.c", "static int open_shop(int argc, char **argv)", ("open_shop",)),
        ("a.c", "    int opened(int argc)", ()),
        ("a.c", "return open_shop(1)", ()),
        ("a.cpp", "std::string Shop::name() const {", ("Shop::name",)),
        ("a.go", "type Shop struct {", ("Shop",)),
        ("a.go", "func (s *Shop) Open(at time.Time) error {", ("Open",)),
        ("a.rs", "pub(crate) fn open<T>(shop: T) -> u8 {", ("open",)),
        ("a.rs", "impl Display for Shop {", ("Display for Shop",)),
        ("a.ts", "export const open = async (shop: Shop): Promise<void> => {", ("open",)),
        ("a.rb", "def open_shop!", ("open_shop!",)),
        ("a.sql", "create or replace view shop.open_days as", ("shop.open_days",)),
        ("a.clj", "(defn open-shop [day]", ("open-shop",)),
        ("a.R", "open_shop <- function(day) {", ("open_shop",)),
        ("a.sh", "open_shop() {", ("open_shop",)),
        ("a.toml", "[tool.shop]", ("tool.shop",)),
        ("Makefile", "open: shop day", ("open",)),
        ("Makefile", "SHOP := open", ()),
        ("a.css", ".shop { color: red }", ()),
        ("a.patch", "diff --git a/shop.py b/shop.py", ("shop.py",)),
    ],
)  # fmt: skip
def test_definitions_are_known_by_their_looks(name: str, line: str, found: tuple[str, ...]) -> None:
    assert Outline(Path(name)).begun_by(line) == found


def test_methods_are_those_directly_inside(tmp_path: Path) -> None:
    outline = Outline(tmp_path / "a.py")
    lines = [
        "class A:",
        "    def b(self):",
        "        def c():",
        "    def d(self):",
        "def e():",
        "    def f():",
    ]
    found = [outline.begun_by(line) for line in lines]
    assert found == [("A",), ("A", "b"), (), ("A", "d"), ("e",), ()]
