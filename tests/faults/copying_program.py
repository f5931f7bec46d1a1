"""A process that imports a model and says how far it is, to be killed in the middle."""

from __future__ import annotations

import sys
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.models import ImportProgress
from desktop.inference.model_import import import_model


def main(source: Path, models: Path) -> None:
    for step in import_model(source, models, CancelToken()):
        if isinstance(step, ImportProgress) and step.step == "copying":
            sys.stdout.write(f"{step.bytes_done}\n")
            sys.stdout.flush()
            if step.bytes_done:
                sys.stdin.read()  # until the end: nothing more is copied before the kill


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
