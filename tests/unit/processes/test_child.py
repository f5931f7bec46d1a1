"""A child answers, fails, dies and stalls without taking its parent along."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import Cancelled, FileTooLarge, WorkerDied, WorkerTimedOut
from desktop.processes.child import Child
from desktop.processes.limits import Limits

PROGRAM = (sys.executable, str(Path(__file__).with_name("serving_program.py")))
MakeChild = Callable[..., Child]


@pytest.fixture
def make_child() -> Iterator[MakeChild]:
    made: list[Child] = []

    def make(limits: Limits | None = None) -> Child:
        made.append(Child("test", limits, program=PROGRAM))
        return made[-1]

    yield make
    for child in made:
        child.close()


def test_a_body_with_awkward_text_and_blobs_comes_back_unchanged(make_child: MakeChild) -> None:
    body = {"path": "caf\udce9 \U0001f4da \"'.pdf", "number": 1.5, "none": None}
    answer = make_child().call("echo", body, [b"", b"\x00\xff" * 100_000], timeout_s=20)
    assert answer.body == body
    assert answer.blobs == (b"", b"\x00\xff" * 100_000)


def test_a_streamed_answer_arrives_part_by_part_and_the_child_goes_on(
    make_child: MakeChild,
) -> None:
    child = make_child()
    numbers = [part.body["number"] for part in child.stream("count", {"until": 5}, timeout_s=20)]
    assert numbers == [0, 1, 2, 3, 4]
    assert child.call("echo", {"still": "here"}, timeout_s=20).body == {"still": "here"}


def test_a_stream_left_half_way_does_not_answer_the_next_request(make_child: MakeChild) -> None:
    child = make_child()
    parts = child.stream("count", {"until": 1000}, timeout_s=20)
    next(parts)
    parts.close()
    assert child.call("echo", {"fresh": True}, timeout_s=20).body == {"fresh": True}


def test_an_error_of_the_domain_keeps_its_type_and_facts(make_child: MakeChild) -> None:
    child = make_child()
    with pytest.raises(FileTooLarge) as caught:
        child.call("refuse", {"path": "/folder/caf\udce9.pdf"}, timeout_s=20)
    assert (caught.value.path, caught.value.size_bytes, caught.value.limit_bytes) == (
        "/folder/caf\udce9.pdf",
        7,
        5,
    )
    assert child.alive


def test_a_bug_ends_the_child_and_is_told_by_its_last_words(make_child: MakeChild) -> None:
    child = make_child()
    with pytest.raises(WorkerDied) as caught:
        child.call("break_down", timeout_s=20)
    assert "the parser met a zero" in caught.value.how
    assert child.call("echo", {"new": "child"}, timeout_s=20).body == {"new": "child"}


def test_a_killed_child_is_reported_with_its_signal(make_child: MakeChild) -> None:
    child = make_child()
    os.kill(child.call("identify", timeout_s=20).body["pid"], signal.SIGKILL)
    while child.alive:
        time.sleep(0.01)
    assert child.call("echo", {"again": 1}, timeout_s=20).body == {"again": 1}


def test_a_stalled_child_is_ended_at_its_time_limit(make_child: MakeChild) -> None:
    child = make_child()
    child.call("echo", timeout_s=20)
    with pytest.raises(WorkerTimedOut):
        child.call("hang", timeout_s=0.2)
    assert not child.alive


def test_cancelling_ends_a_stalled_child_at_once(make_child: MakeChild) -> None:
    child = make_child()
    child.call("echo", timeout_s=20)
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        child.call("hang", timeout_s=60, cancel=token)
    assert not child.alive


@pytest.mark.skipif(sys.platform != "linux", reason="memory limits are tested on Linux")
def test_a_child_past_its_memory_limit_fails_alone(make_child: MakeChild) -> None:
    with pytest.raises(WorkerDied) as caught:
        make_child(Limits(memory_bytes=1_000_000_000)).call("fill_memory", timeout_s=20)
    assert "MemoryError" in caught.value.how


@pytest.mark.skipif(sys.platform == "win32", reason="file limits exist on POSIX systems")
def test_a_child_past_its_file_limit_gets_an_error_and_lives(
    make_child: MakeChild, tmp_path: Path
) -> None:
    child = make_child(Limits(file_bytes=100_000))
    answer = child.call("write_file", {"path": str(tmp_path / "large")}, timeout_s=20)
    assert answer.body["errno"] == errno.EFBIG
    assert child.alive


@pytest.mark.skipif(sys.platform != "linux", reason="the parent's death is a Linux signal")
def test_a_hanging_child_dies_with_its_parent() -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from desktop.processes.child import Child\n"
            f"child = Child('test', program={PROGRAM!r})\n"
            "print(child.call('identify', timeout_s=20).body['pid'], flush=True)\n"
            "child.call('hang', timeout_s=60)\n",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child_id = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while _exists(child_id) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _exists(child_id)


def _exists(process_id: int) -> bool:
    status = Path(f"/proc/{process_id}/stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
