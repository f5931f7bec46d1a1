"""What the window waits for at a start: nothing that only the lanes need."""

from __future__ import annotations

import subprocess
import sys

import pytest

_START = "import desktop.gui.application, desktop.app, sys; print(*sys.modules)"


@pytest.fixture(scope="module")
def imported() -> set[str]:
    command = [sys.executable, "-c", _START]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return set(printed.split())


@pytest.mark.parametrize(
    "later",
    [
        "numpy", "llama_cpp", "markdown_it", "pygments", "chromadb", "typer",
        "desktop.chat.answering", "desktop.indexing.pipeline", "desktop.documents.reader",
        "desktop.inference.llama_chat_model", "desktop.governance.machine_checks",
        "desktop.gui.library.library_view", "desktop.gui.settings.settings_view",
    ],
)  # fmt: skip
def test_the_start_imports_the_window_and_leaves_this_to_the_lanes(
    later: str, imported: set[str]
) -> None:
    assert "desktop.gui.main_window" in imported
    assert later not in imported
