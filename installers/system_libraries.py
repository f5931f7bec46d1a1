"""The libraries of a Linux system that Qt needs and no wheel brings along."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping

# What each library is called where it is loaded, on Debian and Ubuntu, and on Fedora.
WINDOWLESS = (
    ("libEGL.so.1", "libegl1", "libglvnd-egl"),
    ("libGL.so.1", "libgl1", "libglvnd-glx"),
    ("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
    ("libdbus-1.so.3", "libdbus-1-3", "dbus-libs"),
    ("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    ("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    ("libX11.so.6", "libx11-6", "libX11"),
    ("libgomp.so.1", "libgomp1", "libgomp"),
)
X_WINDOW = (
    ("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    ("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    ("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    ("libxcb-randr.so.0", "libxcb-randr0", "libxcb"),
    ("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
    ("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
    ("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    ("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb"),
)


def missing_libraries(environment: Mapping[str, str] = os.environ) -> tuple[list[str], list[str]]:
    """Packages to install, by their names on Debian and on Fedora; both empty when all is there.

    The libraries that show a window count only where there is an X display.
    """
    wanted = WINDOWLESS + (X_WINDOW if environment.get("DISPLAY") else ())
    absent = [names for names in wanted if not _loads(names[0])]
    return [apt for _, apt, _ in absent], sorted({dnf for _, _, dnf in absent})


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    print(" ".join(missing_libraries()[0]))
