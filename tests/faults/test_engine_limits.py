"""What llama.cpp cannot get from the system is refused with its numbers, and the process lives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.model_files import Recipe, write_model

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of address space")

# The machine claims a terabyte; the system gives eight gigabytes and not one more.
PROGRAM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
from desktop.domain.engine import Device, EngineSettings
from desktop.domain.model_errors import ModelDoesNotFit
from desktop.inference.included_models import included_chat_model
from desktop.inference.llama_engine import LoadRequest, open_engine
from desktop.inference.memory_fit import FreeMemory
from tests.support.memory_used import entry_of

graphics = (Device("CPU", "gpu", "the processor", 1 << 40, 1 << 40),)
free = FreeMemory(1 << 40, graphics if sys.argv[2] == "gpu" else ())
settings = EngineSettings(context_tokens=1 << 20)
try:
    open_engine(entry_of(sys.argv[1]), LoadRequest(settings, free=free))
except ModelDoesNotFit as refused:
    print(refused.needed_bytes, refused.free_bytes)
engine = open_engine(included_chat_model(), LoadRequest(EngineSettings(512)))
print(engine.plan.context_tokens)
engine.free()
"""


@pytest.mark.parametrize("where", ["cpu", "gpu"])
def test_memory_that_the_system_refuses_is_no_end_of_the_process(
    where: str, tmp_path: Path
) -> None:
    recipe = Recipe(layers=64, width=256, feed_forward=256, heads=4, kv_heads=4, context=1 << 20)
    path = write_model(tmp_path / "m.gguf", recipe)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), where],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert done.returncode == 0, done.stderr[-2000:]
    numbers, context = done.stdout.splitlines()
    needed, free = map(int, numbers.split())
    assert needed > free > 0
    assert needed > 60 << 30
    assert context == "512"
