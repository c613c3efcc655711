"""Keeps the list at what its source holds and its filter asks for, and never waits for either."""

from __future__ import annotations

import asyncio
from array import array
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from trackscope.gui.bridge import TaskScope
from trackscope.gui.models.traffic import TrafficModel
from trackscope.gui.models.traffic_cells import Cell, cells_of, has_sender, properties_of
from trackscope.gui.traffic.request_table import RequestTable
from trackscope.history.query import Query
from trackscope.session.listing import Entry, Listing
from trackscope.session.memory import give_back
from trackscope.session.row_map import Divider, RowMap, ids_of

POLL_MS = 100
"""How often a source is asked whether anything was written to it."""

MARGIN = 60
"""Rows above and below those in view that are read with them."""

FIRST = 500
"""Rows of a filtered list that are shown before the rest is known."""

MAX_KEPT = 1_000
"""Selected rows that are selected again after the list became another."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many exchanges the list shows, and how many there are; `is_known` when it is sure."""

    shown: int
    total: int
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Arrival:
    """What was written to the source: how many exchanges came that the filter asks for.

    `waiting` are those that the list keeps back while it is held, `total` all there are.
    """

    came: int
    waiting: int
    total: int


class ListControl(QObject):
    """Reads ids and contents in threads and gives them to the table's model.

    `counted` carries Counts, `changed` says that the source has other exchanges than before,
    `arrived` carries an Arrival.
    """

    counted = Signal(object)
    changed = Signal()
    arrived = Signal(object)

    def __init__(self, table: RequestTable, scope: TaskScope) -> None:
        super().__init__(table)
        self._table = table
        self._model: TrafficModel = table.requests
        self._scope = scope
        self._listing: Listing | None = None
        self._dividers: list[Divider] = []
        self.is_newest_first = False
        self._query = Query()
        self._version = -1
        self._total = 0
        self._turn = 0
        self._is_reloading = False
        self._is_growing = False
        self._is_filling = False
        self._is_held = False
        self._waiting = ids_of()
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(0)
        self._look.timeout.connect(self._fill)
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._on_poll)
        table.seen.connect(self._look.start)

    @property
    def listing(self) -> Listing | None:
        """What is shown; None before there is anything."""
        return self._listing

    @property
    def query(self) -> Query:
        """The filter in force."""
        return self._query

    def show(self, listing: Listing | None, *, is_newest_first: bool) -> None:
        """Show another source, or none, from its beginning."""
        self._listing = listing
        self.is_newest_first = is_newest_first
        self._model.show_rows(RowMap(is_newest_first=is_newest_first))
        self._model.forget()
        self._dividers = []
        self._total = 0
        if listing is None:
            self._turn += 1
            self._poll.stop()
            self.counted.emit(Counts(0, 0))
            return
        self._version = -1
        self._poll.start()
        self.reload()

    def stop(self) -> None:
        """Follow no more."""
        self._turn += 1
        self._poll.stop()
        self._look.stop()

    def filter(self, query: Query) -> None:
        """Show what the query asks for."""
        if query != self._query:
            self._query = query
            self.reload()

    def reload(self) -> None:
        """Read the list anew; the selection and the place in it stay where they can."""
        self._turn += 1
        if self._listing is not None:
            self._is_reloading = True
            self._scope.start(self._reload(self._listing, self._turn), name="list")

    @property
    def is_held(self) -> bool:
        """Whether the list stands still while exchanges arrive."""
        return self._is_held

    def hold(self, *, is_held: bool) -> None:
        """Let the list stand still, or show all that has arrived since."""
        self._is_held = is_held
        self._waiting = ids_of()
        self._version = -1  # so that it is read at once what came

    def refresh(self, ids: list[int]) -> None:
        """These exchanges were changed: read them anew; until then they are shown as before."""
        if self._listing is not None and ids:
            self._scope.start(self._read(self._listing, ids), name="rows anew")

    def divide(self, dividers: list[Divider]) -> None:
        """Name the pages that begin in the list."""
        if dividers == self._dividers:
            return
        self._dividers = dividers
        rows = RowMap(self._model.rows.ids, dividers, is_newest_first=self.is_newest_first)
        if rows.dividers != self._model.rows.dividers:
            self._replace(rows, self._model.whole)

    async def _reload(self, listing: Listing, turn: int) -> None:
        try:
            await self._read_list(listing, turn)
        finally:
            if turn == self._turn:
                self._is_reloading = False

    async def _read_list(self, listing: Listing, turn: int) -> None:
        query, is_newest_first = self._query, self.is_newest_first
        current = self._table.current_id()
        instead = None
        if current is not None:
            instead = await asyncio.to_thread(listing.instead_of, current)
        if query.terms:
            first = await asyncio.to_thread(
                listing.first_ids, query, FIRST, is_newest_first=is_newest_first
            )
            if turn != self._turn:
                return
            rows = RowMap(first, self._dividers, is_newest_first=is_newest_first)
            self._replace(rows, self._model.whole, instead)
            self.counted.emit(Counts(len(first), self._total, is_known=len(first) < FIRST))
        self._version = listing.version()  # what is written from here on is seen as growth
        await asyncio.to_thread(listing.recount)
        ids = await asyncio.to_thread(listing.ids, query)
        total = await asyncio.to_thread(listing.count)
        known = self._model.whole
        whole = await asyncio.to_thread(_whole, listing, known, total) if query.terms else ids
        if turn == self._turn:
            self._waiting = ids_of()
            rows = RowMap(ids, self._dividers, is_newest_first=is_newest_first)
            self._replace(rows, whole, instead)
            self._tell(total)
        await asyncio.to_thread(give_back)

    def _replace(self, rows: RowMap, whole: array[int], instead: int | None = None) -> None:
        """Show other rows; `instead` is what took the place of the current exchange."""
        table = self._table
        anchor, current = table.anchor(), table.current_id()
        selected = table.selected_ids(MAX_KEPT)
        self._model.show_rows(rows, whole)
        if current is not None and table.select_id(current):
            table.select_ids(selected)
        elif instead is not None:
            table.select_id(instead)
        table.scroll_to(anchor)

    def _on_poll(self) -> None:
        if self._listing is None or self._is_growing or self._is_reloading:
            return
        version = self._listing.version()
        if version != self._version:
            self._version = version
            self._is_growing = True
            self._scope.start(self._grow(self._listing, self._turn), name="grow")

    async def _grow(self, listing: Listing, turn: int) -> None:
        """Add what was written since; read all anew where something is gone."""
        try:
            known, whole = self._model.rows.ids, self._model.whole
            waiting = self._waiting
            ids = await asyncio.to_thread(listing.ids, self._query, _last(waiting) or _last(known))
            new = ids
            if whole is not known:  # some are not shown, but count
                new = await asyncio.to_thread(listing.ids, Query(), _last(whole))
            total = await asyncio.to_thread(listing.count)
        finally:
            self._is_growing = False
        if turn != self._turn:
            return
        if whole is not known:
            whole.extend(new)
        if self._is_held:
            self._waiting.extend(ids)
            self.arrived.emit(Arrival(len(ids), len(self._waiting), total))
            return
        if waiting is not self._waiting:  # let go meanwhile: what was kept back comes first
            return
        length = len(known) + len(ids)
        if total < (self._total if self._query.terms else length):  # something is gone
            self.reload()
            return
        if ids:
            anchor = self._table.anchor() if self.is_newest_first else None
            self._model.append(ids, self._dividers)
            self._table.scroll_to(anchor)
        else:
            self.refresh(list(self._model.rows.ids_between(*self._table.visible_rows())))
        self._tell(total)
        self.arrived.emit(Arrival(len(ids), 0, total))

    def _tell(self, total: int) -> None:
        self._total = total
        self.counted.emit(Counts(len(self._model.rows.ids), total))
        self.changed.emit()

    def _fill(self) -> None:
        """Read the rows in view that are not known; one reading at a time, the latest counts."""
        if self._listing is None or self._is_filling:
            return
        first, last = self._table.visible_rows()
        if self._model.missing(first, last):
            self._is_filling = True
            missing = self._model.missing(first - MARGIN, last + MARGIN)
            self._scope.start(self._fill_in(self._listing, missing), name="rows")

    async def _fill_in(self, listing: Listing, ids: list[int]) -> None:
        try:
            count = await self._read(listing, ids)
        finally:
            self._is_filling = False
        if count == len(ids) or listing is not self._listing:
            self._look.start()  # another place may be in view by now

    async def _read(self, listing: Listing, ids: list[int]) -> int:
        """Give the model what is read of these exchanges; how many of them there are."""
        columns = self._model.columns

        def read() -> list[tuple[Entry, tuple[Cell, ...]]]:
            names = properties_of(columns)
            entries = listing.entries(ids, names, has_sender=has_sender(columns))
            return [(entry, cells_of(entry, columns)) for entry in entries]

        found = await asyncio.to_thread(read)
        if listing is self._listing and columns == self._model.columns:
            self._model.fill(found)
        return len(found)


def _last(ids: array[int]) -> int:
    return ids[-1] if ids else 0


def _whole(listing: Listing, known: array[int], total: int) -> array[int]:
    """Every exchange of the source: those that are known and the newer ones, where that is all."""
    whole = known + listing.ids(Query(), _last(known))
    return whole if len(whole) == total else listing.ids(Query())
