"""Where what comes with the program lies; the one place that tells source tree from installed."""

from __future__ import annotations

import sys
from pathlib import Path


def resource_path(relative: str) -> Path:
    """Return the path of a file or folder under `resources`, whether or not it is there."""
    return _resources_folder() / relative


def _resources_folder() -> Path:
    bundle = getattr(sys, "_MEIPASS", None)  # where a frozen program unpacks itself
    if bundle is not None:
        return Path(bundle) / "resources"
    beside_the_source = Path(__file__).resolve().parents[2] / "resources"
    if beside_the_source.is_dir():
        return beside_the_source
    return Path(sys.prefix) / "share" / "carrel" / "resources"
