"""Indexes what the list shows in small steps, and finds its pages when they are known."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, QTimer

from trackscope.gui.bridge import TaskScope
from trackscope.gui.traffic.list_control import ListControl
from trackscope.session.listing import Listing

PAUSE_S = 0.02
"""Between two steps: a step is Python's work, and the window's own has to come through."""

PAGES_MS = 700
"""How often pages are looked for while what is shown grows."""


class IndexControl(QObject):
    """Works as long as something of the list's source is not indexed."""

    def __init__(self, list_: ListControl, scope: TaskScope) -> None:
        super().__init__(list_)
        self._list = list_
        self._scope = scope
        self._is_indexing = False
        self._is_dividing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAGES_MS)
        self._timer.timeout.connect(self._divide_soon)
        list_.changed.connect(self._on_changed)

    def stop(self) -> None:
        """Begin nothing more."""
        self._timer.stop()

    def _on_changed(self) -> None:
        listing = self._list.listing
        if listing is None:
            return
        if not self._is_indexing:
            self._is_indexing = True
            self._scope.start(self._index(listing), name="index")
        if not self._timer.isActive():
            self._timer.start()

    async def _index(self, listing: Listing) -> None:
        is_more = True
        try:
            while is_more and listing is self._list.listing:
                is_more = await asyncio.to_thread(listing.index)
                await asyncio.sleep(PAUSE_S)
        finally:
            self._is_indexing = False

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
