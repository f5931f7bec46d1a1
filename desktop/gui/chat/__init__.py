"""The reading column: a conversation, its answers, and the field that asks."""
