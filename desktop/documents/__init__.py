"""A file in, pages of located text out; every format is read in a child process with limits."""
