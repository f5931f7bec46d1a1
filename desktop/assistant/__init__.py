"""All that a face may ask, returning at once; answers come as events. Free of Qt."""
