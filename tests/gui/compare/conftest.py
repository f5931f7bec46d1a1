"""The stage that every test of this folder stands on."""

from tests.support.view_stage import stage

__all__ = ["stage"]
