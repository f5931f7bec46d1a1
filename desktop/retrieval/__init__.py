"""A question in, ranked chunks out, and how they were found."""
