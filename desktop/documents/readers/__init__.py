"""One module per format; they only ever run in the reader's child process."""
