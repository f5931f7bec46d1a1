"""The parent's side of a reranker: its model in a process of its own, loaded when first asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from desktop.processes.child import Child
from desktop.processes.limits import Limits
from desktop.retrieval.reranking import Reranking

_ROLE = "index"
# One of the parts of the role, beside the embedder and the vectors.
RERANKER_PART = "reranker"
# The first question waits for torch, on a cold disk and beside other programs.
_LOAD_TIMEOUT_S = 300.0
_SCORE_TIMEOUT_S = 60.0


class RerankerProcess:
    """Implements `Reranking`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._child = Child(_ROLE, Limits(), (RERANKER_PART, str(folder)))
        self._loaded = False

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Raises `WorkerError` types, and `ModelDamaged` where the folder cannot be loaded."""
        limit = _SCORE_TIMEOUT_S if self._loaded else _LOAD_TIMEOUT_S
        asked = {"question": question, "passages": list(passages)}
        answer = self._child.call("scores", asked, timeout_s=limit)
        self._loaded = True
        return [float(one) for one in answer.body["scores"]]

    def close(self) -> None:
        self._child.close()


class ChosenReranker:
    """The reranker that the settings name, changed when they change."""

    def __init__(self, folder: Callable[[], str]) -> None:
        """`folder` gives the chosen folder, "" for none."""
        self._folder = folder
        self._process: RerankerProcess | None = None

    def model(self) -> Reranking | None:
        """None where none is chosen."""
        chosen = self._folder()
        if self._process is not None and str(self._process.folder) != chosen:
            self.close()
        if chosen and self._process is None:
            self._process = RerankerProcess(Path(chosen))
        return self._process

    def close(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None
