"""Which way an embedder is run: the included one light, imported ones through their libraries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.models import EmbedderPlace, EmbedderPrecision, ModelEntry
from desktop.inference.included_models import embedder_folder
from desktop.inference.processor import multiplies_bfloat16, multiplies_bytes, usable_threads

if TYPE_CHECKING:
    from desktop.inference.embedder import Embedder

# The numbers that a place's precision may name; of a GGUF file, it is whatever the file has.
INT8, BF16, FP32 = "int8", "bf16", "fp32"
_GGUF = ".gguf"
# Each takes about 90 MB.
_MOST_PROCESSES = 4


def load_embedder(place: EmbedderPlace, threads: int = 0) -> Embedder:
    """Load what lies there; raises `EmbedderMissing` or `ModelDamaged`.

    `threads` bounds those of the included model, 0 for all that help.
    """
    path = Path(place.path)
    if path.suffix == _GGUF or path.is_file():
        from desktop.inference.gguf_embedder import GgufEmbedder

        return GgufEmbedder(path)
    if path == embedder_folder():
        from desktop.inference.onnx_embedder import OnnxEmbedder

        return OnnxEmbedder(path, place.precision, threads)
    from desktop.inference.sentence_embedder import SentenceEmbedder

    return SentenceEmbedder(path, place.precision)


def processes_that_help(place: EmbedderPlace) -> int:
    """In how many processes this embedder embeds passages fastest.

    The included one is small and gains from a process for each thread; an imported one shares its
    steps among threads, and a second copy of it may not fit into memory.
    """
    if Path(place.path) != embedder_folder():
        return 1
    return max(1, min(usable_threads(), _MOST_PROCESSES))


def load_exact(place: EmbedderPlace, loaded: Embedder) -> Embedder:
    """The same model at its full precision, where `loaded` is the included one in 8 bits.

    For questions: one short text costs nothing, and half of what 8 bits change in the order of
    the passages found comes from the question's vector.
    """
    if place.precision != INT8:
        return loaded
    return load_embedder(EmbedderPlace(place.path, FP32))


def included_place(wanted: EmbedderPrecision) -> EmbedderPlace:
    """The included embedder; in 8 bits where that is wanted, or pays."""
    wanted = EmbedderPrecision(wanted)
    fast = wanted is EmbedderPrecision.FAST or (
        wanted is EmbedderPrecision.AUTO and multiplies_bytes()
    )
    return EmbedderPlace(str(embedder_folder()), INT8 if fast else FP32)


def imported_place(entry: ModelEntry, wanted: EmbedderPrecision) -> EmbedderPlace:
    """An embedder of the register; a folder's in 16 bits where the processor multiplies them."""
    if entry.path.endswith(_GGUF):
        return EmbedderPlace(entry.path, entry.quantization)
    fast = EmbedderPrecision(wanted) is not EmbedderPrecision.EXACT and multiplies_bfloat16()
    return EmbedderPlace(entry.path, BF16 if fast else FP32)
