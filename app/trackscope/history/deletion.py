"""Deletes exchanges so that it can be undone, until they are purged.

A deletion only hides: everything up to an id (a cleared history, whatever its size, is one row),
or picked exchanges. Functions here run inside a transaction, `purge_step` apart.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from trackscope.history.writing import NO_VERDICT, transaction

PURGE_ROWS = 500
"""Exchanges that are purged in one transaction, so that no other writer waits for long."""

SHOWN = 0
"""The deletion under which `tally` counts what is not deleted."""

IS_SHOWN = """
exchange.id > (SELECT coalesce(max(upto_id), 0) FROM deletion)
AND NOT EXISTS (SELECT 1 FROM hidden WHERE hidden.exchange_id = exchange.id)
"""
"""The condition for an exchange that is not deleted."""


def clear(connection: sqlite3.Connection, at: float) -> int:
    """Delete everything there is; the deletion's id."""
    (last_id,) = connection.execute("SELECT last_id FROM state").fetchone()
    token = _begin(connection, at, last_id)
    connection.execute("UPDATE tally SET deletion = ? WHERE deletion = 0", (token,))
    return token


def delete(connection: sqlite3.Connection, ids: Sequence[int], at: float) -> int:
    """Delete these exchanges, each with what the collector received of it; the deletion's id."""
    token = _begin(connection, at, 0)
    for id_ in ids:
        connection.execute(_HIDE, (token, id_, id_))
    connection.execute(_COUNT_HIDDEN, (token,))
    _add_tally(connection, token, SHOWN, -1)
    return token


def restore(connection: sqlite3.Connection, token: int) -> int:
    """Undo a deletion; how many exchanges the list shows again (0: purged meanwhile)."""
    found = connection.execute("SELECT is_final FROM deletion WHERE id = ?", (token,)).fetchone()
    if found is None or found[0]:
        return 0
    count = size(connection, token)
    (target,) = connection.execute(_LATER_CLEAR, (token,)).fetchone()
    _add_tally(connection, token, target, 1)
    connection.execute("DELETE FROM tally WHERE deletion = ?", (token,))
    connection.execute("DELETE FROM hidden WHERE deletion = ?", (token,))
    connection.execute("DELETE FROM deletion WHERE id = ?", (token,))
    return count if target == SHOWN else 0


def size(connection: sqlite3.Connection, token: int) -> int:
    """How many exchanges a deletion took from the list."""
    query = "SELECT coalesce(sum(count), 0) FROM tally WHERE deletion = ?"
    (count,) = connection.execute(query, (token,)).fetchone()
    return int(count)


def make_final(connection: sqlite3.Connection, before: float) -> None:
    """Let no deletion made before that time be undone any more."""
    # By id, not by time: an earlier deletion never outlives a later one.
    (token,) = connection.execute(
        "SELECT max(id) FROM deletion WHERE at <= ?", (before,)
    ).fetchone()
    connection.execute("UPDATE deletion SET is_final = 1 WHERE id <= ?", (token,))
    connection.execute("DELETE FROM tally WHERE deletion BETWEEN 1 AND ?", (token,))


def purge_step(connection: sqlite3.Connection) -> bool:
    """Remove some of what is finally deleted; whether there is more."""
    with transaction(connection):
        ids = connection.execute(_FINAL, (PURGE_ROWS,)).fetchall()
        for table, key in _TABLES:
            connection.executemany(f"DELETE FROM {table} WHERE {key} = ?", ids)
        if not ids:
            connection.execute("DELETE FROM deletion WHERE is_final")
    return bool(ids)


def _begin(connection: sqlite3.Connection, at: float, upto_id: int) -> int:
    cursor = connection.execute("INSERT INTO deletion (at, upto_id) VALUES (?, ?)", (at, upto_id))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _add_tally(connection: sqlite3.Connection, source: int, target: int, sign: int) -> None:
    connection.execute(
        """INSERT INTO tally SELECT ?, origin, verdict, ? * count FROM tally WHERE deletion = ?
        ON CONFLICT DO UPDATE SET count = count + excluded.count""",
        (target, sign, source),
    )


_HIDE = f"""
INSERT OR IGNORE INTO hidden
SELECT exchange.id, ? FROM exchange
WHERE (exchange.id = ? OR exchange.twin AND exchange.request_id =
    (SELECT request_id FROM exchange WHERE id = ?)) AND {IS_SHOWN}
"""

# What an earlier deletion gives back is still hidden if everything was cleared since.
_LATER_CLEAR = f"""
SELECT coalesce(min(id), {SHOWN}) FROM deletion WHERE id > ? AND upto_id > 0
"""

_COUNT_HIDDEN = f"""
INSERT INTO tally
SELECT hidden.deletion, origin, coalesce(verdict, {NO_VERDICT}), count(*)
FROM hidden JOIN exchange ON exchange.id = hidden.exchange_id
WHERE hidden.deletion = ? AND twin = 0 GROUP BY 2, 3
"""

_FINAL = """
SELECT id FROM exchange WHERE id <= (SELECT max(upto_id) FROM deletion WHERE is_final)
UNION ALL
SELECT exchange_id FROM hidden WHERE deletion IN (SELECT id FROM deletion WHERE is_final)
LIMIT ?
"""

_TABLES = (
    ("exchange", "id"),
    ("stored", "exchange_id"),
    ("pending", "exchange_id"),
    ("hidden", "exchange_id"),
)
