"""Brings what a history knows into the completions of the filter field."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject

from trackscope.gui.bridge import TaskScope
from trackscope.gui.traffic.filter_field import FilterField
from trackscope.gui.traffic.list_control import ListControl
from trackscope.session.filter import Word, choices
from trackscope.session.listing import Listing


class CompletionControl(QObject):
    """Asks in a thread; an answer that comes too late is dropped by the field."""

    def __init__(self, field: FilterField, list_: ListControl, scope: TaskScope) -> None:
        super().__init__(field)
        self._field = field
        self._list = list_
        self._scope = scope
        field.asked.connect(self._on_asked)

    def _on_asked(self, word: Word) -> None:
        listing = self._list.listing
        if listing is not None:
            self._scope.start(self._complete(listing, word), name="completions")

    async def _complete(self, listing: Listing, word: Word) -> None:
        known = await asyncio.to_thread(listing.completions, word)
        fixed = choices(word.field, word.beginning)
        self._field.offer(word, (*fixed, *known))
