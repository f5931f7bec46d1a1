"""The window, off screen, by mouse and keyboard."""
