"""Models and machines as numbers, for plans and fits."""

from __future__ import annotations

from desktop.domain.engine import Device
from desktop.domain.models import ModelEntry, ModelShape
from desktop.inference.memory_fit import FreeMemory

GIB = 1 << 30

EIGHT_BILLION = ModelShape(
    layers=32,
    embedding_length=4096,
    feed_forward_length=14_336,
    heads=32,
    kv_heads=8,
    head_widths=(128, 128),
    vocabulary=128_256,
    weights_bytes=4_900_000_000,
    layer_bytes=130_000_000,
    output_bytes=430_000_000,
    kv_layers=32,
    kv_values=32 * 8 * 256,
    input_bytes=300_000_000,
)
WINDOWED = ModelShape(
    layers=34,
    embedding_length=2560,
    feed_forward_length=10_240,
    heads=8,
    kv_heads=4,
    head_widths=(256, 256),
    vocabulary=262_144,
    weights_bytes=2_500_000_000,
    layer_bytes=55_000_000,
    output_bytes=550_000_000,
    window_tokens=1024,
    window_layers=29,
    kv_layers=34,
    kv_values=5 * 4 * 512,
    window_kv_values=29 * 4 * 512,
    input_bytes=550_000_000,
)


def model(shape: ModelShape = EIGHT_BILLION, context: int = 131_072, name: str = "M") -> ModelEntry:
    return ModelEntry(
        id="m",
        name=name,
        path="/m.gguf",
        sha256="ab" * 32,
        size_bytes=shape.weights_bytes,
        architecture="llama",
        quantization="Q6_K",  # of no processor's own order but ARM's
        context_tokens=context,
        shape=shape,
    )


def gpu(free_gib: float, name: str = "CUDA0", kind: str = "gpu") -> Device:
    return Device(name, kind, "a GPU", int(24 * GIB), int(free_gib * GIB))


def free(main_gib: float, *gpus: Device) -> FreeMemory:
    return FreeMemory(int(main_gib * GIB), gpus)
