"""Honest stand-ins that tests share."""
