"""Has what the list shows indexed, and finds its pages when they are known."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, QTimer

from trackscope.gui.bridge import TaskScope
from trackscope.gui.traffic.index_process import IndexProcess
from trackscope.gui.traffic.list_control import ListControl
from trackscope.session.listing import Listing

PAUSE_S = 0.02
"""Between two steps: a step is Python's work, and the window's own has to come through."""

MANY = 2_000
"""Exchanges from which a process of its own is worth its start."""

PAGES_MS = 700
"""How often pages are looked for while what is shown grows."""


class IndexControl(QObject):
    """Works as long as something of the list's source is not indexed.

    A little is indexed here, in small steps; much is left to another process, so that the window
    shares the interpreter with nobody while it scrolls.
    """

    def __init__(self, list_: ListControl, scope: TaskScope) -> None:
        super().__init__(list_)
        self._list = list_
        self._scope = scope
        self._process = IndexProcess(self)
        self._process.ended.connect(self._on_process_ended)
        self._can_delegate = True
        self._is_indexing = False
        self._is_dividing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAGES_MS)
        self._timer.timeout.connect(self._divide_soon)
        list_.changed.connect(self._on_changed)

    @property
    def is_delegated(self) -> bool:
        """Whether the other process has what the list shows."""
        listing = self._list.listing
        place = listing.place if listing is not None else None
        return place is not None and place == self._process.place

    def stop(self) -> None:
        """Begin nothing more, and end what is under way."""
        self._timer.stop()
        self._process.stop()

    def _on_changed(self) -> None:
        listing = self._list.listing
        if listing is None:
            return
        if not self._is_indexing and not self.is_delegated:
            self._is_indexing = True
            self._scope.start(self._index(listing), name="index")
        if not self._timer.isActive():
            self._timer.start()

    async def _index(self, listing: Listing) -> None:
        is_more = True
        try:
            while is_more and listing is self._list.listing:
                if await self._has_delegated(listing):
                    return
                is_more = await asyncio.to_thread(listing.index)
                await asyncio.sleep(PAUSE_S)
        finally:
            self._is_indexing = False

    async def _has_delegated(self, listing: Listing) -> bool:
        """Whether so much is left that the process does it from here on."""
        if not self._can_delegate or listing.place is None:
            return False
        count = await asyncio.to_thread(listing.unindexed)
        if count < MANY or listing is not self._list.listing:
            return False
        self._process.start(listing.place)
        return True

    def _on_process_ended(self, is_done: bool) -> None:
        self._can_delegate = is_done  # what cannot be done there is done here
        self._on_changed()

    def _divide_soon(self) -> None:
        listing = self._list.listing
        if self._is_dividing:
            self._timer.start()
        elif listing is not None and not self._list.is_newest_first:
            self._is_dividing = True
            self._scope.start(self._divide(listing), name="pages")

    async def _divide(self, listing: Listing) -> None:
        try:
            dividers = await asyncio.to_thread(listing.dividers)
        finally:
            self._is_dividing = False
        if listing is self._list.listing:
            self._list.divide(dividers)
