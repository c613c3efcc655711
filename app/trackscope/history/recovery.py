"""Sets a damaged history aside and saves what can still be read of it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from trackscope.capture.exchange import Exchange
from trackscope.errors import HistoryError
from trackscope.history import rows
from trackscope.history.file import connect_unchecked
from trackscope.history.history import History

STEP = 256
"""Exchanges that are read at once; where that fails, they are tried one by one."""

MAX_ID_WITHOUT_STATE = 1_000_000
"""How far ids are tried where the file does not say any more which was the last."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of a damaged history.

    `set_aside` is the damaged file, complete; `saved` exchanges are in the new one under new ids.
    `lost` is how many of those that should be there could not be read, None if nobody knows.
    """

    set_aside: Path
    saved: int
    lost: int | None


def recover(path: Path, clock: Callable[[], float] = time.time) -> Recovered:
    """Set the damaged history at `path` aside, and make a new one of its readable exchanges.

    Meant for the program's own history after DamagedHistoryError: a file that the user named is
    not to be renamed without asking. Raises HistoryError if the folder allows no change.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(clock()))
    aside = _free_name(path.with_name(f"{path.name}.damaged-{stamp}"))
    try:
        # The write-ahead log may hold the newest exchanges: it goes along under the new name.
        for suffix in ("-wal", "-shm", ""):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
    except OSError as problem:
        raise HistoryError(
            f"The damaged history {path} cannot be set aside ({problem.strerror}).",
            "Allow writing to its folder, or choose another history file.",
        ) from problem
    saved = 0
    expected: int | None = None
    with closing(History.open(path, clock)) as history:
        try:
            with closing(connect_unchecked(aside)) as damaged:
                expected = _number(damaged, "SELECT count(*) FROM exchange")
                for found in _readable(damaged):
                    saved += len(history.append_many(found))
        except sqlite3.Error:
            pass  # not even the first page can be read: nothing to save
    return Recovered(aside, saved, None if expected is None else max(0, expected - saved))


def _free_name(wanted: Path) -> Path:
    name, number = wanted, 1
    while name.exists():
        number += 1
        name = wanted.with_name(f"{wanted.name}-{number}")
    return name


def _number(connection: sqlite3.Connection, query: str) -> int | None:
    try:
        (number,) = connection.execute(query).fetchone()
    except (sqlite3.Error, TypeError):
        return None
    return number if isinstance(number, int) else None


def _readable(damaged: sqlite3.Connection) -> Iterator[list[Exchange]]:
    last_id = _number(damaged, "SELECT last_id FROM state")
    newest_id = _number(damaged, "SELECT max(id) FROM exchange")
    end = max(last_id or 0, newest_id or 0) or MAX_ID_WITHOUT_STATE
    for start in range(1, min(end, MAX_ID_WITHOUT_STATE * 10) + 1, STEP):
        found = _between(damaged, start, start + STEP - 1)
        if found is None:
            single = (_between(damaged, id_, id_) for id_ in range(start, start + STEP))
            found = [exchange for one in single if one for exchange in one]
        if found:
            yield found


def _between(damaged: sqlite3.Connection, first: int, last: int) -> list[Exchange] | None:
    query = (
        f"SELECT {rows.EXCHANGE_COLUMNS} FROM exchange "
        "LEFT JOIN stored ON stored.exchange_id = exchange.id WHERE exchange.id BETWEEN ? AND ?"
    )
    try:
        found = damaged.execute(query, (first, last)).fetchall()
        return [replace(rows.to_exchange(each), id=None) for each in found]
    except (sqlite3.Error, HistoryError):
        return None
