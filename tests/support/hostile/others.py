"""What is no GGUF file, or no file."""

from __future__ import annotations

import io
import os
import pickle
import socket
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from desktop.domain.model_errors import ModelDamaged, ModelMissing, NotAModel
from tests.support.gguf_builder import tiny_model
from tests.support.hostile.making import Hostile, Named, made_of


def hostile_others() -> Named:
    def not_a_model(data: Callable[[], bytes], words: str, name: str = "model.gguf") -> Hostile:
        return Hostile(made_of(data, name), NotAModel, words)

    yield "a text", not_a_model(lambda: b"Dear tenant, " * 500, "a text")
    yield "a web page", not_a_model(lambda: b"<!DOCTYPE html><html>404</html>", "a web page")
    yield (
        "a pointer",
        not_a_model(
            lambda: b"version 1 of a pointer\noid sha256:4d7a\nsize 12\n", "a pointer of Git LFS"
        ),
    )
    yield "an archive", not_a_model(_zipped("lease.txt"), "a packed archive")
    yield "weights of PyTorch", not_a_model(_zipped("archive/data.pkl"), "pickle form", "model.bin")
    yield "a pickle", not_a_model(lambda: pickle.dumps({"weight": [1.0]}), "can run code", "m.pt")
    yield "safetensors", not_a_model(_safetensors, "a safetensors file", "model.safetensors")
    yield "packed with gzip", not_a_model(lambda: b"\x1f\x8b\x08" + bytes(90), "unpack it first")
    yield "a PDF", not_a_model(lambda: b"%PDF-1.7\n", "a PDF")
    yield "a program", not_a_model(lambda: b"\x7fELF\x02" + bytes(60), "a program")
    yield "an older model", not_a_model(lambda: b"tjgg\x03\0\0\0" + bytes(60), "older GGML form")
    yield "small letters", not_a_model(lambda: b"gguf\x03\0\0\0\xff\xff", "not known")
    yield "zeros", not_a_model(lambda: bytes(1 << 20), "a file of zeros")
    yield "four terabytes of zeros", Hostile(_sparse_zeros, NotAModel, "a file of zeros")
    yield "noise", not_a_model(lambda: bytes(range(256)) * 64, "not known")
    yield "an empty folder", Hostile(_folder, NotAModel, "a folder without a model")
    yield "a folder of two models", Hostile(_two_models, NotAModel, "a folder of 2 models")
    yield "nothing there", Hostile(lambda folder: folder / "gone.gguf", ModelMissing, "gone.gguf")
    if os.name == "posix":
        yield from _special_files()


def _special_files() -> Named:
    def linked(folder: Path) -> Path:
        (folder / "a.gguf").symlink_to(folder / "b.gguf")
        (folder / "b.gguf").symlink_to(folder / "a.gguf")
        return folder / "a.gguf"

    def dangling(folder: Path) -> Path:
        (folder / "a.gguf").symlink_to(folder / "gone.gguf")
        return folder / "a.gguf"

    def piped(folder: Path) -> Path:
        os.mkfifo(folder / "a.gguf")
        return folder / "a.gguf"

    def bound(folder: Path) -> Path:
        # Its name may be short only; the folder of a test is not.
        path = Path(os.path.relpath(folder / "a.gguf"))
        before = Path.cwd()
        os.chdir(folder)
        try:
            with socket.socket(socket.AF_UNIX) as opened:
                opened.bind("a.gguf")
        finally:
            os.chdir(before)
        return path.absolute()

    def locked(folder: Path) -> Path:
        path = tiny_model().save(folder / "a.gguf")
        path.chmod(0)
        return path

    yield "a link to itself", Hostile(linked, ModelDamaged, "levels of symbolic links")
    yield "a link to nothing", Hostile(dangling, ModelDamaged, "a link to a file that is not there")
    yield "a pipe", Hostile(piped, NotAModel, "a pipe")
    yield "a socket", Hostile(bound, NotAModel, "a socket")
    yield "a device", Hostile(lambda _: Path("/dev/zero"), NotAModel, "a device")
    if os.geteuid() != 0:
        yield "a file without permission", Hostile(locked, ModelDamaged, "Permission denied")
    if Path("/proc/self/mem").exists():
        # A file whose first byte cannot be read, as of a stick that is failing.
        yield (
            "a failing disk",
            Hostile(lambda _: Path("/proc/self/mem"), ModelDamaged, "it cannot be read"),
        )


def _zipped(name: str) -> Callable[[], bytes]:
    def data() -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as opened:
            opened.writestr(name, "x" * 100)
        return packed.getvalue()

    return data


def _safetensors() -> bytes:
    header = b'{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    return struct.pack("<Q", len(header)) + header + bytes(4)


def _sparse_zeros(folder: Path) -> Path:
    path = folder / "model.gguf"
    path.touch()
    os.truncate(path, 4 << 40)
    return path


def _folder(folder: Path) -> Path:
    made = folder / "model"
    made.mkdir()
    return made


def _two_models(folder: Path) -> Path:
    made = _folder(folder)
    tiny_model().save(made / "a.gguf")
    tiny_model().save(made / "b.gguf")
    return made
