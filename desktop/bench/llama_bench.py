"""llama.cpp's own benchmark as the yardstick: the same model, threads and depth."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.engine import EnginePlan

_PATIENCE_S = 900


@dataclass(frozen=True, slots=True)
class LlamaBench:
    """Runs the program `path` on a model as `plan` has it; its batches stay its own.

    Its threads wait for each other as this process's do, by the environment it is given.
    """

    path: Path
    model: str
    plan: EnginePlan

    def reading_speed(self, tokens: int) -> float:
        """Tokens a second, read from an empty context; raises `subprocess.CalledProcessError`."""
        return self._speed(self.plan.reading_threads, ["-p", str(tokens), "-n", "0"])

    def writing_speed(self, tokens: int, depth: int) -> float:
        """Tokens a second, written behind `depth` others; drawing them is no part of it."""
        given = ["-p", "0", "-n", str(tokens), "-d", str(depth)]
        return self._speed(self.plan.threads, given)

    def _speed(self, threads: int, given: list[str]) -> float:
        plan = self.plan
        command = [str(self.path), "-m", self.model, "-o", "json", "-r", "1"]
        command += ["-t", str(threads), "-ngl", str(plan.gpu_layers)]
        command += ["-fa", "1" if plan.flash_attention else "0"]
        command += ["-ctk", plan.kv_type.value, "-ctv", plan.kv_type.value]
        done = subprocess.run(
            [*command, *given], capture_output=True, text=True, check=True, timeout=_PATIENCE_S
        )
        return float(json.loads(done.stdout)[0]["avg_ts"])
