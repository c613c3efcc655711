"""Brings a history of version 1 to version 2: a copy first, then all of it at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from trackscope.history import schema
from trackscope.history.statements import transaction


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Change the history at `path` in one transaction, after a copy of it was put beside it.

    The copy is called like the file, with `.version-1` behind it, and stays; one that is there
    already is of the same kind and is kept. The index is filled later, step by step.
    """
    copy = path.with_name(f"{path.name}.version-1")
    if not copy.exists():
        partial = copy.with_name(f"{copy.name}.part")
        partial.unlink(missing_ok=True)
        partial.touch(0o600)
        with closing(sqlite3.connect(partial)) as target:
            connection.backup(target)
        partial.replace(copy)
    change(connection)


def change(connection: sqlite3.Connection) -> None:
    """Add what version 2 has; nothing that is there is written anew."""
    with transaction(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != 1:
            return  # another process was faster
        connection.execute(schema.ADD_PAGE)
        for statement in (*schema.ADDED, *schema.INDEX):
            connection.execute(statement)
        connection.execute("INSERT INTO progress VALUES (0)")
        connection.execute(_GAPS)
        connection.execute("PRAGMA user_version = 2")


# What was purged left gaps between the ids, and before and behind them.
_GAPS = """
INSERT INTO gap
SELECT earlier + 1, id - 1 FROM (
    SELECT id, lag(id, 1, 0) OVER (ORDER BY id) AS earlier FROM (
        SELECT id FROM exchange UNION ALL SELECT last_id + 1 FROM state))
WHERE id > earlier + 1
"""
