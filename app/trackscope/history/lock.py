"""Locks beside a history: who holds one is alone with what it stands for, in all processes."""

from __future__ import annotations

import sqlite3
from pathlib import Path


class Lock:
    """Held by one process; the system frees it with the process, however that ends.

    It is a database of its own beside the history, since SQLite knows how to lock a file on every
    system. A history in memory needs none.
    """

    def __init__(self, history: Path | None, purpose: str) -> None:
        self._path = None if history is None else history.with_name(f"{history.name}-{purpose}")
        self._connection: sqlite3.Connection | None = None

    def acquire(self) -> bool:
        """Take the lock; whether nobody else has it."""
        if self._path is None:
            return True
        connection = sqlite3.connect(
            self._path, timeout=0, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            connection.close()
            return False
        self._connection = connection
        return True

    def release(self) -> None:
        """Give the lock back, and leave nothing behind."""
        if self._connection is not None and self._path is not None:
            self._connection.close()
            self._connection = None
            self._path.unlink(missing_ok=True)
