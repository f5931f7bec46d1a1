"""What a model was estimated to take, and what it took, over models and settings of many kinds.

    python -m tests.bench.bench_memory

Each case loads in a process of its own and reads one full batch; ends with 1 where an estimate is
more than a tenth beside what was used.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from desktop.domain.engine import EngineSettings, KvCacheType, Toggle
from tests.support.memory_used import MemoryCase, memory_used
from tests.support.model_files import F16, Q4_0, Q8_0, Recipe, write_model

ALLOWED = 0.10
MODELS: dict[str, Recipe | None] = {
    "included": None,
    "grouped heads, q8_0": Recipe(
        layers=8, width=1024, feed_forward=2816, heads=16, kv_heads=4, type=Q8_0
    ),
    "turned over in memory, q4_0": Recipe(
        layers=8, width=1024, feed_forward=2816, heads=16, kv_heads=4, type=Q4_0, tied=False
    ),
    "150,000 tokens, f16": Recipe(
        layers=4, width=512, feed_forward=1536, heads=8, kv_heads=8, type=F16, vocabulary=150_000
    ),
    "sliding windows": Recipe(
        "gemma3", 12, 640, 2048, 4, 1, 256, context=32_768, window=512, type=Q8_0
    ),
    "experts": Recipe(
        layers=6, width=512, feed_forward=1024, heads=8, experts=8, experts_used=2, type=Q8_0
    ),
    "wide heads, q/k norms": Recipe("qwen3", 6, 768, 2304, 12, 4, 128, type=Q8_0),
}
SETTINGS: tuple[tuple[str, EngineSettings], ...] = (
    ("included", EngineSettings()),
    ("included", EngineSettings(context_tokens=2048, batch_tokens=512)),
    ("included", EngineSettings(context_tokens=1024, flash_attention=Toggle.OFF)),
    ("included", EngineSettings(kv_type=KvCacheType.Q8_0)),
    ("included", EngineSettings(kv_type=KvCacheType.Q4_0, batch_tokens=64)),
    ("included", EngineSettings(context_tokens=1024, memory_map=Toggle.OFF)),
    ("grouped heads, q8_0", EngineSettings(context_tokens=4096)),
    ("turned over in memory, q4_0", EngineSettings(context_tokens=4096)),
    ("turned over in memory, q4_0", EngineSettings(context_tokens=4096, memory_map=Toggle.ON)),
    ("150,000 tokens, f16", EngineSettings(context_tokens=4096)),
    ("sliding windows", EngineSettings(context_tokens=16_384)),
    ("experts", EngineSettings(context_tokens=4096)),
    ("wide heads, q/k norms", EngineSettings(context_tokens=8192, batch_tokens=512)),
)


def main() -> int:
    """Print a line for each case; the exit status says whether all are within the limit."""
    beside = 0
    with tempfile.TemporaryDirectory() as folder:
        paths = {"included": ""}
        for at, (name, recipe) in enumerate(MODELS.items()):
            if recipe is not None:
                paths[name] = str(write_model(Path(folder) / f"{at}.gguf", recipe))
        for name, settings in SETTINGS:
            found = memory_used(MemoryCase(paths[name], settings))
            beside += abs(found.ratio - 1) > ALLOWED
            print(
                f"{found.estimated / 1e6:8.1f} MB estimated {found.used / 1e6:8.1f} MB used "
                f"{found.ratio:5.2f}  {name}: {_spoken(settings)}",
                flush=True,
            )
    print(f"{len(SETTINGS) - beside} of {len(SETTINGS)} within {ALLOWED:.0%}")
    return 1 if beside else 0


def _spoken(settings: EngineSettings) -> str:
    changed = {
        name: getattr(settings, name)
        for name in EngineSettings.__slots__
        if getattr(settings, name) != getattr(EngineSettings(), name)
    }
    return ", ".join(f"{name} {value}" for name, value in changed.items()) or "as chosen"


if __name__ == "__main__":
    sys.exit(main())
