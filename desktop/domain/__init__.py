"""Values that travel between packages; standard library only, no input or output."""
