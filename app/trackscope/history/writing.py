"""Puts exchanges and what became of them into a history, in as few statements as possible.

What follows from rows is worked out in SQL, one statement a commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from trackscope.history import tally
from trackscope.history.rows import COLUMNS, REQUEST_ID, Columns
from trackscope.history.statements import for_each, insert_many


def insert(
    connection: sqlite3.Connection, rows: Sequence[Columns], counted_as: int | None = tally.SHOWN
) -> int:
    """Insert rows (see `to_columns`) inside a transaction; the id of the first, the rest follow.

    They are counted under the deletion `counted_as`; with None the caller counts them.
    """
    [(last_id,)] = connection.execute(_NEXT_IDS, (len(rows),)).fetchall()
    first_id: int = last_id - len(rows) + 1
    numbered = [(first_id + index, *row) for index, row in enumerate(rows)]
    insert_many(connection, f"INSERT INTO exchange (id, {', '.join(COLUMNS)})", numbered)
    connection.execute(_PENDING, (first_id,))
    if any(row[REQUEST_ID] is not None for row in rows):
        _mark_twins(connection, first_id)
    if counted_as is not None:
        tally.add_rows(connection, first_id, counted_as)
    return first_id


def insert_stored(connection: sqlite3.Connection, rows: Sequence[Columns]) -> None:
    """Insert rows (see `stored_columns`) inside a transaction; their exchanges are processed."""
    insert_many(connection, "INSERT OR REPLACE INTO stored", rows)
    ids = [row[0] for row in rows]
    for_each(connection, "DELETE FROM pending WHERE exchange_id IN {ids}", ids)
    for_each(connection, _INDEX_ANEW, ids)


_NEXT_IDS = "UPDATE state SET last_id = last_id + ? RETURNING last_id"

# Who records leaves the index alone: what is indexed already is only put down to be done again.
_INDEX_ANEW = """
INSERT OR IGNORE INTO todo
SELECT exchange_id, exchange_id FROM stored
WHERE exchange_id <= (SELECT indexed_id FROM progress) AND exchange_id IN {ids}
"""

_PENDING = """
INSERT INTO pending
SELECT id FROM exchange WHERE id >= ? AND origin = 'received' AND verdict = 1
"""


def _mark_twins(connection: sqlite3.Connection, first_id: int) -> None:
    """Mark what was received of requests that are also recorded as sent, whichever came first."""
    connection.execute(_NEW_TWINS, (first_id,))
    for twin_id, deletion in connection.execute(_OLD_TWINS, (first_id, first_id)).fetchall():
        connection.execute("UPDATE exchange SET twin = 1 WHERE id = ?", (twin_id,))
        tally.take_off(connection, twin_id, deletion)


_NEW_TWINS = """
UPDATE exchange SET twin = 1
WHERE id >= ? AND origin = 'received' AND request_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM exchange AS sent
    WHERE sent.request_id = exchange.request_id AND sent.origin = 'sent')
"""

_OLD_TWINS = f"""
SELECT exchange.id, {tally.DELETION}
FROM exchange AS sent JOIN exchange ON exchange.request_id = sent.request_id
WHERE sent.id >= ? AND sent.origin = 'sent' AND exchange.origin = 'received' AND exchange.twin = 0
    AND exchange.id < ?
"""
