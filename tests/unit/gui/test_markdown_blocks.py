"""Blocks know where they stand, and a tail that is still coming reads well."""

from __future__ import annotations

import pytest

from desktop.gui.chat.code_highlight import CodeRole, highlight
from desktop.gui.chat.markdown_blocks import MarkdownParser, settle_tail

TEXT = "# Title\n\nA paragraph\nof two lines.\n\n- one\n- two\n\n```py\nx = 1\n```\n"


def test_blocks_are_found_in_order_with_their_places() -> None:
    found = MarkdownParser().blocks(TEXT)
    assert [block.node.type for block in found] == ["heading", "paragraph", "bullet_list", "fence"]
    assert TEXT[found[1].start : found[1].end].startswith("A paragraph\nof two lines.")
    assert TEXT[found[3].start :].startswith("```py")


def test_places_hold_with_characters_that_only_look_like_line_ends() -> None:
    text = "one\x0c\u2028still one\n\ntwo"
    found = MarkdownParser().blocks(text)
    assert text[found[-1].start :] == "two"


@pytest.mark.parametrize(
    ("tail", "shown"),
    [
        ("a **bold", "a **bold**"),
        ("a **", "a"),
        ("some `code", "some `code`"),
        ("see [the page](http", "see the page"),
        ("| a | b |\n|--", ""),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n| 3", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("```py\nx = `", "```py\nx = `"),
        ("plain words", "plain words"),
    ],
)
def test_an_unfinished_tail_is_closed_or_held_back(tail: str, shown: str) -> None:
    assert settle_tail(tail).rstrip() == shown


def test_highlighted_runs_joined_are_the_code() -> None:
    code = "def f(x):\n\treturn 'é' + str(x)  # why\n\n"
    runs = highlight(code, "python")
    assert "".join(run.text for run in runs) == code
    assert {CodeRole.KEYWORD, CodeRole.STRING, CodeRole.COMMENT} <= {run.role for run in runs}


def test_an_unknown_language_stays_plain() -> None:
    assert [run.role for run in highlight("x", "no such language")] == [CodeRole.PLAIN]
