"""The tables of a history file, and how a file is known to be one of ours."""

from __future__ import annotations

import sqlite3

from trackscope.errors import DamagedHistoryError, HistoryError, NewerHistoryError

APPLICATION_ID = 0x54_52_4B_53
"""`TRKS` in the file's header: what `file` and other programs can tell a history by."""

VERSION = 1
"""The format, in the file's user_version. A file with a higher one is never written to."""

# `title` holds the first names, shortened, where `names` is too long for a list; `twin` marks what
# the collector received of a request that this program also recorded as sent. `pending` are the
# requests answered 1 that are not processed yet. A deletion hides the exchanges up to `upto_id`
# or those in `hidden`, until it is restored or final. `tally` counts what the list shows (deletion
# 0) and what each deletion took from it; a verdict of -1 is none.
TABLES = (
    """CREATE TABLE exchange (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, origin TEXT NOT NULL, twin INTEGER NOT NULL,
    verdict INTEGER, predicted INTEGER, status INTEGER, took_ms REAL, events INTEGER NOT NULL,
    method TEXT NOT NULL, title TEXT, names TEXT NOT NULL, target TEXT NOT NULL, failure TEXT,
    remark TEXT NOT NULL, note TEXT NOT NULL, words TEXT NOT NULL, era TEXT NOT NULL,
    strict INTEGER NOT NULL, peer TEXT NOT NULL, request_id TEXT, source TEXT NOT NULL,
    position TEXT NOT NULL, findings TEXT NOT NULL, url TEXT NOT NULL, headers TEXT NOT NULL,
    body BLOB NOT NULL, reply_headers TEXT, reply_body BLOB)""",
    "CREATE INDEX exchange_request_id ON exchange (request_id) WHERE request_id IS NOT NULL",
    """CREATE TABLE stored (
    exchange_id INTEGER PRIMARY KEY, words TEXT NOT NULL, events TEXT NOT NULL,
    findings TEXT NOT NULL)""",
    "CREATE TABLE pending (exchange_id INTEGER PRIMARY KEY)",
    """CREATE TABLE deletion (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, upto_id INTEGER NOT NULL,
    is_final INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE hidden (exchange_id INTEGER PRIMARY KEY, deletion INTEGER NOT NULL)""",
    """CREATE TABLE tally (
    deletion INTEGER NOT NULL, origin TEXT NOT NULL, verdict INTEGER NOT NULL,
    count INTEGER NOT NULL, PRIMARY KEY (deletion, origin, verdict))""",
    # Ids are handed out from here: none is used twice, and a transaction knows its own beforehand.
    "CREATE TABLE state (last_id INTEGER NOT NULL)",
)


def is_blank(connection: sqlite3.Connection) -> bool:
    """Whether nothing at all was written to the database yet."""
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return not tables and _identity(connection) == (0, 0)


def create(connection: sqlite3.Connection) -> None:
    """Make a blank database a history; does nothing if another process was faster."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if is_blank(connection):
            for statement in TABLES:
                connection.execute(statement)
            connection.execute("INSERT INTO state VALUES (0)")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def verify(connection: sqlite3.Connection, name: str) -> None:
    """Raise a HistoryError unless the database is a history of this version, and nothing else.

    Nothing is written. The schema must be ours to the letter: a file from elsewhere brings no
    view, trigger or generated column with it.
    """
    application_id, version = _identity(connection)
    if application_id != APPLICATION_ID:
        raise HistoryError(
            f"{name} is an SQLite database, but not a history of Trackscope.",
            "It was left as it is: choose another file.",
        )
    if version > VERSION:
        raise NewerHistoryError(
            f"{name} was written by a later version of Trackscope (format {version}, this one "
            f"knows {VERSION}).",
            "It was left as it is: update Trackscope, or choose another file.",
        )
    if _statements(connection) != set(TABLES):
        raise DamagedHistoryError(
            f"{name} does not have the tables of a history.",
            "It was left as it is: choose another file.",
        )


def _identity(connection: sqlite3.Connection) -> tuple[int, int]:
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return application_id, version


def _statements(connection: sqlite3.Connection) -> set[str]:
    query = "SELECT sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' LIMIT 100"
    return {str(sql) for (sql,) in connection.execute(query)}
