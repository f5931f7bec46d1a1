"""The window: widgets that show what the assistant says, and decide nothing."""
