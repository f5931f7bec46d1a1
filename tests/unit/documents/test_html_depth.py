"""Tags nested past all sense cost no more time than others, and no words."""

from __future__ import annotations

from desktop.documents.readers.html import visible_text
from desktop.documents.readers.html_depth import shallow


def test_markup_of_any_length_that_is_not_deep_stays_as_it_is() -> None:
    page = "<div><p>One<p>Two<br><img src='a'><ul><li>Three</ul></div>" * 5_000
    assert shallow(page) == page


def test_words_at_every_depth_are_read() -> None:
    levels = range(60_000)
    page = "".join(f"<div>w{n} " for n in levels) + "</div>" * len(levels) + "<p>After</p>"
    assert visible_text(page).split() == [*(f"w{n}" for n in levels), "After"]


def test_tags_that_are_never_closed_lose_no_words() -> None:
    assert visible_text("<font>a " * 30_000).split() == ["a"] * 30_000
