"""Which columns the list has: chosen in the header's menu, any property among them, remembered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from trackscope.gui.bridge import TaskScope, ask
from trackscope.gui.models.traffic_cells import (
    COLUMNS,
    DEFAULT,
    PROPERTY,
    Column,
    column_of,
)
from trackscope.gui.settings import Settings
from trackscope.gui.traffic.list_control import ListControl
from trackscope.gui.traffic.property_dialog import PropertyDialog
from trackscope.gui.traffic.request_table import RequestTable

MAX_COLUMNS = 40
_SETTING = "traffic/columns"
_AFTER_PROPERTIES = "finding"
_MIN_PX, _MAX_PX = 24, 2_000


def remembered(settings: Settings) -> tuple[Column, ...]:
    """The columns as they were left, in their order and width; the usual ones at first."""
    found: dict[str, Column] = {}
    try:
        kept = json.loads(settings.text(_SETTING))
        for key, width in kept[:MAX_COLUMNS]:
            column = column_of(key)
            if column is not None and _MIN_PX <= width <= _MAX_PX:
                found[key] = replace(column, width=int(width))
    except (ValueError, TypeError, AttributeError):
        found.clear()
    return tuple(found.values()) or usual()


def usual() -> tuple[Column, ...]:
    """The columns of a list that nobody has changed."""
    return tuple(column for column in COLUMNS if column.key in DEFAULT)


class ColumnsControl(QObject):
    """Offers the columns in the header's context menu and by the command."""

    def __init__(self, table: RequestTable, list_: ListControl, scope: TaskScope) -> None:
        super().__init__(table)
        self._table = table
        self._list = list_
        self._scope = scope
        table.horizontalHeader().customContextMenuRequested.connect(self._on_menu)

    def open_menu(self) -> None:
        """Open the menu under the header's left end."""
        self._on_menu(QPoint(0, self._table.horizontalHeader().height()))

    def add_property(self, name: str) -> None:
        """Give a property a column: before the findings, where it is seen without scrolling."""
        column = column_of(f"{PROPERTY}{name}")
        if column is not None:
            self._show(_inserted(self._shown(), column))

    def save(self, settings: Settings) -> None:
        """Remember columns, order and widths."""
        kept = [(column.key, column.width) for column in self._shown()]
        settings.set(_SETTING, json.dumps(kept))

    def _on_menu(self, place: QPoint) -> None:
        header = self._table.horizontalHeader()
        menu = QMenu(self._table)
        menu.setObjectName("columnsMenu")
        shown = self._shown()
        keys = [column.key for column in shown]
        extra = [column for column in shown if column.key.startswith(PROPERTY)]
        for column in (*COLUMNS, *extra):
            action = menu.addAction(column.title, partial(self._toggle, column))
            action.setCheckable(True)
            action.setChecked(column.key in keys)
            action.setEnabled(len(keys) > 1 or column.key not in keys)
        menu.addSeparator()
        menu.addAction("Column for a property…", self.choose_property)
        menu.addAction("Usual columns", lambda: self._show(usual()))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(header.viewport().mapToGlobal(place))

    def choose_property(self) -> None:
        """Ask for the name of a property, and give it a column."""
        self._scope.start(self._choose_property(), name="property column")

    async def _choose_property(self) -> None:
        listing = self._list.listing
        names: list[str] = []
        if listing is not None:
            names = await asyncio.to_thread(listing.property_names)
        dialog = PropertyDialog(names, self._table.window())
        if await ask(dialog) and dialog.name:
            self.add_property(dialog.name)

    def _toggle(self, column: Column) -> None:
        shown = self._shown()
        kept = [each for each in shown if each.key != column.key]
        if len(kept) == len(shown):
            kept = _inserted(kept, column)
        self._show(kept)

    def _show(self, columns: Sequence[Column]) -> None:
        """Show these columns; of one that is named twice, the first."""
        unique = {column.key: column for column in columns[:MAX_COLUMNS]}
        self._table.show_columns(tuple(unique.values()))

    def _shown(self) -> list[Column]:
        """The columns as a person sees them: in their order, with their widths."""
        return self._table.shown_columns()


def _inserted(columns: list[Column], column: Column) -> list[Column]:
    """The columns with another one where it usually stands; a property's before the findings."""
    order = [each.key for each in COLUMNS]
    is_usual = column.key in order
    place = order.index(column.key) if is_usual else order.index(_AFTER_PROPERTIES) - 1
    for number, each in enumerate(columns):
        if each.key in order and order.index(each.key) > place:
            return [*columns[:number], column, *columns[number:]]
    return [*columns, column]
