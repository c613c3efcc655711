"""The history: every exchange, written, noted, imported, deleted and brought back."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.errors import HistoryError
from trackscope.history import deletion, forwarding, importing, index, rows, tally, writing
from trackscope.history.file import READ_ONLY, connect, connect_to_read
from trackscope.history.importing import Import
from trackscope.history.lock import Lock
from trackscope.history.reading import Reader
from trackscope.history.statements import transaction
from trackscope.wire.finding import Finding

PURGE_S = 0.5
"""How long is spent on opening to remove what a broken import left; the next purge goes on."""

LEFT_OUT_ROWS = 500
"""Requests that are left out in one transaction, so that no answer waits for long."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """What `restore` needs to undo a deletion; `count` exchanges vanished from the list."""

    token: int
    count: int


class History(Reader):
    """A history that is also written to, durably and all or none; see `Reader` for the rest."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        name: str = "the history",
        clock: Callable[[], float] = time.time,
        *,
        path: Path | None = None,
        is_alone: bool = False,
        is_beside: bool = False,
    ) -> None:
        super().__init__(connection, name, is_alone=is_alone, is_beside=is_beside)
        self._clock = clock
        self._path = path

    @classmethod
    def open(cls, path: Path, clock: Callable[[], float] = time.time) -> History:
        """The history at `path`, made if there is none; its folder too, both private.

        A file of an earlier version is changed, after a copy of it was put beside it; imports that
        were broken off are abandoned. Raises NewerHistoryError or DamagedHistoryError, and leaves
        the file as it is.
        """
        history = cls(connect(path), str(path), clock, path=path)
        history._abandon_imports()
        return history

    @classmethod
    def open_scratch(cls, path: Path, clock: Callable[[], float] = time.time) -> History:
        """A history that need not survive the program, to be written by one process only.

        It takes what is appended several times faster, and others may read it meanwhile.
        """
        connection = connect(path, is_scratch=True)
        return cls(connection, str(path), clock, path=path, is_alone=True)

    @classmethod
    def open_to_read(cls, path: Path) -> History:
        """The history at `path`, which may be a stranger's: nothing in it is changed or trusted.

        Its index is not used either, but made beside it as far as queries need one.
        """
        return cls(connect_to_read(path), str(path), is_beside=True)

    @classmethod
    def in_memory(cls, clock: Callable[[], float] = time.time) -> History:
        """A history that is gone when it is closed."""
        return cls(connect(None), "the history in memory", clock)

    # Writing

    def append(self, exchange: Exchange) -> int:
        """Keep an exchange, durably; its id."""
        return self.append_many([exchange])[0]

    def append_many(self, exchanges: Iterable[Exchange]) -> range:
        """Keep exchanges in one transaction, all or none; their ids."""
        kept = list(exchanges)
        values = list(map(rows.to_columns, kept))
        if not kept:
            return range(0)
        with self._writing() as connection:
            first_id = writing.insert(connection, values)
            stored = [
                rows.stored_columns(first_id + index, each.stored, ())
                for index, each in enumerate(kept)
                if each.stored is not None
            ]
            writing.insert_stored(connection, stored)
        return range(first_id, first_id + len(kept))

    def add_stored(
        self, exchange_id: int, stored: Sequence[dict[str, Any]], findings: Sequence[Finding] = ()
    ) -> None:
        """Keep beside an exchange what its events became, and what was found on the way."""
        values = rows.stored_columns(exchange_id, stored, findings)
        with self._writing() as connection:
            writing.insert_stored(connection, [values])

    def set_note(self, exchange_id: int, note: str) -> None:
        """Write a note to an exchange; empty for none. It is found by it at once."""
        with self._writing() as connection:
            statement = "UPDATE exchange SET note = ? WHERE id = ?"
            connection.execute(statement, (rows.sql_text(note), exchange_id))
            index.refresh(connection, self.load(exchange_id))

    def begin_import(self, source: str) -> Import:
        """Begin to take in a capture: `add` its exchanges, then `finish`, or `abandon` it."""
        with self._writing() as connection:
            import_id = importing.begin(connection, rows.sql_text(source))
            # held before anyone can see the import, and for as long as this process runs
            lock = Lock(self._path, f"import-{import_id}")
            lock.acquire()
        return Import(import_id, self._writing, lock)

    def leave_out_waiting(self, url: str) -> int:
        """Never send what waits to be forwarded to the target at `url`; how much that was."""
        total = 0
        while True:
            with self._writing() as connection:
                count = forwarding.leave_out(connection, url, self._clock(), LEFT_OUT_ROWS)
            total += count
            if count < LEFT_OUT_ROWS:
                return total

    # Deleting

    def clear(self) -> Deletion:
        """Delete every exchange there is now, whatever their number, at once."""
        with self._writing() as connection:
            token = deletion.clear(connection, self._clock())
            return Deletion(token, tally.total(connection, token))

    def delete(self, ids: Sequence[int]) -> Deletion:
        """Delete these exchanges."""
        with self._writing() as connection:
            token = deletion.delete(connection, ids, self._clock())
            return Deletion(token, tally.total(connection, token))

    def restore(self, deleted: Deletion) -> int:
        """Undo a deletion; how many exchanges are back (0 if they were purged meanwhile)."""
        with self._writing() as connection:
            return deletion.restore(connection, deleted.token)

    def purge(self, older_than_s: float = 0.0) -> None:
        """Remove for good what was deleted that long ago, and what is left of abandoned imports.

        It is done in small steps; what is left free is used again.
        """
        with self._writing() as connection:
            deletion.make_final(connection, self._clock() - older_than_s)
        is_more = True
        while is_more:
            with self._reading() as connection:
                is_more = deletion.purge_step(connection)

    # Within

    def _abandon_imports(self) -> None:
        """Abandon the imports whose process has ended, and remove what there is of them."""
        with self._reading() as connection:
            unfinished = importing.unfinished(connection)
        for import_id in unfinished:
            lock = Lock(self._path, f"import-{import_id}")
            if lock.acquire():
                with self._writing() as connection:
                    importing.abandon(connection, import_id)
                lock.release()
        deadline = time.monotonic() + PURGE_S
        is_more = bool(unfinished)
        while is_more and time.monotonic() < deadline:
            with self._reading() as connection:
                is_more = deletion.purge_step(connection)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        if self._is_beside:
            sentence, next_step = READ_ONLY
            raise HistoryError(sentence.format(self._name), next_step)
        with self._reading() as connection, transaction(connection):
            yield connection
