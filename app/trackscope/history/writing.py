"""Puts exchanges and what became of them into a history, in as few statements as possible.

Python gives up its lock for every statement, and takes up to 5 ms to get it back from a busy event
loop: one statement a row would make 200 rows a second of it. So many rows share a statement, and
what follows from them is worked out in SQL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

from trackscope.history.rows import COLUMNS, REQUEST_ID, Columns

MAX_ROWS = 512
"""Rows in one statement; always a power of two, so that few statements have to be prepared."""

NO_VERDICT = -1
"""How a missing verdict is counted."""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written inside is committed, or nothing of it if anything fails."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def insert(connection: sqlite3.Connection, rows: Sequence[Columns]) -> int:
    """Insert rows (see `to_columns`) inside a transaction; the id of the first, the rest follow."""
    connection.execute("UPDATE state SET last_id = last_id + ?", (len(rows),))
    (last_id,) = connection.execute("SELECT last_id FROM state").fetchone()
    first_id: int = last_id - len(rows) + 1
    numbered = [(first_id + index, *row) for index, row in enumerate(rows)]
    _insert_many(connection, f"INSERT INTO exchange (id, {', '.join(COLUMNS)})", numbered)
    connection.execute(_PENDING, (first_id,))
    if any(row[REQUEST_ID] is not None for row in rows):
        _mark_twins(connection, first_id)
    connection.execute(_TALLY, (first_id,))
    return first_id


def insert_stored(connection: sqlite3.Connection, rows: Sequence[Columns]) -> None:
    """Insert rows (see `stored_columns`) inside a transaction; their exchanges are processed."""
    _insert_many(connection, "INSERT OR REPLACE INTO stored", rows)
    for part in _parts(rows):
        marks = ", ".join("?" * len(part))
        ids = [row[0] for row in part]
        connection.execute(f"DELETE FROM pending WHERE exchange_id IN ({marks})", ids)


def _insert_many(connection: sqlite3.Connection, into: str, rows: Sequence[Columns]) -> None:
    for part in _parts(rows):
        marks = f"({', '.join('?' * len(part[0]))})"
        values = list(chain.from_iterable(part))
        connection.execute(f"{into} VALUES {', '.join([marks] * len(part))}", values)


def _parts(rows: Sequence[Columns]) -> Iterator[Sequence[Columns]]:
    """The rows in order, in parts whose lengths are powers of two.

    >>> [len(part) for part in _parts([()] * 11)]
    [8, 2, 1]
    """
    start = 0
    while start < len(rows):
        length = min(MAX_ROWS, 1 << ((len(rows) - start).bit_length() - 1))
        yield rows[start : start + length]
        start += length


_PENDING = """
INSERT INTO pending
SELECT id FROM exchange WHERE id >= ? AND origin = 'received' AND verdict = 1
"""

_TALLY = f"""
INSERT INTO tally
SELECT 0, origin, coalesce(verdict, {NO_VERDICT}), count(*)
FROM exchange WHERE id >= ? AND twin = 0 GROUP BY 2, 3
ON CONFLICT DO UPDATE SET count = count + excluded.count
"""


def _mark_twins(connection: sqlite3.Connection, first_id: int) -> None:
    """Mark what was received of requests that are also recorded as sent, whichever came first."""
    connection.execute(_NEW_TWINS, (first_id,))
    for row in connection.execute(_OLD_TWINS, (first_id, first_id)).fetchall():
        twin_id, verdict, deletion = row
        connection.execute("UPDATE exchange SET twin = 1 WHERE id = ?", (twin_id,))
        connection.execute(_UNCOUNT, (deletion, verdict))


_NEW_TWINS = """
UPDATE exchange SET twin = 1
WHERE id >= ? AND origin = 'received' AND request_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM exchange AS sent
    WHERE sent.request_id = exchange.request_id AND sent.origin = 'sent')
"""

# The third column is the deletion that the twin is counted under: the first that took it.
_OLD_TWINS = f"""
SELECT twin.id, coalesce(twin.verdict, {NO_VERDICT}), coalesce(
    (SELECT deletion FROM hidden WHERE exchange_id = twin.id),
    (SELECT min(id) FROM deletion WHERE upto_id >= twin.id), 0)
FROM exchange AS sent JOIN exchange AS twin ON twin.request_id = sent.request_id
WHERE sent.id >= ? AND sent.origin = 'sent' AND twin.origin = 'received' AND twin.twin = 0
    AND twin.id < ?
"""

_UNCOUNT = """
UPDATE tally SET count = count - 1 WHERE deletion = ? AND origin = 'received' AND verdict = ?
"""
