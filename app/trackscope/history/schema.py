"""The tables of a history file, and how a file is known to be one of ours."""

from __future__ import annotations

import re
import sqlite3

from trackscope.errors import DamagedHistoryError, HistoryError, NewerHistoryError
from trackscope.history.statements import transaction

APPLICATION_ID = 0x54_52_4B_53
"""`TRKS` in the file's header: what `file` and other programs can tell a history by."""

VERSION = 3
"""The format, in the file's user_version. A file with a higher one is never written to."""

# `title` holds the first names, shortened, where `names` is too long for a list; `twin` marks what
# the collector received of a request that this program also recorded as sent. `pending` are the
# requests answered 1 that are not processed yet. A deletion hides the exchanges up to `upto_id`
# or those in `hidden`, until it is restored or final. `tally` counts what the list shows (deletion
# 0) and what each deletion took from it; a verdict of -1 is none. `words`, in two tables, is what
# version 1 searched; it is empty in later rows.
_EXCHANGE = """CREATE TABLE exchange (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, origin TEXT NOT NULL, twin INTEGER NOT NULL,
    verdict INTEGER, predicted INTEGER, status INTEGER, took_ms REAL, events INTEGER NOT NULL,
    method TEXT NOT NULL, title TEXT, names TEXT NOT NULL, target TEXT NOT NULL, failure TEXT,
    remark TEXT NOT NULL, note TEXT NOT NULL, words TEXT NOT NULL, era TEXT NOT NULL,
    strict INTEGER NOT NULL, peer TEXT NOT NULL, request_id TEXT, source TEXT NOT NULL,
    position TEXT NOT NULL, findings TEXT NOT NULL, url TEXT NOT NULL, headers TEXT NOT NULL,
    body BLOB NOT NULL, reply_headers TEXT, reply_body BLOB)"""
