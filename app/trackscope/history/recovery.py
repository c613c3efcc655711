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
from trackscope.history import deletion, rows, tally
from trackscope.history.file import connect_unchecked
from trackscope.history.history import History
from trackscope.history.migration import free_name

STEP = 32
"""Exchanges that are read at once; where that fails, they are tried one by one."""

MAX_ID_WITHOUT_STATE = 100_000
"""How far ids are tried where the file does not say any more which was the last."""

MAX_ID = 100_000_000
"""How far they are tried at all, whatever the file says."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of a damaged history.

    `set_aside` is the damaged file, complete. `saved` and `lost` count what the list showed: the
    former are in the new file under new ids; of the latter None is said where nobody knows.
    """

    set_aside: Path
    saved: int
    lost: int | None

    def sentence(self, path: Path) -> str:
        """What became of the history that was at `path`."""
        lost = "an unknown number" if self.lost is None else f"{self.lost:,}"
        return (
            f"{path} was damaged and is now {self.set_aside}. Exchanges saved: {self.saved:,}, "
            f"lost: {lost}."
        )


def fresh_beside(path: Path) -> Path:
    """Where a fresh history can be made beside one that cannot be used."""
    return free_name(path.with_name(f"{path.stem}-fresh{path.suffix}"))


def recover(path: Path, clock: Callable[[], float] = time.time) -> Recovered:
    """Set the damaged history at `path` aside, and make a new one of its readable exchanges.

    Meant for the program's own history after DamagedHistoryError: a file that the user named is
    not to be renamed without asking. Raises HistoryError if the folder allows no change.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(clock()))
    aside = free_name(path.with_name(f"{path.name}.damaged-{stamp}"))
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
    with closing(History.open(path, clock)) as history:
        expected = _save(aside, history)
        saved = history.count()
    return Recovered(aside, saved, None if expected is None else max(0, expected - saved))


def _save(aside: Path, history: History) -> int | None:
    """Copy what is readable; how many rows the list should have, None if nobody knows."""
    with closing(connect_unchecked(aside)) as damaged:
        if _number(damaged, "SELECT count(*) FROM sqlite_master") is None:
            return None  # not even the first page can be read
        for found in _readable(damaged):
            history.append_many(found)
        return _number(damaged, f"SELECT sum(count) FROM tally WHERE deletion = {tally.SHOWN}")


def _number(connection: sqlite3.Connection, query: str) -> int | None:
    try:
        (number,) = connection.execute(query).fetchone()
    except (sqlite3.Error, TypeError):
        return None
    return number if isinstance(number, int) else None


def _readable(damaged: sqlite3.Connection) -> Iterator[list[Exchange]]:
    last_id = _number(damaged, "SELECT last_id FROM state")
    newest_id = _number(damaged, "SELECT max(id) FROM exchange")
    end = min(max(last_id or 0, newest_id or 0) or MAX_ID_WITHOUT_STATE, MAX_ID)
    # What was deleted stays deleted, unless nobody knows any more what that was.
    condition, columns = deletion.IS_SHOWN, rows.EXCHANGE_COLUMNS
    if _number(damaged, "SELECT count(page) FROM exchange WHERE id = 0") is None:
        # of version 1
        condition, columns = deletion.IS_KEPT, columns.replace("exchange.page", "''")
    if _number(damaged, f"SELECT count(*) FROM exchange WHERE id = 0 AND {condition}") is None:
        condition = "true"
    query = (
        f"SELECT {columns} FROM exchange LEFT JOIN stored ON stored.exchange_id = exchange.id "
        f"WHERE exchange.id BETWEEN ? AND ? AND {condition}"
    )
    for start in range(1, end + 1, STEP):
        found = _between(damaged, query, start, start + STEP - 1)
        if found is None:
            single = (_between(damaged, query, id_, id_) for id_ in range(start, start + STEP))
            found = [exchange for one in single if one for exchange in one]
        if found:
            yield found


def _between(
    damaged: sqlite3.Connection, query: str, first: int, last: int
) -> list[Exchange] | None:
    try:
        found = damaged.execute(query, (first, last)).fetchall()
        return [replace(rows.to_exchange(each), id=None) for each in found]
    except (sqlite3.Error, HistoryError):
        return None
