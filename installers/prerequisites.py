"""What must be on the machine before set-up, and how to get what is not."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from system_libraries import missing_libraries

_CMAKE_AT_LEAST = (3, 21)
_DISK_BYTES = 4 * 10**9
_ROOT = Path(__file__).resolve().parent.parent


def missing_prerequisites(backend: str, *, builds_engine: bool) -> list[str]:
    """One paragraph for each thing that is missing; empty when set-up can start."""
    found = [_venv(), _disk()]
    if builds_engine:
        found += [_compiler(), _cmake(), _toolkit(backend)]
    if sys.platform == "linux":
        found += [_system_age(), _libraries()]
    return [f"- {text}" for text in found if text]


def unsupported_python() -> str:
    """Why this Python cannot be used; empty when it can."""
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return ""
    return (
        f"Carrel needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]}. "
        "Start set-up with another, or name it: make setup PYTHON=/path/to/python3.13"
    )


def _venv() -> str:
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return ""
    return "Python's venv module. " + _ways("python3-venv", "python3", "python3", "")


def _disk() -> str:
    free = shutil.disk_usage(_ROOT).free
    if free >= _DISK_BYTES or (_ROOT / ".venv").exists():
        return ""
    return f"Disk space: {_DISK_BYTES / 1e9:.0f} GB are needed and {free / 1e9:.1f} GB are free."


def _compiler() -> str:
    if sys.platform == "win32":
        # CMake finds Visual Studio by itself; its installer's locator is the sign of it.
        programs = Path(os.environ.get("PROGRAMFILES(X86)", "C:/Program Files (x86)"))
        if (programs / "Microsoft Visual Studio" / "Installer" / "vswhere.exe").exists():
            return ""
    elif any(map(shutil.which, filter(None, (os.environ.get("CXX"), "c++", "g++", "clang++")))):
        return ""
    return "A C++ compiler. " + _ways(
        "build-essential", "gcc-c++", "", "Microsoft.VisualStudio.2022.BuildTools"
    )


def _cmake() -> str:
    wanted = ".".join(map(str, _CMAKE_AT_LEAST))
    program = shutil.which("cmake")
    ways = _ways("cmake", "cmake", "cmake", "Kitware.CMake")
    if program is None:
        return f"CMake {wanted} or newer. {ways}"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    version = re.search(r"(\d+)\.(\d+)", said.stdout)
    if version and (int(version[1]), int(version[2])) >= _CMAKE_AT_LEAST:
        return ""
    return f"CMake {wanted} or newer; {program} is older. {ways}"


def _toolkit(backend: str) -> str:
    if backend == "cuda" and not (shutil.which("nvcc") or os.environ.get("CUDACXX")):
        return "The CUDA toolkit: nvcc is not on the path. Install it from NVIDIA's packages."
    if backend == "vulkan" and not shutil.which("glslc"):
        return "The Vulkan toolkit: glslc is not on the path. " + _ways(
            "libvulkan-dev glslc spirv-headers",
            "vulkan-loader-devel glslc",
            "vulkan-headers shaderc",
            "KhronosGroup.VulkanSDK",
        )
    if backend == "metal" and sys.platform != "darwin":
        return "A Mac: Metal is built on macOS alone."
    return ""


def _system_age() -> str:
    """Qt's wheels name the oldest C library they run on."""
    name, version = platform.libc_ver()
    wanted = (2, 34) if platform.machine() == "x86_64" else (2, 39)
    if name != "glibc":
        return "A Linux with the GNU C library; Qt has no wheels for others."
    if tuple(int(part) for part in version.split(".")[:2]) >= wanted:
        return ""
    return f"A newer Linux: Qt's wheels need glibc {wanted[0]}.{wanted[1]}; this is {version}."


def _libraries() -> str:
    apt, dnf = missing_libraries()
    if not apt:
        return ""
    return "System libraries that Qt needs. " + _ways(" ".join(apt), " ".join(dnf), "", "")


def _ways(apt: str, dnf: str, brew: str, winget: str) -> str:
    if sys.platform == "darwin":
        return f"Get it: brew install {brew}" if brew else "Get it: xcode-select --install"
    if sys.platform == "win32":
        return f"Get it: winget install {winget}"
    if shutil.which("apt-get"):
        return f"Get it: sudo apt-get install {apt}"
    if shutil.which("dnf"):
        return f"Get it: sudo dnf install {dnf}"
    return f"On Debian it is called {apt}, on Fedora {dnf}."
