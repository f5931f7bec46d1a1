"""The three networks of the included recognition package, run by ONNX Runtime without network."""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop.domain.model_errors import ModelMissing

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
"""Grey levels by row and column."""

# Only the package's model files are used: its code is never imported.
_PACKAGE = "rapidocr"
_FINDING = "PP-OCRv6_det_small.onnx"
_READING = "PP-OCRv6_rec_small.onnx"
_TURNING = "ch_ppocr_mobile_v2.0_cls_mobile.onnx"
_MOST_THREADS = 4
_M_ARENA_MAX = -8  # mallopt(3)


@dataclass(frozen=True, slots=True)
class Networks:
    """Sessions that find lines, tell upright from upside down, and read; and the characters."""

    finding: Any
    turning: Any
    reading: Any
    characters: tuple[str, ...]

    def line_map(self, picture: Pixels) -> Floats:
        """How likely each pixel belongs to a line's middle; sides are multiples of 32."""
        chances: Floats = _only_output(self.finding, _prepared(picture[np.newaxis]))[0, 0]
        return chances

    def upright_chances(self, lines: Pixels) -> Floats:
        """For each of the lines, of 48 rows, how likely it stands upright."""
        chances: Floats = _only_output(self.turning, _prepared(lines))[:, 0]
        return chances

    def letters(self, lines: Pixels) -> tuple[NDArray[np.intp], Floats]:
        """For each step of eight pixels along each line, of 48 rows: character and likelihood."""
        chances = _only_output(self.reading, _prepared(lines))
        return chances.argmax(axis=2), chances.max(axis=2)


def load_networks() -> Networks:
    """Load them from the installed package. Raises `ModelMissing`."""
    import onnxruntime

    folder = _models_folder()
    _share_one_heap()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(_MOST_THREADS, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    # Pages differ in size: memory kept for the largest would stand idle for the others.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    # Waiting threads would otherwise spin, and take the processor from the rest of the program.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    finding, turning, reading = (
        onnxruntime.InferenceSession(
            str(folder / name), options, providers=["CPUExecutionProvider"]
        )
        for name in (_FINDING, _TURNING, _READING)
    )
    written = reading.get_modelmeta().custom_metadata_map["character"]
    # Position 0 stands for no character, the one behind the last for a space.
    return Networks(finding, turning, reading, ("", *written.split("\n"), " "))


def _share_one_heap() -> None:
    """Each thread's own heap would take a sixteenth of what a reader may use, and stay empty."""
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(_M_ARENA_MAX, 1)


def _models_folder() -> Path:
    found = find_spec(_PACKAGE)
    folders = found.submodule_search_locations if found else None
    for folder in folders or ():
        models = Path(folder) / "models"
        if (models / _READING).is_file():
            return models
    raise ModelMissing("text recognition", _PACKAGE)


def _prepared(pictures: Pixels) -> Floats:
    """Grey pictures as the networks take them: three equal channels from -1 to 1."""
    levels = pictures.astype(np.float32) / np.float32(127.5) - np.float32(1)
    return np.repeat(levels[:, np.newaxis], 3, axis=1)


def _only_output(session: Any, pictures: Floats) -> Floats:
    (output,) = session.run(None, {session.get_inputs()[0].name: pictures})
    result: Floats = output
    return result
