"""Render the real window over real documents and the included model: `python -m tests.screens`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.screens.journey import draw_all

_DEFAULT = Path("docs/screens")


def main() -> int:
    """Draw every picture into the folder named by the first argument."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else _DEFAULT
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="carrel-screens-") as data:
        for picture in draw_all(Path(data), target):
            print(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
