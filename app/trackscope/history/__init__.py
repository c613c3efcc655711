"""The history file: every exchange, in SQLite."""
