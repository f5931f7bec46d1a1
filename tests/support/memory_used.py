"""What a loaded model really takes: a process of its own loads it and reads one full batch."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EngineSettings
from desktop.domain.models import ModelEntry
from desktop.inference.included_models import included_chat_model
from desktop.storage.value_codec import decode, encode

_SHORT = 1024


@dataclass(frozen=True, slots=True)
class MemoryCase:
    """A model file and how it is loaded; "" is the included model."""

    path: str
    settings: EngineSettings


@dataclass(frozen=True, slots=True)
class MemoryUsed:
    """Bytes: what was estimated before, and what the process grew by; what stayed after closing."""

    estimated: int
    used: int
    left: int

    @property
    def ratio(self) -> float:
        return self.estimated / self.used


def memory_used(case: MemoryCase) -> MemoryUsed:
    """Load in a child, so that nothing that was freed before is counted twice or not at all."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.memory_used", encode(case)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    return MemoryUsed(**json.loads(done.stdout))


def entry_of(path: str) -> ModelEntry:
    """A register entry with nothing but the file, as an older version wrote it."""
    included = included_chat_model()
    if not path:
        return included
    return replace(
        included,
        path=path,
        size_bytes=Path(path).stat().st_size,
        shape=type(included.shape)(),
        context_tokens=0,
        quantization="",
        chat_template="",
    )


def _measure(case: MemoryCase) -> MemoryUsed:
    import psutil

    from desktop.inference.llama_engine import LoadRequest, open_engine
    from desktop.inference.llama_library import open_library
    from desktop.inference.token_cache import TokenCache

    entry, process = entry_of(case.path), psutil.Process()
    open_library()
    before = process.memory_info().rss
    engine = open_engine(entry, LoadRequest(case.settings))
    cache = TokenCache(engine.functions, engine.context)
    # A short context is filled: what attention takes without flash attention grows with it.
    plan = engine.plan
    filled = plan.context_tokens if plan.context_tokens <= _SHORT else plan.batch_tokens
    tokens = [64 + at * 7 % 512 for at in range(filled)]
    for _ in cache.read(tokens, CancelToken()):
        pass
    used = process.memory_info().rss - before
    engine.free()
    return MemoryUsed(engine.plan.memory.total, used, process.memory_info().rss - before)


if __name__ == "__main__":
    found = _measure(decode(MemoryCase, sys.argv[1]))
    print(json.dumps({"estimated": found.estimated, "used": found.used, "left": found.left}))
