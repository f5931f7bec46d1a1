"""Makes the two graphs that run the included embedder: in 8 bits, and in single precision.

    python installers/embedder_graphs.py FOLDER

FOLDER holds model.safetensors. Both files come out byte for byte the same on every machine: they
name where their constants lie in model.safetensors, and only the 8-bit weights are computed. Those
need numpy, so this runs in the environment, after its packages are there.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onnx_file import Element, Graph, Weight

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

WEIGHTS = "model.safetensors"
INT8_GRAPH = "embedder-int8.onnx"
FP32_GRAPH = "embedder-fp32.onnx"

_SCALES = Path(__file__).resolve().parent / "activation_scales.json"
_LAYERS, _HEADS, _WIDTH = 6, 12, 384
_POSITIONS = 512
_EPSILON = 1e-12
_EXTENSIONS = "com.microsoft"
_OPSETS = (("", 23), (_EXTENSIONS, 1))
_ANY_SHAPE = ("texts", "tokens", "channels")
_PARTS = ("query", "key", "value")
# The letter of a channel whose scale is 1; each further letter doubles it.
UNIT = ord("A") + 16
# The two multiplications of each layer that a few tokens would spoil for the others.
_LARGE_TOKENS = (".wide", ".narrow")


@dataclass(frozen=True)
class Tensor:
    """Where a tensor of float32 lies in the file of weights."""

    shape: tuple[int, ...]
    offset: int
    length: int


class Weights:
    """The tensors of a safetensors file, by name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            header: dict[str, Any] = json.loads(file.read(size))
        header.pop("__metadata__", None)
        self._tensors = {}
        for name, facts in header.items():
            begin, end = facts["data_offsets"]
            if facts["dtype"] == "F32":
                place = Tensor(tuple(facts["shape"]), 8 + size + begin, end - begin)
                self._tensors[name] = place

    def place(self, name: str) -> Tensor:
        return self._tensors[name]

    def read(self, name: str) -> Matrix:
        import numpy as np

        place = self._tensors[name]
        with self._path.open("rb") as file:
            file.seek(place.offset)
            return np.frombuffer(file.read(place.length), "<f4").reshape(place.shape)


class Linear:
    """How the graph multiplies with a matrix of weights; `FullLinear` and `ByteLinear` do it."""

    def __init__(self, graph: Graph, weights: Weights) -> None:
        self.graph = graph
        self.weights = weights
        # What each of them multiplies, by the name of its result.
        self.sources: dict[str, str] = {}

    def constant(self, name: str) -> str:
        place = self.weights.place(name)
        outside = (WEIGHTS, place.offset, place.length)
        return self.graph.weight(Weight(name, Element.FLOAT, place.shape, outside=outside))

    def apply(self, source: str, names: list[str], out: str) -> str:
        """`source` times each of the named layers, side by side, plus their biases."""
        raise NotImplementedError


class FullLinear(Linear):
    """In single precision, with the file's own weights."""

    def apply(self, source: str, names: list[str], out: str) -> str:
        self.sources[out] = source
        made = []
        for name in names:
            weight = self.constant(f"{name}.weight")
            product = self.graph.node(
                "FusedMatMul", [source, weight], [f"{name}.product"], _EXTENSIONS, transB=1
            )
            bias = self.constant(f"{name}.bias")
            made.append(self.graph.node("Add", [product, bias], [f"{name}.out"]))
        if len(made) == 1:
            return made[0]
        return self.graph.node("Concat", made, [out], axis=-1)


class ByteLinear(Linear):
    """In 8 bits: each column of weights with its own scale, activations with one a text.

    A few values are tens of times as large as the others and would take the 8 bits for themselves.
    So a channel that was measured to be large is divided by a power of two before, and its weights
    multiplied by it; and where single tokens are large (the first one of every text is), each
    token's row is divided by its largest value before and multiplied by it after. Together that
    brings back five sixths of what 8 bits cost, for a sixteenth of the time.
    """

    def __init__(self, graph: Graph, weights: Weights, scales: dict[str, str]) -> None:
        super().__init__(graph, weights)
        self._scales = scales

    def apply(self, source: str, names: list[str], out: str) -> str:
        import numpy as np

        self.sources[out] = source
        matrix = np.concatenate([self.weights.read(f"{name}.weight") for name in names]).T
        bias = np.concatenate([self.weights.read(f"{name}.bias") for name in names])
        if letters := self._scales.get(out):
            factors = np.exp2(np.frombuffer(letters.encode(), np.uint8).astype(np.float32) - UNIT)
            inverse = self._floats(f"{out}.evened", (np.float32(1) / factors).astype(np.float32))
            source = self.graph.node("Mul", [source, inverse], [f"{out}.even"])
            matrix = matrix * factors[:, None]
        row = self._largest(source, out) if out.endswith(_LARGE_TOKENS) else ""
        if row:
            source = self.graph.node("Div", [source, row], [f"{out}.level"])
        scales = np.maximum(np.abs(matrix).max(axis=0) / np.float32(127), np.float32(1e-10))
        whole = np.clip(np.rint(matrix / scales), -127, 127).astype(np.int8)
        inputs = [source, self._bytes(f"{out}.weight", whole), self._floats(f"{out}.scale", scales)]
        inputs.append(self._bytes(f"{out}.zero", np.zeros(scales.shape, np.int8)))
        offset = self._floats(f"{out}.bias", bias)
        if not row:
            inputs.append(offset)
            return self.graph.node("DynamicQuantizeMatMul", inputs, [out], _EXTENSIONS)
        product = self.graph.node("DynamicQuantizeMatMul", inputs, [f"{out}.product"], _EXTENSIONS)
        raised = self.graph.node("Mul", [product, row], [f"{out}.raised"])
        return self.graph.node("Add", [raised, offset], [out])

    def _largest(self, source: str, out: str) -> str:
        sizes = self.graph.node("Abs", [source], [f"{out}.sizes"])
        last = _numbers(self.graph, f"{out}.last", [-1])
        return self.graph.node("ReduceMax", [sizes, last], [f"{out}.largest"], keepdims=1)

    def _floats(self, name: str, values: Matrix) -> str:
        raw = values.astype("<f4").tobytes()
        return self.graph.weight(Weight(name, Element.FLOAT, values.shape, raw))

    def _bytes(self, name: str, values: NDArray[np.int8]) -> str:
        return self.graph.weight(Weight(name, Element.INT8, values.shape, values.tobytes()))


