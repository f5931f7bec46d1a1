"""The window: widgets that show what the assistant says, and decide nothing."""

import builtins

import PySide6.QtWidgets  # noqa: F401

# Qt's first import puts a hook on all later ones, which opens the source of each module to look
# for optional features of Qt's binding that nothing here uses; it keeps the plain import beside.
# Without the hook the window comes sooner, and the lanes' imports hold it up less.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
