"""The whole journey under strace: no internet socket, no name look-up, in any process."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import REPOSITORY, Program

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(sys.platform != "linux", reason="strace is a Linux program"),
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]

SAMPLES = REPOSITORY / "resources" / "samples"
SOCKET = re.compile(r"\bsocket\((AF_[A-Z0-9]+|0x[0-9a-f]+)[^)]*\)\s*= (-?\d+)")
# What the C library opens to turn a host's name into an address. Users' names are looked up
# through nscd too, so a connection to it counts only where it was made.
NAME_LOOKUP = re.compile(r"/etc/resolv\.conf|/etc/hosts|systemd/resolve|nscd/socket.*= 0$")


def test_indexing_and_asking_open_no_internet_socket(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    wrapper = ("strace", "-f", "-qq", "-e", "trace=socket,connect,sendto,openat", "-o", str(trace))
    program = Program(tmp_path / "data", wrapper)
    question = json.loads((SAMPLES.parent / "sample_questions.json").read_text(encoding="utf-8"))[0]
    indexed = program.run("index", SAMPLES, "-c", "samples", "--json")
    assert indexed.code == 0, indexed.messages
    lines = trace.read_text(errors="replace").splitlines()
    asked = program.run("ask", question["question"], "-c", "samples", "--json")
    assert asked.code == 0, asked.messages
    assert asked.document["citations"]
    lines += trace.read_text(errors="replace").splitlines()
    assert len(lines) > 1000, "the trace saw the program"
    opened = [SOCKET.search(line) for line in lines]
    families = {match[1] for match in opened if match and int(match[2]) >= 0}
    assert families <= {"AF_UNIX"}, families
    assert [line for line in lines if NAME_LOOKUP.search(line)] == []


def test_the_trace_would_show_an_internet_socket(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    source = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()"
    subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=socket", "-o", trace, sys.executable, "-c", source],
        check=True,
    )
    found = [match[1] for match in map(SOCKET.search, trace.read_text().splitlines()) if match]
    assert "AF_INET" in found
