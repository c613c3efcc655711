"""Takes the exchanges of a capture in: in many short transactions, and yet all or none."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager

from trackscope.capture.exchange import Exchange
from trackscope.errors import HistoryError
from trackscope.history import index, tally
from trackscope.history.lock import Lock
from trackscope.history.rows import Columns, to_columns
from trackscope.history.writing import insert

ADD_ROWS = 1000
"""Exchanges that are written in one transaction, so that no other writer waits for long."""


def begin(connection: sqlite3.Connection, source: str | bytes) -> int:
    """Note, inside a transaction, that an import begins; its id."""
    cursor = connection.execute(
        "INSERT INTO import (source, is_abandoned) VALUES (?, 0)", (source,)
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def add(connection: sqlite3.Connection, import_id: int, columns: Sequence[Columns]) -> None:
    """Insert rows inside a transaction; nobody sees them before the import is finished."""
    _check(connection, import_id)
    query = "SELECT first_id, last_id FROM unfinished WHERE import_id = ? ORDER BY first_id DESC"
    latest = connection.execute(query, (import_id,)).fetchone()
    (last_id,) = connection.execute("SELECT last_id FROM state").fetchone()
    cleared = connection.execute("SELECT max(upto_id) FROM deletion").fetchone()[0] or 0
    # What was cleared meanwhile is counted apart from what comes later: see `finish`.
    is_next = latest is not None and latest[1] == last_id and cleared < last_id
    first_id = latest[0] if is_next else last_id + 1
    insert(connection, columns, -first_id)
    connection.execute(
        "INSERT INTO unfinished VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET last_id = ?",
        (first_id, last_id + len(columns), import_id, last_id + len(columns)),
    )


def finish(connection: sqlite3.Connection, import_id: int) -> None:
    """Show, inside a transaction, what was imported; but for what was cleared meanwhile."""
    _check(connection, import_id)
    (indexed_id,) = connection.execute("SELECT indexed_id FROM progress").fetchone()
    for first_id, last_id in _ranges(connection, import_id):
        query = "SELECT coalesce(min(id), 0) FROM deletion WHERE upto_id >= ?"
        (deletion,) = connection.execute(query, (last_id,)).fetchone()
        tally.move(connection, -first_id, deletion)
        if first_id <= indexed_id:
            index.add_todo(connection, first_id, min(last_id, indexed_id))
    connection.execute("DELETE FROM unfinished WHERE import_id = ?", (import_id,))
    connection.execute("DELETE FROM import WHERE id = ?", (import_id,))


def abandon(connection: sqlite3.Connection, import_id: int) -> None:
    """Leave, inside a transaction, what was imported to the next purge."""
    for first_id, _ in _ranges(connection, import_id):
        tally.drop(connection, -first_id, -first_id)
    connection.execute("UPDATE import SET is_abandoned = 1 WHERE id = ?", (import_id,))


def unfinished(connection: sqlite3.Connection) -> list[int]:
    """Imports that were neither finished nor abandoned, by whoever."""
    query = "SELECT id FROM import WHERE NOT is_abandoned"
    return [id_ for (id_,) in connection.execute(query)]


def _ranges(connection: sqlite3.Connection, import_id: int) -> list[tuple[int, int]]:
    query = "SELECT first_id, last_id FROM unfinished WHERE import_id = ?"
    return connection.execute(query, (import_id,)).fetchall()


def _check(connection: sqlite3.Connection, import_id: int) -> None:
    query = "SELECT 1 FROM import WHERE id = ? AND NOT is_abandoned"
    if connection.execute(query, (import_id,)).fetchone() is None:
        raise HistoryError(
            "The import is over: nothing more can be added to it.", "Begin the import again."
        )


class Import:
    """An import that runs: `add` batches, then `finish` or `abandon` it.

    Until it is finished nothing of it is listed, counted or found. If the process ends before,
    the next one that opens the history abandons it.
    """

    def __init__(
        self,
        import_id: int,
        writing: Callable[[], AbstractContextManager[sqlite3.Connection]],
        lock: Lock,
    ) -> None:
        self.id = import_id
        self._writing = writing
        self._lock = lock
        self.count = 0
        """How many exchanges were added."""

    def add(self, exchanges: Iterable[Exchange]) -> None:
        """Take in more exchanges, in order; HistoryError if the import is over."""
        columns = list(map(to_columns, exchanges))
        for start in range(0, len(columns), ADD_ROWS):
            part = columns[start : start + ADD_ROWS]
            with self._writing() as connection:
                add(connection, self.id, part)
            self.count += len(part)

    def finish(self) -> int:
        """Show everything that was added, at once; how much that is."""
        with self._writing() as connection:
            finish(connection, self.id)
        self._lock.release()
        return self.count

    def abandon(self) -> None:
        """Leave the history as if the import had never begun; the next purge makes room."""
        with self._writing() as connection:
            abandon(connection, self.id)
        self._lock.release()
