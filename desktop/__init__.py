"""Carrel: a private desk in a library, with a model that never leaves the machine."""

__version__ = "0.1.0"
