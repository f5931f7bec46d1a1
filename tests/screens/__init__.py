"""Pictures of the real window with content that looks like a day's work."""
