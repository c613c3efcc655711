"""Brings a history of an earlier version to this one: a copy first, then all of it at once."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from trackscope.errors import HistoryError
from trackscope.history import schema
from trackscope.history.statements import transaction


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Change the history at `path` in one transaction, after a copy of it was put beside it.

    The copy is called like the file, with `.version-1` (or whichever it was) behind it, and
    stays. The index is filled later, step by step.
    """
    with transaction(connection):
        version = _version(connection)
        if version == schema.VERSION:
            return  # another process was faster
        try:
            _copy(path, version)
        except (OSError, sqlite3.Error) as problem:
            raise HistoryError(
                f"{path} is of an earlier version, and no copy of it can be made ({problem}).",
                "It was left as it is: make room on the disk, or allow writing to its folder.",
            ) from problem
        _change(connection, version)


def migrate_copy(connection: sqlite3.Connection) -> None:
    """Change a history that is a copy already."""
    with transaction(connection):
        _change(connection, _version(connection))


def _copy(path: Path, version: int) -> None:
    copy = free_name(path.with_name(f"{path.name}.version-{version}"))
    partial = copy.with_name(f"{copy.name}.part")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        # a connection of its own: that of the transaction would copy what it is about to write
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as target:
            source.backup(target)
        partial.replace(copy)
    finally:
        partial.unlink(missing_ok=True)


def free_name(wanted: Path) -> Path:
    """The name, or the first that is not there yet with a number behind it."""
    name, number = wanted, 1
    while name.exists():
        number += 1
        name = wanted.with_name(f"{wanted.name}-{number}")
    return name


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _change(connection: sqlite3.Connection, version: int) -> None:
    """Add what later versions have; nothing that is there is written anew."""
    if version < 2:
        _add_index(connection)
    for statement in schema.FORWARD:
        connection.execute(statement)
    connection.execute(_INDEX_ANEW)
    connection.execute(f"PRAGMA user_version = {schema.VERSION}")


def _add_index(connection: sqlite3.Connection) -> None:
    connection.execute(schema.ADD_PAGE)
    for statement in (*schema.ADDED, *schema.INDEX):
        connection.execute(statement)
    connection.execute("INSERT INTO progress VALUES (0)")
    connection.execute(_GAPS)


# Version 2 did not index who sent a request. There is nothing yet where version 1 is changed.
_INDEX_ANEW = """
INSERT OR REPLACE INTO todo SELECT 1, indexed_id FROM progress WHERE indexed_id > 0
"""

# What was purged left gaps between the ids, and before and behind them.
_GAPS = """
INSERT INTO gap
SELECT earlier + 1, id - 1 FROM (
    SELECT id, lag(id, 1, 0) OVER (ORDER BY id) AS earlier FROM (
        SELECT id FROM exchange UNION ALL SELECT last_id + 1 FROM state))
WHERE id > earlier + 1
"""
