"""The network lock as the kernel holds it, tried in processes of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the system's own lock is Linux's")

LOCKED = """
from desktop.governance.network_lock import Attempts, lock_network
attempts = Attempts()
lock = lock_network(attempts)
"""


def in_a_child(source: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", source],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_way_out_is_refused_and_local_sockets_work() -> None:
    ended = in_a_child(
        LOCKED + "from desktop.governance.network_proof import prove_lock\n"
        "print(lock.state.value)\n"
        "for check in prove_lock(): print(check.ok, check.name, check.detail)"
    )
    state, *checks = ended.stdout.splitlines()
    assert state == "enforced"
    assert len(checks) == 7
    assert all(check.startswith("True ") for check in checks), ended.stdout


def test_without_the_lock_the_same_probes_find_the_way_open() -> None:
    ended = in_a_child(
        "from desktop.governance.network_proof import prove_lock\n"
        "for check in prove_lock(): print(check.ok, check.name)"
    )
    found = ended.stdout.splitlines()
    assert "False Network: Python socket" in found, ended.stderr
    assert "False Network: System socket call" in found
    assert "False Network: Child process" in found


def test_children_of_children_inherit_it() -> None:
    inner = "import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM)"
    middle = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {inner!r}]))"
    ended = in_a_child(
        LOCKED + "import subprocess, sys\n"
        f"sys.exit(subprocess.call([sys.executable, '-I', '-c', {middle!r}]))"
    )
    assert ended.returncode == 1
    assert "PermissionError" in ended.stderr


def test_threads_that_run_already_are_locked_too() -> None:
    ended = in_a_child(
        "import ctypes, threading, time\n"
        "go, found = threading.Event(), []\n"
        "def later():\n"
        "    go.wait()\n"
        "    found.append(ctypes.CDLL(None, use_errno=True).socket(2, 1, 0))\n"
        "thread = threading.Thread(target=later)\n"
        "thread.start()\n" + LOCKED + "go.set()\n"
        "thread.join()\n"
        "print(found[0])"
    )
    assert ended.stdout.strip() == "-1"


def test_locking_twice_is_harmless() -> None:
    ended = in_a_child(LOCKED + LOCKED + "print(lock.state.value)")
    assert ended.stdout.strip() == "enforced"


def test_where_the_kernel_refuses_the_filter_the_hook_still_watches_and_says_so() -> None:
    # A first filter answers the seccomp call itself, as some containers do.
    ended = in_a_child(
        "import ctypes, struct\n"
        "from desktop.governance import seccomp_filter as own\n"
        "cpu = own.architecture()\n"
        "steps = struct.pack('=HBBIHBBIHBBIHBBI', 0x20, 0, 0, 0, 0x15, 0, 1, cpu.seccomp,\n"
        "                    6, 0, 0, 0x50026, 6, 0, 0, 0x7FFF0000)\n"
        "libc = ctypes.CDLL(None)\n"
        "libc.prctl(38, 1, 0, 0, 0)\n"
        "program = own._FilterProgram(4, steps)\n"
        "assert libc.prctl(22, 2, ctypes.byref(program)) == 0\n" + LOCKED + "import socket\n"
        "print(lock.state.value, '|', lock.detail)\n"
        "try:\n"
        "    socket.socket(socket.AF_INET)\n"
        "except PermissionError:\n"
        "    print('refused', attempts.count)"
    )
    said, refused = ended.stdout.splitlines()
    assert said.startswith("watched | seccomp: "), ended.stderr
    assert refused == "refused 1"


def test_the_whole_engine_runs_under_the_lock() -> None:
    ended = in_a_child(
        LOCKED + "from desktop.governance.offline import set_offline_switches\n"
        "set_offline_switches()\n"
        "from desktop.domain.cancel import CancelToken\n"
        "from desktop.domain.engine import EngineSettings, SamplerSettings\n"
        "from desktop.inference.chat_model import ChatMessage\n"
        "from desktop.inference.included_models import embedder_folder, included_chat_model\n"
        "from desktop.inference.llama_chat_model import LlamaChatModel\n"
        "from desktop.inference.onnx_embedder import INT8, OnnxEmbedder\n"
        "from desktop.inference.sentence_embedder import SentenceEmbedder\n"
        "model = LlamaChatModel.load(included_chat_model(), EngineSettings(512))\n"
        "prompt = model.chat_prompt([ChatMessage('user', 'Hello')])\n"
        "*_, end = model.stream(prompt, SamplerSettings(max_tokens=4), CancelToken())\n"
        "vectors = SentenceEmbedder(embedder_folder()).embed(['a', 'b'])\n"
        "vectors += OnnxEmbedder(embedder_folder(), INT8).embed(['a', 'b'])\n"
        "print(end.completion_tokens > 0, vectors.shape, attempts.count, list(attempts))"
    )
    assert ended.stdout.strip() == "True (2, 384) 0 []", ended.stderr[-2000:]
