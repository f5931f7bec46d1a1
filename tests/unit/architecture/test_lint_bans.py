"""What ruff and mypy forbid is found when it is planted in a copy of the tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.architecture.tree import copy_of_the_program, run_tool

HEAD = '"""Planted."""\n\n'

BANNED = [
    ("TID251", "import threading\n\nthreading.Thread(target=print).start()\n"),
    ("TID251", "from threading import Timer\n\nTimer(1, print).start()\n"),
    ("TID251", "from concurrent.futures import ThreadPoolExecutor\n\nThreadPoolExecutor()\n"),
    ("TID251", "import multiprocessing\n\nmultiprocessing.Process()\n"),
    ("TID251", "from PySide6.QtCore import QThread\n\nQThread()\n"),
    ("TID251", "from PySide6.QtCore import QThreadPool\n\nQThreadPool()\n"),
    ("TID251", "from PySide6 import QtNetwork\n\nQtNetwork.QTcpSocket()\n"),
    ("TID251", "from PySide6.QtGui import QDesktopServices\n\nQDesktopServices()\n"),
    ("TID251", "import socket\n\nsocket.socket()\n"),
    ("TID251", "import asyncio\n\nasyncio.run(None)\n"),
    ("TID251", "import urllib.request\n\nurllib.request.urlopen('x')\n"),
    ("TID251", "from http.client import HTTPConnection\n\nHTTPConnection('x')\n"),
    ("TID251", "import requests\n\nrequests.get('x')\n"),
    ("TID251", "import httpx\n\nhttpx.get('x')\n"),
    ("TID251", "import huggingface_hub\n\nhuggingface_hub.hf_hub_download()\n"),
    ("TID253", "import torch\n\ntorch.zeros(1)\n"),
    ("TID253", "import llama_cpp\n\nllama_cpp.Llama()\n"),
    ("TID253", "from sentence_transformers import SentenceTransformer\n\nSentenceTransformer()\n"),
    ("TID253", "import chromadb\n\nchromadb.Client()\n"),
    ("TID252", "from . import chunking\n\nchunking.cut()\n"),
    ("BLE001", "try:\n    print_nothing = 1\nexcept Exception:\n    print_nothing = 2\n"),
    ("T201", "print('seen')\n"),
    ("ARG001", "def add(first: int, second: int) -> int:\n    return first\n"),
    ("C901", "def walk(a: int) -> int:\n" + "    if a:\n        a += 1\n" * 9 + "    return a\n"),
    ("PLR0913", "def f(a, b, c, d, e, g, h, i, j):\n    return a, b, c, d, e, g, h, i, j\n"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_the_program(tmp_path_factory.mktemp("copy"))


@pytest.mark.parametrize(("rule", "code"), BANNED)
def test_ruff_finds_what_is_banned(copy: Path, rule: str, code: str) -> None:
    assert rule in _rules_broken_by(copy, "desktop/indexing", HEAD + code)


def test_ruff_finds_a_module_without_a_docstring(copy: Path) -> None:
    assert "D100" in _rules_broken_by(copy, "desktop/indexing", "LIMIT = 3\n")


def test_threads_are_allowed_in_the_lanes_and_nowhere_beside_them(copy: Path) -> None:
    code = HEAD + "from concurrent.futures import ThreadPoolExecutor\n\nThreadPoolExecutor()\n"
    assert "TID251" in _rules_broken_by(copy, "desktop/assistant", code)
    lanes = run_tool(copy, "ruff", "check", "--select", "TID251", "desktop/assistant/lanes.py")
    assert lanes.returncode == 0, lanes.stdout


def test_mypy_refuses_a_function_without_types(copy: Path) -> None:
    planted = copy / "desktop" / "domain" / "planted.py"
    planted.write_text(HEAD + "def add(first, second):\n    return first + second\n", "utf-8")
    result = run_tool(copy, "mypy", "--no-incremental", str(planted))
    planted.unlink()
    assert result.returncode == 1
    assert "no-untyped-def" in result.stdout


def _rules_broken_by(copy: Path, package: str, code: str) -> set[str]:
    planted = copy / package / "planted.py"
    planted.write_text(code, encoding="utf-8")
    result = run_tool(copy, "ruff", "check", "--output-format", "concise", str(planted))
    planted.unlink()
    return {line.split()[1] for line in result.stdout.splitlines() if "planted.py:" in line}
