"""The right column: where an answer comes from, down to the words on the page."""
