"""Two models on one question, side by side."""
