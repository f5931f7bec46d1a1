"""Switches that tell every library not to look for a network; set before one is imported."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType

# The network lock is the wall; these keep libraries from walking into it. Without them a model
# that is not found locally costs 25 look-ups and a minute and a half of waiting.
SWITCHES: Mapping[str, str] = MappingProxyType(
    {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
        "DO_NOT_TRACK": "1",
        "ANONYMIZED_TELEMETRY": "False",
        "OTEL_SDK_DISABLED": "true",
        "WANDB_MODE": "disabled",
        # On an abort ggml would otherwise start a debugger on this process.
        "GGML_NO_BACKTRACE": "1",
        # Threads that spin while they wait lose most of their speed on a busy machine.
        "OMP_WAIT_POLICY": "passive",
        # numpy's threads too: waiting, they took as much of the processor as the search itself.
        "OPENBLAS_THREAD_TIMEOUT": "4",
        # The tokenizer's own threads compete with ours and warn after a fork.
        "TOKENIZERS_PARALLELISM": "false",
    }
)


def set_offline_switches() -> None:
    """Set every switch for this process and its children, over whatever was set before."""
    os.environ.update(SWITCHES)
