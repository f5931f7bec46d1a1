"""The person's choices: read at any time, changed at once, saved at once."""

from __future__ import annotations

from typing import Any

from desktop.domain.settings import Settings, within_limits
from desktop.storage.locations import Locations
from desktop.storage.settings_file import (
    load_settings,
    load_window_state,
    save_settings,
    save_window_state,
)


class Preferences:
    """Settings and the window's last state, from and to the data folder."""

    def __init__(self, locations: Locations) -> None:
        self._locations = locations
        self._settings, self._set_aside = load_settings(locations.settings_file)

    @property
    def set_aside(self) -> str | None:
        """The new name of a settings file that could not be read at start."""
        return self._set_aside

    def settings(self) -> Settings:
        return self._settings

    def change(self, settings: Settings) -> None:
        """Put `settings` in force, within their limits, and save them.

        Raises `StorageError` types.
        """
        allowed = within_limits(settings)
        save_settings(self._locations.settings_file, allowed)
        self._settings = allowed

    def window_state(self) -> dict[str, Any]:
        return load_window_state(self._locations.window_file)

    def save_window_state(self, state: dict[str, Any]) -> None:
        save_window_state(self._locations.window_file, state)
