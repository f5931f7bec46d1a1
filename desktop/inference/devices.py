"""Where llama.cpp can compute on this machine, by its own account."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

import psutil

from desktop.domain.engine import Device, EnginePlan
from desktop.inference.llama_library import library_is_open, open_library
from desktop.inference.processor import compute_threads, processor_name, usable_threads

_KINDS = MappingProxyType({0: "cpu", 1: "gpu", 2: "integrated gpu", 3: "accelerator"})
_INSTRUCTIONS = ("AVX512_BF16", "AVX512_VNNI", "AVX512", "AVX2", "AVX", "SVE", "DOTPROD", "NEON")


def devices() -> list[Device]:
    """Every device, the processor first."""
    ggml = _device_functions()
    found = [_device(ggml, ggml.ggml_backend_dev_get(at)) for at in range(_count(ggml))]
    return sorted(found, key=lambda device: device.kind != "cpu")


def known_devices() -> list[Device]:
    """Every device, or none while llama.cpp has not been loaded: at once, on any thread."""
    return devices() if library_is_open() else []


def graphics_in_use(wanted: str, found: Sequence[Device]) -> tuple[Device, ...]:
    """Which GPUs a model is loaded on: the one wanted, or all of the best kind; () for none.

    Several share the layers by their free memory, as llama.cpp does by itself.
    """
    if wanted.lower() == "cpu":
        return ()
    if wanted:
        return tuple(one for one in found if one.computes_graphics and one.name == wanted)
    separate = tuple(one for one in found if one.kind == "gpu")
    return separate or tuple(one for one in found if one.kind == "integrated gpu")


def backend_name(plan: EnginePlan) -> str:
    """What computes, in one line for the status: the GPUs' names, or the instruction set."""
    if plan.gpu_layers:
        return plan.device
    return f"CPU, {instruction_set()}" if instruction_set() else "CPU"


@cache
def machine_name() -> str:
    """What measured speeds hold for: processor, threads, devices and build of llama.cpp.

    Loads llama.cpp, so the first call belongs on a lane.
    """
    library = open_library()
    graphics = [f"{one.name} {one.description}" for one in devices() if one.computes_graphics]
    build = f"llama-cpp-python {library.functions.__version__}"
    processor = processor_name() or "processor"
    parts = (processor, f"{usable_threads()} threads", instruction_set(), *graphics, build)
    return ", ".join(part for part in parts if part)


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


def device_handles(names: Sequence[str]) -> Any:
    """The devices of these names as llama.cpp takes them: addresses, with a zero at the end."""
    ggml = _device_functions()
    every = [ggml.ggml_backend_dev_get(at) for at in range(_count(ggml))]
    handles = [one for one in every if _name(ggml, one) in names]
    return (ctypes.c_void_p * (len(handles) + 1))(*handles, None)


def _name(ggml: Any, handle: int) -> str:
    name: bytes = ggml.ggml_backend_dev_name(handle)
    return name.decode("utf-8", "replace")


def _device(ggml: Any, handle: int) -> Device:
    kind = _KINDS.get(ggml.ggml_backend_dev_type(handle), "other")
    name = _name(ggml, handle)
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
