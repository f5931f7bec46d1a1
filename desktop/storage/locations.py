"""Where everything of ours lies: one data folder, chosen once at start."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

DATA_DIR_VARIABLE = "CARREL_DATA_DIR"


@dataclass(frozen=True, slots=True)
class Locations:
    """The data folder and the places in it."""

    data: Path
    database: Path
    index: Path
    models: Path
    sequence_states: Path
    logs: Path
    settings_file: Path
    window_file: Path

    @staticmethod
    def of(data_dir: Path | None = None) -> Locations:
        """Take `data_dir`, else the environment's `CARREL_DATA_DIR`, else the system's place."""
        data = _data_folder(data_dir)
        return Locations(
            data=data,
            database=data / "carrel.db",
            index=data / "index",
            models=data / "models",
            sequence_states=data / "sequence-states",
            logs=data / "logs",
            settings_file=data / "settings.json",
            window_file=data / "window.json",
        )


def _data_folder(data_dir: Path | None) -> Path:
    named = data_dir or os.environ.get(DATA_DIR_VARIABLE) or None
    if named is None:
        return user_data_path("carrel", appauthor=False)
    # Absolute at once: a child or a later change of folder must not move the data.
    return Path(os.path.abspath(Path(named).expanduser()))
