"""Settings and the window's last state, each in a small JSON file that people may edit."""

from __future__ import annotations

import dataclasses
import json
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from desktop.domain.settings import Settings, within_limits
from desktop.storage.value_codec import ValueMismatch, from_plain, to_plain
from desktop.storage.whole_file import read_json_object, replace_file, set_aside

Part = TypeVar("Part")


def load_settings(path: Path) -> tuple[Settings, str | None]:
    """Return the settings, and the new name of the file where it could not be read.

    A number outside its limits is moved to the nearest allowed one; a value of the wrong type
    takes its default. Raises `DataFolderReadOnly` where a broken file cannot be renamed.
    """
    plain = read_json_object(path)
    if plain is None:
        return Settings(), set_aside(path)
    return within_limits(_readable_part(Settings, plain)), None


def save_settings(path: Path, settings: Settings) -> None:
    """Write the settings in place of the old ones; keys that this version does not know stay.

    Raises `DataFolderReadOnly` or `DiskFull`.
    """
    known = to_plain(within_limits(settings))
    _write(path, _overlaid(read_json_object(path) or {}, known))


def load_window_state(path: Path) -> dict[str, Any]:
    """Return the window's last state, {} where there is none or it could not be read."""
    plain = read_json_object(path)
    if plain is None:
        set_aside(path)
        return {}
    return plain


def save_window_state(path: Path, state: dict[str, Any]) -> None:
    """Write the window's state, which must be plain JSON."""
    _write(path, state)


def _write(path: Path, plain: dict[str, Any]) -> None:
    replace_file(path, json.dumps(plain, indent=2) + "\n")


def _readable_part(kind: type[Part], plain: dict[str, Any]) -> Part:
    """Take every field that can be read, and the default for each that cannot."""
    hints = get_type_hints(kind)
    values: dict[str, object] = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]  # every part is a dataclass
        if field.name not in plain:
            continue
        hint: Any = hints[field.name]
        found = plain[field.name]
        if isinstance(hint, type) and dataclasses.is_dataclass(hint):
            values[field.name] = _readable_part(hint, found if isinstance(found, dict) else {})
            continue
        with suppress(ValueMismatch):
            values[field.name] = from_plain(hint, found)
    return kind(**values)


def _overlaid(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for key, value in new.items():
        below = old.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            merged[key] = _overlaid(below, value)
        else:
            merged[key] = value
    return merged
