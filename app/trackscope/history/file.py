"""Opens a history file: privately, safely beside other processes, and only if it is one."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from platformdirs import user_data_path

from trackscope.errors import DamagedHistoryError, HistoryError
from trackscope.history import migration, schema

FILE_NAME = "history.trackscope"
BUSY_TIMEOUT_S = 5.0
CHECK_S = 0.5
"""How long a history is checked for damage after an unclean end."""

CACHED_STATEMENTS = 256
"""Statements that stay prepared: each that takes many rows is one for each number of few."""

MAX_VALUE_BYTES = 64 * 1024 * 1024
"""The longest text or body that is read from a file."""


def default_path() -> Path:
    """Where the user's own history lies."""
    return user_data_path("trackscope", appauthor=False) / FILE_NAME


def connect(path: Path | None, *, is_scratch: bool = False) -> sqlite3.Connection:
    """A connection to the history at `path` (None: in memory), which is made if there is none.

    A file of an earlier version is brought to this one. `is_scratch`: the file need not survive
    anything, and is written as fast as can be.

    A new file is readable by its owner only, and so is a folder made for it. The connection may
    move between threads, but is to be used by one at a time; it is in autocommit mode.
    """
    if path is None:
        connection = _connect(":memory:")
        schema.create(connection)
        return connection
    name = str(path)
    _make_private(path)
    was_left_open = _size(path.with_name(path.name + "-wal")) > 0
    with _opened(path, name) as connection:
        if schema.is_blank(connection):
            _enter_wal(connection)
            schema.create(connection)
        version = schema.verify(connection, name)
        _enter_wal(connection)
        if version < schema.VERSION:
            migration.migrate(connection, path)
        connection.execute(f"PRAGMA synchronous = {'OFF' if is_scratch else 'FULL'}")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        if was_left_open:
            check(connection, name)
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection to the history at `path`, perhaps a stranger's, that writes nothing to it.

    Of a file of an earlier version it leads to a copy, which is gone when it is closed.
    """
    if not path.is_file():
        raise HistoryError(f"There is no file {path}.", "Check the name.")
    name = str(path)
    options = "mode=ro"
    if not os.access(path.parent, os.W_OK) and not _size(path.with_name(path.name + "-wal")):
        options += "&immutable=1"  # SQLite could not make the files that it shares with writers
    uri = f"{path.absolute().as_uri()}?{options}"
    with _opened(uri, name) as connection:
        connection.execute("PRAGMA temp_store = FILE")  # an index can be large
        version = schema.verify(connection, name)
        check(connection, name)
        if version == schema.VERSION:
            return connection
    copy = _connect("")
    with translated(name), closing(connection):
        connection.backup(copy)
        migration.migrate_copy(copy)
    return copy


def connect_unchecked(path: Path) -> sqlite3.Connection:
    """A connection that only reads, to a file that may be damaged anywhere."""
    connection = _connect(f"{path.absolute().as_uri()}?mode=ro")
    connection.execute("PRAGMA query_only = ON")
    return connection


def check(connection: sqlite3.Connection, name: str, limit_s: float = CHECK_S) -> None:
    """Raise DamagedHistoryError if the pages of the file do not fit together.

    A file too large to be checked in `limit_s` counts as sound as far as it was read.
    """
    deadline = time.monotonic() + limit_s
    connection.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
    try:
        (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        result = "ok"
    finally:
        connection.set_progress_handler(None, 0)
    if result != "ok":
        raise _damaged(name, result)


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turn what SQLite raises about the history called `name` into a HistoryError."""
    try:
        yield
    except sqlite3.Error as problem:
        raise as_history_error(problem, name) from problem


def as_history_error(problem: sqlite3.Error, name: str) -> HistoryError:
    """The error with a sentence and a next step for what SQLite reports about `name`."""
    code = getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return _damaged(name, str(problem))
    sentence, next_step = _SENTENCES.get(
        code, (f"The history {{}} cannot be used ({problem}).", "Choose another history file.")
    )
    return HistoryError(sentence.format(name), next_step)


READ_ONLY = (
    "{} cannot be written to.",
    "Allow writing to the file and its folder, or choose another history file.",
)
_SENTENCES = {
    sqlite3.SQLITE_FULL: (
        "The disk is full: nothing more was written to {}.",
        "Make room on the disk; writing then goes on by itself.",
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk reported an error while {} was read or written.",
        "Check the disk, or choose another history file.",
    ),
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: (
        "{} cannot be opened.",
        "Check that the folder exists and may be written to.",
    ),
    sqlite3.SQLITE_BUSY: (
        f"Another program has kept {{}} to itself for {BUSY_TIMEOUT_S:.0f} seconds.",
        "Try again, or close what else has the file open.",
    ),
    sqlite3.SQLITE_TOOBIG: ("The exchange is too large for {}.", "Send less at once."),
}


def _damaged(name: str, detail: str) -> DamagedHistoryError:
    return DamagedHistoryError(
        f"{name} is damaged or not a history ({detail}).",
        "If it was one, it can be recovered: it is set aside and what is readable is kept.",
    )


@contextmanager
def _opened(database: str | Path, name: str) -> Iterator[sqlite3.Connection]:
    """A connection that is closed again if what is done with it first fails."""
    with translated(name):
        connection = _connect(database)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise


def _connect(database: str | Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        database,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=CACHED_STATEMENTS,
        uri=isinstance(database, str) and database.startswith("file:"),
    )
    connection.text_factory = _lenient_text
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _lenient_text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            return
    except OSError as problem:
        raise HistoryError(
            f"{path} cannot be made ({problem.strerror}).",
            "Allow writing to its folder, or choose another history file.",
        ) from problem
    if not path.is_file():
        raise HistoryError(f"{path} is not a file.", "Choose another history file.")
    if not os.access(path, os.W_OK):
        sentence, next_step = READ_ONLY
        raise HistoryError(sentence.format(path), next_step)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _enter_wal(connection: sqlite3.Connection) -> None:
    # The change to WAL does not wait for another process that is just making it, whatever the
    # time-out: ask again.
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
