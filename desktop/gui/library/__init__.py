"""The library: collections, their files, and what each file needs."""
