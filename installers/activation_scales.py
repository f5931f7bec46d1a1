"""Measures which channels of the included embedder are large, into activation_scales.json.

    python installers/activation_scales.py

For developers: the set-up reads the file that lies here. Runs the graph of single precision over
the sample texts, and divides a channel by the power of two that parts its range and its weights'
range evenly (SmoothQuant, Xiao and others 2022, with a migration strength of one half).
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import embedder_graphs
from embedder_graphs import UNIT, WEIGHTS, FullLinear, Weights, encoder
from onnx_file import Graph

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Channels = NDArray[np.float32]

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "resources" / "models" / "embedding" / "all-MiniLM-L6-v2"
TEXTS = ("installers/sample_texts/*.html", "resources/samples/*.md", "resources/licences/LICENSE")
TEXT_CHARACTERS = 900
# Those whose range a few channels take; the others are even, or evened token by token.
EVENED = (".attention.in", ".wide")


def main() -> None:
    """Measure and write."""
    weights = Weights(FOLDER / WEIGHTS)
    linear = FullLinear(Graph(), weights)
    graph = encoder(linear, with_sources=True)
    largest = _largest(graph, sorted(set(linear.sources.values())))
    letters = {
        out: _letters(largest[source], weights, out)
        for out, source in linear.sources.items()
        if out.endswith(EVENED)
    }
    target = Path(embedder_graphs.__file__).with_name("activation_scales.json")
    target.write_text(json.dumps(letters, indent=2) + "\n", encoding="utf-8")


def _largest(graph: bytes, names: list[str]) -> dict[str, Channels]:
    """The largest size of each channel over all tokens of all texts."""
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    found: dict[str, Channels] = {}
    with tempfile.NamedTemporaryFile(dir=FOLDER, suffix=".onnx") as file:
        file.write(graph)
        file.flush()
        session = onnxruntime.InferenceSession(file.name, providers=["CPUExecutionProvider"])
        for text in _texts():
            ids = np.array([tokenizer.encode(text).ids], np.int64)
            for name, values in zip(names, session.run(names, {"ids": ids}), strict=True):
                sizes = np.abs(values[0]).max(axis=0)
                found[name] = np.maximum(found.get(name, sizes), sizes)
    return found


def _texts() -> list[str]:
    texts = []
    for pattern in TEXTS:
        for file in sorted(PROJECT.glob(pattern)):
            plain = re.sub(r"<[^>]+>", " ", file.read_text(encoding="utf-8"))
            whole = " ".join(plain.split())
            texts += [
                whole[at : at + TEXT_CHARACTERS] for at in range(0, len(whole), TEXT_CHARACTERS)
            ]
    return texts


def _letters(largest: Channels, weights: Weights, out: str) -> str:
    import numpy as np

    layer = out.rsplit(".", 1)[0]
    names = [f"{layer}.intermediate.dense"]
    if out.endswith(".attention.in"):
        names = [f"{layer}.self.{part}" for part in ("query", "key", "value")]
    matrix = np.concatenate([weights.read(f"{name}.weight") for name in names])
    of_weights = np.maximum(np.abs(matrix).max(axis=0), 1e-5)
    factors = np.sqrt(np.maximum(largest, 1e-3) / of_weights)
    powers = np.log2(factors) - np.log2(factors).mean()
    return "".join(chr(UNIT + int(power)) for power in np.rint(powers))


if __name__ == "__main__":
    main()