def encoder(linear: Linear, *, with_sources: bool = False) -> bytes:
    """The whole network: token ids of texts of one length in, their unit vectors out.

    `with_sources` makes what is multiplied a result too, for `activation_scales.py`.
    """
    graph = linear.graph
    flow = _embedded(linear)
    for at in range(_LAYERS):
        layer = f"encoder.layer.{at}"
        parts = [f"{layer}.attention.self.{part}" for part in _PARTS]
        joined = linear.apply(flow, parts, f"{layer}.attention.in")
        split = [f"{part}.split" for part in parts]
        graph.node("Split", [joined], split, axis=2, num_outputs=3)
        seen = f"{layer}.attention.seen"
        graph.node("Attention", split, [seen], q_num_heads=_HEADS, kv_num_heads=_HEADS)
        output = f"{layer}.attention.output"
        back = linear.apply(seen, [f"{output}.dense"], f"{output}.made")
        flow = _added(linear, back, flow, f"{output}.LayerNorm")
        wide = linear.apply(flow, [f"{layer}.intermediate.dense"], f"{layer}.wide")
        bent = graph.node("Gelu", [wide], [f"{layer}.bent"], _EXTENSIONS)
        narrow = linear.apply(bent, [f"{layer}.output.dense"], f"{layer}.narrow")
        flow = _added(linear, narrow, flow, f"{layer}.output.LayerNorm")
    sums = graph.node("ReduceSum", [flow, _numbers(graph, "over", [1])], ["sums"], keepdims=0)
    # The mean over the tokens has the direction of their sum.
    graph.node("LpNormalization", [sums], ["vectors"], axis=-1, p=2)
    ids = ("ids", Element.INT64, ("texts", "tokens"))
    vectors = ("vectors", Element.FLOAT, ("texts", _WIDTH))
    watched = dict.fromkeys(linear.sources.values()) if with_sources else {}
    results = [vectors, *((name, Element.FLOAT, _ANY_SHAPE) for name in watched)]
    return graph.model([ids], results, _OPSETS)


def _embedded(linear: Linear) -> str:
    graph = linear.graph
    words = linear.constant("embeddings.word_embeddings.weight")
    word = graph.node("Gather", [words, "ids"], ["word"])
    zero = _numbers(graph, "zero", [0])
    length = graph.node("Shape", ["ids"], ["length"], start=1, end=2)
    places = linear.constant("embeddings.position_embeddings.weight")
    place = graph.node("Slice", [places, zero, length, zero], ["place"])
    kinds = linear.constant("embeddings.token_type_embeddings.weight")
    kind = graph.node("Gather", [kinds, zero], ["kind"])
    placed = graph.node("Add", [place, kind], ["placed"])
    whole = graph.node("Add", [word, placed], ["embedded"])
    return _normal(linear, whole, "embeddings.LayerNorm")


def _added(linear: Linear, made: str, beside: str, name: str) -> str:
    both = linear.graph.node("Add", [made, beside], [f"{name}.both"])
    return _normal(linear, both, name)


def _normal(linear: Linear, source: str, name: str) -> str:
    factors = [linear.constant(f"{name}.weight"), linear.constant(f"{name}.bias")]
    return linear.graph.node(
        "LayerNormalization", [source, *factors], [f"{name}.out"], axis=-1, epsilon=_EPSILON
    )


def _numbers(graph: Graph, name: str, values: list[int]) -> str:
    raw = b"".join(value.to_bytes(8, "little", signed=True) for value in values)
    return graph.weight(Weight(name, Element.INT64, (len(values),), raw))


def main(folder: Path) -> None:
    """Write both graphs beside the weights."""
    weights = Weights(folder / WEIGHTS)
    scales: dict[str, str] = json.loads(_SCALES.read_text(encoding="utf-8"))
    for name, linear in (
        (INT8_GRAPH, ByteLinear(Graph(), weights, scales)),
        (FP32_GRAPH, FullLinear(Graph(), weights)),
    ):
        aside = folder / f"{name}.new"
        aside.write_bytes(encoder(linear))
        aside.replace(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
