"""reStructuredText, Org and YAML: structure without the marks that it is written with."""

from __future__ import annotations

from pathlib import Path

from desktop.documents.readers.org import read_org
from desktop.documents.readers.rst import read_rst
from desktop.documents.readers.yaml_text import read_yaml
from desktop.domain.documents import BlockKind
from tests.unit.documents.reading import blocks_in, events_of

RST = """========
Handbook
========

:Author: Ann Lee
:Date: 2024-05-01

Words on *one* and **two**, see `the site <http://127.0.0.1:9/>`_ and
:py:class:`~shop.Press` [1]_.

.. _target:

Leave
=====

- Ask early

- Come back
  in time

.. code-block:: python
   :linenos:

   def ask():
       return 1

.. note:: Mind the gap.

   - inside

Prices::

    raw  text
      here

====== =====
Kind   Price
====== =====
Cloth  42
Bone   4
====== =====

+-------+-------+
| A     | B     |
+=======+=======+
| long  | x     |
| cell  |       |
+-------+-------+

.. list-table:: Staff

   * - Name
     - Room
   * - Ann
     - 7

.. figure:: a.png

   A press.

Deep
----

.. a comment
   of two lines

.. [1] A footnote.
"""
ORG = """#+TITLE: Handbook
#+AUTHOR: Ann Lee
#+DATE: <2024-05-01 Wed>

* TODO Leave                                       :hr:office:
  SCHEDULED: <2024-05-02 Thu>
:PROPERTIES:
:ID: unseen
:END:
Words in /one/ and *two*, see [[http://127.0.0.1:9/][the site]].
# unseen

- Ask early
  in writing
- Come back

** Prices
#+CAPTION: What it costs
| Kind  | Price |
|-------+-------|
| Cloth | 42    |

#+BEGIN_SRC python
  def ask():
      return 1
#+END_SRC
#+BEGIN_QUOTE
Quoted words.
#+END_QUOTE
: raw text
"""


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_restructured_text_becomes_blocks(tmp_path: Path) -> None:
    read = events_of(read_rst(written(tmp_path / "a.rst", RST)))
    assert (read.opened.title, read.opened.facts.author) == ("Handbook", "Ann Lee")
    assert read.opened.facts.created == "2024-05-01"
    assert blocks_in(read_rst(tmp_path / "a.rst")) == [
        (BlockKind.HEADING, "Handbook"),
        (BlockKind.LIST, "Author: Ann Lee\nDate: 2024-05-01"),
        (BlockKind.PARAGRAPH, "Words on one and two, see the site and\nshop.Press [1]."),
        (BlockKind.HEADING, "Leave"),
        (BlockKind.LIST, "- Ask early\n- Come back\n  in time"),
        (BlockKind.CODE, "def ask():\n    return 1"),
        (BlockKind.PARAGRAPH, "Mind the gap."),
        (BlockKind.LIST, "- inside"),
        (BlockKind.PARAGRAPH, "Prices:"),
        (BlockKind.CODE, "raw  text\n  here"),
        (BlockKind.TABLE, "Kind | Price\nCloth | 42\nBone | 4"),
        (BlockKind.TABLE, "A | B\nlong cell | x"),
        (BlockKind.CAPTION, "Staff"),
        (BlockKind.TABLE, "Name | Room\nAnn | 7"),
        (BlockKind.CAPTION, "A press."),
        (BlockKind.HEADING, "Deep"),
        (BlockKind.PARAGRAPH, "[1] A footnote."),
    ]
    assert read.pages[0].blocks[-1].heading_path == ("Handbook", "Leave", "Deep")


def test_a_line_below_a_paragraph_of_two_lines_makes_no_heading(tmp_path: Path) -> None:
    path = written(tmp_path / "a.rst", "one\ntwo\n---\n\nthree\n")
    assert BlockKind.HEADING not in [kind for kind, _ in blocks_in(read_rst(path))]


def test_org_becomes_blocks(tmp_path: Path) -> None:
    read = events_of(read_org(written(tmp_path / "a.org", ORG)))
    assert (read.opened.title, read.opened.facts.author) == ("Handbook", "Ann Lee")
    assert blocks_in(read_org(tmp_path / "a.org")) == [
        (BlockKind.HEADING, "Leave"),
        (BlockKind.PARAGRAPH, "Words in one and two, see the site."),
        (BlockKind.LIST, "- Ask early\n  in writing\n- Come back"),
        (BlockKind.HEADING, "Prices"),
        (BlockKind.CAPTION, "What it costs"),
        (BlockKind.TABLE, "Kind | Price\nCloth | 42"),
        (BlockKind.CODE, "def ask():\n    return 1"),
        (BlockKind.PARAGRAPH, "Quoted words."),
        (BlockKind.CODE, "raw text"),
    ]


def test_yaml_stays_as_written_under_its_keys(tmp_path: Path) -> None:
    text = (
        "# Staff of the bindery\nname: Bindery\nopen: true\n# Everyone\nstaff:\n  - Ann\n  - Bo\n"
        "  - Cy\n  - !!python/object/apply:os.system [unseen]\nclosed: never\n"
    )
    path = written(tmp_path / "a.yaml", text)
    (page,) = events_of(read_yaml(path)).pages
    found = [(block.heading_path, page.text[block.start : block.end]) for block in page.blocks]
    assert found == [
        ((), "# Staff of the bindery\nname: Bindery\nopen: true"),
        (
            ("staff",),
            "# Everyone\nstaff:\n  - Ann\n  - Bo\n  - Cy\n"
            "  - !!python/object/apply:os.system [unseen]",
        ),
        ((), "closed: never"),
    ]
