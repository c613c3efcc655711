"""Keeps the time line at the list's exchanges, and lets it choose and filter."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, QTimer

from trackscope.gui.bridge import TaskScope
from trackscope.gui.traffic.list_control import ListControl
from trackscope.gui.traffic.workspace import TrafficWorkspace
from trackscope.history.query import Field, Query, Term
from trackscope.session.filter_range import with_range
from trackscope.session.listing import Listing
from trackscope.session.time_line import TimeLine

PAUSE_MS = 400
"""How often the time line follows what arrives."""


class TimeControl(QObject):
    """Reads the time line in a thread, one reading at a time."""

    def __init__(self, workspace: TrafficWorkspace, list_: ListControl, scope: TaskScope) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._list = list_
        self._scope = scope
        self._is_reading = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._read_soon)
        list_.changed.connect(self._on_changed)
        workspace.strip.chosen.connect(self._on_chosen)
        workspace.strip.dragged.connect(self._on_dragged)

    def stop(self) -> None:
        """Follow no more."""
        self._timer.stop()

    def _on_changed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _read_soon(self) -> None:
        listing = self._list.listing
        if listing is None:
            self._workspace.strip.show_line(TimeLine())
        elif self._is_reading:
            self._timer.start()
        else:
            self._is_reading = True
            self._scope.start(self._read(listing, self._list.query), name="time line")

    async def _read(self, listing: Listing, query: Query) -> None:
        strip = self._workspace.strip
        try:
            line = await asyncio.to_thread(listing.time_line, query, strip.capacity)
        finally:
            self._is_reading = False
        if (listing, query) == (self._list.listing, self._list.query):
            strip.show_line(line)

    def _on_chosen(self, span: tuple[float, float]) -> None:
        listing = self._list.listing
        if listing is not None:
            self._scope.start(self._choose(listing, span), name="choose by time")

    async def _choose(self, listing: Listing, span: tuple[float, float]) -> None:
        query = self._list.query
        terms = (Term(Field.AFTER, str(span[0])), Term(Field.BEFORE, str(span[1])))
        narrowed = Query((*query.terms, *terms))
        ids = await asyncio.to_thread(listing.first_ids, narrowed, 1, is_newest_first=False)
        if ids and self._workspace.table.select_id(ids[0], is_centred=True):
            self._workspace.table.setFocus()

    def _on_dragged(self, span: tuple[float, float]) -> None:
        field = self._workspace.tools.filter
        field.set_filter(with_range(field.text(), *span))
