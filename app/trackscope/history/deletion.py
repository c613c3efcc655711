"""Deletes exchanges so that it can be undone, until they are purged.

A deletion only hides: everything up to an id (a cleared history, whatever its size, is one row),
or picked exchanges. Functions here run inside a transaction, `purge_step` apart.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from trackscope.history import forwarding, index, tally
from trackscope.history.statements import for_each, transaction

PURGE_ROWS = 200
"""Exchanges that are purged in one transaction, so that no other writer waits for long."""

IS_KEPT = """
exchange.id > (SELECT coalesce(max(upto_id), 0) FROM deletion)
AND NOT EXISTS (SELECT 1 FROM hidden WHERE hidden.exchange_id = exchange.id)
"""
"""The condition for an exchange that is not deleted."""

IS_SHOWN = f"""{IS_KEPT}
AND NOT EXISTS (SELECT 1 FROM unfinished WHERE exchange.id BETWEEN first_id AND last_id)
"""
"""The condition for an exchange that is neither deleted nor of an unfinished import."""


def clear(connection: sqlite3.Connection, at: float) -> int:
    """Delete everything there is; the deletion's id."""
    (last_id,) = connection.execute("SELECT last_id FROM state").fetchone()
    token = _begin(connection, at, last_id)
    tally.move(connection, tally.SHOWN, token)
    return token


def delete(connection: sqlite3.Connection, ids: Sequence[int], at: float) -> int:
    """Delete these exchanges, each with what the collector received of it; the deletion's id."""
    token = _begin(connection, at, 0)
    for id_ in ids:
        connection.execute(_HIDE, (token, id_, id_))
    counted = connection.execute(_HIDDEN, (token,)).fetchall()
    tally.take(connection, [id_ for (id_,) in counted], token)
    return token


def restore(connection: sqlite3.Connection, token: int) -> int:
    """Undo a deletion; how many exchanges the list shows again (0: purged meanwhile)."""
    found = connection.execute("SELECT is_final FROM deletion WHERE id = ?", (token,)).fetchone()
    if found is None or found[0]:
        return 0
    count = tally.total(connection, token)
    (target,) = connection.execute(_LATER_CLEAR, (token,)).fetchone()
    tally.move(connection, token, target)
    connection.execute("DELETE FROM hidden WHERE deletion = ?", (token,))
    connection.execute("DELETE FROM deletion WHERE id = ?", (token,))
    return count if target == tally.SHOWN else 0


def make_final(connection: sqlite3.Connection, before: float) -> None:
    """Let no deletion made before that time be undone any more."""
    # By id, not by time: an earlier deletion never outlives a later one.
    (token,) = connection.execute(
        "SELECT max(id) FROM deletion WHERE at <= ?", (before,)
    ).fetchone()
    connection.execute("UPDATE deletion SET is_final = 1 WHERE id <= ?", (token,))
    if token is not None:
        tally.drop(connection, 1, token)


def purge_step(connection: sqlite3.Connection) -> bool:
    """Remove some of what is finally deleted or abandoned; whether there is more."""
    with transaction(connection):
        ids = [id_ for (id_,) in connection.execute(_FINAL, (PURGE_ROWS,))]
        index.forget(connection, ids)
        forwarding.forget(connection, ids)
        for table, key in _TABLES:
            for_each(connection, f"DELETE FROM {table} WHERE {key} IN {{ids}}", ids)
        _add_gaps(connection, sorted(ids))
        if not ids:
            for (token,) in connection.execute("SELECT id FROM deletion WHERE is_final").fetchall():
                tally.drop(connection, token, token)
            connection.execute("DELETE FROM deletion WHERE is_final")
            connection.execute(f"DELETE FROM unfinished WHERE import_id IN {_ABANDONED}")
            connection.execute("DELETE FROM import WHERE is_abandoned")
    return bool(ids)


def _add_gaps(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Note that these ids, in order, are of no exchange any more, together with their like."""
    for first, last in _runs(ids):
        around = connection.execute(_TOUCHING, (first - 1, last + 1)).fetchall()
        connection.execute(_UNITE, (first - 1, last + 1))
        first = min([first, *(found[0] for found in around)])
        last = max([last, *(found[1] for found in around)])
        connection.execute("INSERT INTO gap VALUES (?, ?)", (first, last))


def _runs(ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of consecutive ids.

    >>> list(_runs([1, 2, 3, 7, 9, 10]))
    [(1, 3), (7, 7), (9, 10)]
    """
    start = 0
    for end in range(1, len(ids) + 1):
        if end == len(ids) or ids[end] != ids[end - 1] + 1:
            yield ids[start], ids[end - 1]
            start = end


_TOUCHING = "SELECT first_id, last_id FROM gap WHERE last_id >= ? AND first_id <= ?"
_UNITE = "DELETE FROM gap WHERE last_id >= ? AND first_id <= ?"


def _begin(connection: sqlite3.Connection, at: float, upto_id: int) -> int:
    cursor = connection.execute("INSERT INTO deletion (at, upto_id) VALUES (?, ?)", (at, upto_id))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


_HIDE = f"""
INSERT OR IGNORE INTO hidden
SELECT exchange.id, ? FROM exchange
WHERE (exchange.id = ? OR exchange.twin AND exchange.request_id =
    (SELECT request_id FROM exchange WHERE id = ?)) AND {IS_SHOWN}
"""

# What an earlier deletion gives back is still hidden if everything was cleared since.
_LATER_CLEAR = f"""
SELECT coalesce(min(id), {tally.SHOWN}) FROM deletion WHERE id > ? AND upto_id > 0
"""

_HIDDEN = """
SELECT exchange_id FROM hidden JOIN exchange ON exchange.id = exchange_id
WHERE deletion = ? AND twin = 0
"""

_ABANDONED = "(SELECT id FROM import WHERE is_abandoned)"

_FINAL = f"""
SELECT id FROM exchange WHERE id <= (SELECT max(upto_id) FROM deletion WHERE is_final)
    AND NOT EXISTS (SELECT 1 FROM unfinished WHERE exchange.id BETWEEN first_id AND last_id)
UNION ALL
SELECT exchange_id FROM hidden WHERE deletion IN (SELECT id FROM deletion WHERE is_final)
UNION ALL
SELECT id FROM unfinished JOIN exchange ON id BETWEEN first_id AND last_id
WHERE import_id IN {_ABANDONED}
LIMIT ?
"""

_TABLES = (
    ("exchange", "id"),
    ("stored", "exchange_id"),
    ("pending", "exchange_id"),
    ("hidden", "exchange_id"),
)
