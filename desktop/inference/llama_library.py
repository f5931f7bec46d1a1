"""llama.cpp as a loaded library: started once, its log kept instead of printed."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import sys
import threading
from collections import deque
from functools import cache
from types import ModuleType
from typing import Any

_KEPT_LOG_LINES = 40
_LEVEL_WARN = 3
_LEVEL_ERROR = 4
_LEVEL_CONTINUED = 5
_OPENING = threading.Lock()


class LlamaLibrary:
    """The functions of llama.cpp, and the last lines it had to say."""

    def __init__(self, functions: ModuleType) -> None:
        self.functions: Any = functions
        self._lines: deque[str] = deque(maxlen=_KEPT_LOG_LINES)
        self._level = 0
        # llama.cpp keeps only the address; the object must live as long as the library.
        self._log_callback = functions.llama_log_callback(self._keep_line)
        functions.llama_log_set(self._log_callback, ctypes.c_void_p(0))
        _load_backends()
        functions.llama_backend_init()

    def last_complaint(self) -> str:
        """The last warning or error that llama.cpp logged; "" when there was none."""
        return self._lines[-1] if self._lines else ""

    def complaints(self) -> tuple[str, ...]:
        """The warnings and errors since the log was forgotten, oldest first."""
        return tuple(self._lines)

    def forget_log(self) -> None:
        self._lines.clear()

    def return_memory(self) -> None:
        """Hand freed memory back to the system: the C library of Linux keeps it otherwise."""
        if sys.platform == "linux" and hasattr(_c_library(), "malloc_trim"):
            _c_library().malloc_trim(0)

    def _keep_line(self, level: int, text: bytes, _: object) -> None:
        if level != _LEVEL_CONTINUED:
            self._level = level
        line = text.decode("utf-8", "replace").strip()
        if self._level in (_LEVEL_WARN, _LEVEL_ERROR) and line:
            self._lines.append(line)


def open_library() -> LlamaLibrary:
    """Load llama.cpp into this process, once: its backends and its log belong to the process."""
    # Two lanes may ask for it at one time, and a second one would end the first one's log.
    with _OPENING:
        return _open()


def library_is_open() -> bool:
    """Whether llama.cpp is in this process already, so that asking it costs nothing."""
    return _open.cache_info().currsize > 0


@cache
def _open() -> LlamaLibrary:
    # ggml reads this when it aborts; with it unset it would start a debugger on this process.
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")
    # Read when the library is loaded. Threads that spin while they wait for each other lose
    # most of their speed as soon as another program wants a core: 4 tokens/s instead of 55.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    import llama_cpp

    return LlamaLibrary(llama_cpp)


def _load_backends() -> None:
    """Where the build keeps its backends in files of their own, load the best from beside it.

    llama.cpp would look in the current folder as well, and in a file that the environment names.
    """
    from llama_cpp import _ggml

    if _ggml.libggml.ggml_backend_reg_count() == 0:
        os.environ.pop("GGML_BACKEND_PATH", None)
        folder = os.fsencode(_ggml.libggml_base_path)
        _ggml.libggml.ggml_backend_load_all_from_path(ctypes.c_char_p(folder))


@cache
def _c_library() -> ctypes.CDLL:
    return ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)


@cache
def abort_test() -> Any:
    """A C function that llama.cpp calls between operations: true once a flag's byte is set.

    It is the C library's own strlen: over the flag's two bytes (the second is always zero) it
    answers 0 until the first is set and 1 after. A Python function here would take the
    interpreter's lock some thousand times per token.
    """
    functions = open_library().functions
    return ctypes.cast(_c_library().strlen, functions.ggml_abort_callback)
