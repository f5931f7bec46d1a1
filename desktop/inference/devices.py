"""Where llama.cpp can compute on this machine, by its own account."""

from __future__ import annotations

import ctypes
from types import MappingProxyType
from typing import Any

import psutil

from desktop.domain.engine import Device
from desktop.inference.llama_library import open_library
from desktop.inference.processor import compute_threads, processor_name

_KINDS = MappingProxyType({0: "cpu", 1: "gpu", 2: "integrated gpu", 3: "accelerator"})
_GPU_KINDS = ("gpu", "integrated gpu")
_INSTRUCTIONS = ("AVX512_BF16", "AVX512_VNNI", "AVX512", "AVX2", "AVX", "SVE", "DOTPROD", "NEON")


def devices() -> list[Device]:
    """Every device, the processor first."""
    ggml = _device_functions()
    found = [_device(ggml, ggml.ggml_backend_dev_get(at)) for at in range(_count(ggml))]
    return sorted(found, key=lambda device: device.kind != "cpu")


def gpu_memory_free_bytes() -> int:
    """Free memory of all graphics processors together; 0 where llama.cpp has none."""
    return sum(device.memory_free_bytes for device in devices() if device.kind in _GPU_KINDS)


def backend_name(gpu_layers: int) -> str:
    """What computes, in one line for the status: the GPU's name, or the instruction set."""
    for device in devices():
        if gpu_layers != 0 and device.kind in _GPU_KINDS:
            return device.name
    return f"CPU, {instruction_set()}" if instruction_set() else "CPU"


def instruction_set() -> str:
    """The best instruction set that this build of llama.cpp uses on this processor."""
    info: bytes = open_library().functions.llama_print_system_info()
    used = {one.partition("=")[0].strip() for one in info.decode().split("|") if "= 1" in one}
    used = {one.removeprefix("CPU :").strip() for one in used}
    return next((name for name in _INSTRUCTIONS if name in used), "")


def system_information() -> str:
    """llama.cpp's own line about its build."""
    info: bytes = open_library().functions.llama_print_system_info()
    return info.decode("utf-8", "replace").strip(" |")


def _device(ggml: Any, handle: int) -> Device:
    kind = _KINDS.get(ggml.ggml_backend_dev_type(handle), "other")
    name = ggml.ggml_backend_dev_name(handle).decode("utf-8", "replace")
    description = ggml.ggml_backend_dev_description(handle).decode("utf-8", "replace")
    if kind == "cpu":
        return _processor(name, description)
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    ggml.ggml_backend_dev_memory(handle, ctypes.byref(free), ctypes.byref(total))
    return Device(name, kind, description, total.value, free.value)


def _processor(name: str, description: str) -> Device:
    memory = psutil.virtual_memory()
    called = processor_name() or description
    line = f"{called}, {compute_threads()} threads, {instruction_set()}".rstrip(", ")
    return Device(name, "cpu", line, memory.total, memory.available)


def _count(ggml: Any) -> int:
    return int(ggml.ggml_backend_dev_count())


def _device_functions() -> Any:
    open_library()
    from llama_cpp import _ggml

    ggml = _ggml.libggml
    # Not declared by llama-cpp-python; without declarations addresses would lose their high half.
    ggml.ggml_backend_dev_count.restype = ctypes.c_size_t
    ggml.ggml_backend_dev_get.restype = ctypes.c_void_p
    ggml.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    for name, result in (
        ("ggml_backend_dev_type", ctypes.c_int),
        ("ggml_backend_dev_name", ctypes.c_char_p),
        ("ggml_backend_dev_description", ctypes.c_char_p),
        ("ggml_backend_dev_memory", None),
    ):
        getattr(ggml, name).restype = result
        pointers = [ctypes.c_void_p] * (3 if result is None else 1)
        getattr(ggml, name).argtypes = pointers
    return ggml
