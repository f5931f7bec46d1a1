"""The left column: new chat, search, the list, and where to go."""
