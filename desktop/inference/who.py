"""Who imports a model."""

from __future__ import annotations

import getpass


def current_user() -> str:
    """The user's name; "" on a system without one: containers do that."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