_OTHERS = (
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

TABLES_1 = (_EXCHANGE, *_OTHERS)
"""Version 1, as `trackscope.history.migration` finds it."""

ADD_PAGE = "ALTER TABLE exchange ADD COLUMN page TEXT NOT NULL DEFAULT ''"

# What is in `gap` was purged: the ids that a list shows are known without looking for them. Of an
# `import` that is not finished the exchanges lie in the ranges of `unfinished`, counted in `tally`
# under the deletion -first_id; an import that is abandoned waits there for its purge.
ADDED = (
    "CREATE INDEX exchange_twin ON exchange (id) WHERE twin",
    "CREATE TABLE gap (first_id INTEGER PRIMARY KEY, last_id INTEGER NOT NULL)",
    """CREATE TABLE import (
    id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, is_abandoned INTEGER NOT NULL)""",
    """CREATE TABLE unfinished (
    first_id INTEGER PRIMARY KEY, last_id INTEGER NOT NULL, import_id INTEGER NOT NULL)""",
)
"""What version 2 has beside the index."""

# The index is derived from the exchanges, and can be made anew. `words.rowid` is an exchange's id;
# `marks` are single letters for what has few values, and numbers in characters of their own for
# what stands in `term` (see `trackscope.history.facts`). Every word of the other columns stands in
# `word` once. `span` tells between which times the exchanges of 1024 ids lie. Exchanges up to
# `indexed_id` are indexed, but for those in `todo`, which may be there to be indexed anew.
TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* N* Co So'"
"""Words are of letters, digits and symbols (pictures too), without regard to case."""

INDEX = (
    f"""CREATE VIRTUAL TABLE words USING fts5(
    event, token, host, source, page, text, marks, prefix='1 2 3', columnsize=0,
    tokenize="{TOKENIZER}")""",
    "CREATE TABLE word (value TEXT PRIMARY KEY) WITHOUT ROWID",
    """CREATE TABLE fact (
    exchange_id INTEGER PRIMARY KEY, at REAL NOT NULL, verdict INTEGER, page INTEGER)""",
    """CREATE TABLE span (
    block INTEGER PRIMARY KEY, from_at REAL NOT NULL, to_at REAL NOT NULL)""",
    """CREATE TABLE term (
    id INTEGER PRIMARY KEY AUTOINCREMENT, field TEXT NOT NULL, value TEXT NOT NULL,
    uses INTEGER NOT NULL, UNIQUE (field, value))""",
    "CREATE INDEX term_value ON term (field, value COLLATE NOCASE)",
    """CREATE TABLE event_tally (
    deletion INTEGER NOT NULL, event TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (deletion, event)) WITHOUT ROWID""",
    "CREATE TABLE todo (first_id INTEGER PRIMARY KEY, last_id INTEGER NOT NULL)",
    "CREATE TABLE progress (indexed_id INTEGER NOT NULL)",
)

TABLES_2 = (_EXCHANGE[:-1] + ", page TEXT NOT NULL DEFAULT '')", *_OTHERS, *ADDED, *INDEX)

# What is in `forward` is to go to a target, or went there (see `trackscope.history.forwarding`):
# not before `due_at`, in `state` since `at`. `forward_count` counts all that ever was in it.
FORWARD = (
    "CREATE TABLE forward_target (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE)",
    """CREATE TABLE forward_count (
    target INTEGER NOT NULL, state TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (target, state)) WITHOUT ROWID""",
    """CREATE TABLE forward (
    exchange_id INTEGER PRIMARY KEY, target INTEGER NOT NULL, state TEXT NOT NULL,
    at REAL NOT NULL, due_at REAL NOT NULL, tries INTEGER NOT NULL, status INTEGER,
    value INTEGER, why TEXT NOT NULL)""",
    """CREATE INDEX forward_open ON forward (target, state, due_at)
    WHERE state = 'waiting' OR state = 'sending'""",
    "CREATE INDEX forward_trouble ON forward (target, at) WHERE why <> ''",
)
"""What version 3 has beside version 2."""

TABLES = (*TABLES_2, *FORWARD)

# FTS5 makes these by itself: to the letter like the others, so that none is a view of a stranger's.
_SHADOWS = (
    "CREATE TABLE 'words_data'(id INTEGER PRIMARY KEY, block BLOB)",
    "CREATE TABLE 'words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID",
    "CREATE TABLE 'words_content'(id INTEGER PRIMARY KEY, c0, c1, c2, c3, c4, c5, c6)",
    "CREATE TABLE 'words_config'(k PRIMARY KEY, v) WITHOUT ROWID",
)

_STATEMENTS = {
    1: frozenset(TABLES_1),
    2: frozenset((*TABLES_2, *_SHADOWS)),
    3: frozenset((*TABLES, *_SHADOWS)),
}


def is_blank(connection: sqlite3.Connection) -> bool:
    """Whether nothing at all was written to the database yet."""
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return not tables and _identity(connection) == (0, 0)


def create(connection: sqlite3.Connection) -> None:
    """Make a blank database a history; does nothing if another process was faster."""
    with transaction(connection):
        if is_blank(connection):
            for statement in TABLES:
                connection.execute(statement)
            connection.execute("INSERT INTO state VALUES (0)")
            connection.execute("INSERT INTO progress VALUES (0)")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")


def create_index_beside(connection: sqlite3.Connection) -> None:
    """Make an empty index in the temporary database, where it hides the one of the file."""
    with transaction(connection, "BEGIN"):
        for statement in INDEX:
            name = re.sub(r"^CREATE (VIRTUAL TABLE|TABLE|INDEX) ", r"\g<0>temp.", statement)
            connection.execute(name)
        connection.execute("INSERT INTO temp.progress VALUES (0)")


def verify(connection: sqlite3.Connection, name: str) -> int:
    """Raise a HistoryError unless the database is a history, and nothing else; its version.

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
    if _statements(connection) != _STATEMENTS.get(version):
        raise DamagedHistoryError(
            f"{name} does not have the tables of a history.",
            "It was left as it is: choose another file.",
        )
    return version


def _identity(connection: sqlite3.Connection) -> tuple[int, int]:
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return application_id, version


def _statements(connection: sqlite3.Connection) -> frozenset[str]:
    query = "SELECT sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' LIMIT 100"
    return frozenset(str(sql) for (sql,) in connection.execute(query))
