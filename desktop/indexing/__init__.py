"""Folders in, searchable chunks out; stops and resumes at any document."""
