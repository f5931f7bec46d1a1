"""The settings: every page applies at once."""
