"""What the bench of turns makes of its measurements."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from desktop.bench.turns import Turn, summary
from desktop.cli.bench_turns import _lines


def turn(ratio: float, new: int = 20) -> Turn:
    return Turn(100 + new, 100, new, 0.1, ratio, 1.0, ratio, ratio + 0.1)


def test_the_first_turn_has_nothing_to_keep_and_does_not_count() -> None:
    measured = summary([turn(9.0, 100), turn(1.0), turn(1.2), turn(1.1)])
    assert measured["ratio"] == 1.1
    assert measured["ratio_of_sums"] == 1.1
    assert measured["worst_ratio"] == 1.2
    assert measured["new_tokens"] == 20
    assert measured["first_token_s"] == pytest.approx(1.2)
    assert len(measured["turns"]) == 4


def test_each_figure_is_printed_with_what_it_is() -> None:
    chat = summary([turn(9.0), turn(1.0), turn(1.2)])
    again = {"kept": {"documents": asdict(turn(1.0))}, "not_kept": {"documents": asdict(turn(5))}}
    lines = _lines({"documents": chat, "model_only": chat, "again": {"restarted": again}})
    assert "median 1.10, all together 1.10, worst 1.20" in lines[1]
    assert lines[-1].startswith("restarted, not kept, documents: 5.10 s")
