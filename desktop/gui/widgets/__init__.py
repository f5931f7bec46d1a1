"""Small widgets that every view shares; their looks are in the style sheet."""
