"""What is done with the rows that are selected: shown, edited, copied, noted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QInputDialog, QMenu

from trackscope.capture.exchange import Exchange, Origin
from trackscope.capture.snippet import SNIPPETS, available
from trackscope.errors import HistoryError
from trackscope.gui.bridge import TaskScope, ask
from trackscope.gui.commands import Actions
from trackscope.gui.copying import copy_request
from trackscope.gui.traffic.compare_control import CompareControl
from trackscope.gui.traffic.detail import NONE
from trackscope.gui.traffic.list_control import ListControl
from trackscope.gui.traffic.workspace import TrafficWorkspace
from trackscope.history.history import History

MENU = (
    "edit-selected",
    "send-selected",
    "",
    "copy-as",
    "note",
    "compare",
    "judge-again",
    "",
    "export-history",
)
"""The commands of a row's context menu; an empty one is a line."""

MANY = "Several requests are selected. Choose one to see what it carries."

MAX_SELECTED = 1_000_000
"""Selected rows that are sent again or exported."""

MAX_NOTED = 1_000
"""Rows to which one note can be written at once."""


class RowControl(QObject):
    """Loads the exchange that is pointed at, and shows it in the detail.

    `edited` carries a TrackRequest that is to be opened in Compose, `said` tells what was done in
    a sentence, `shown` carries the Exchange that is shown now. `keeper` gives the history that
    notes are written to.
    """

    edited = Signal(object)
    said = Signal(str)
    shown = Signal(object)

    def __init__(
        self,
        workspace: TrafficWorkspace,
        list_: ListControl,
        scope: TaskScope,
        keeper: Callable[[], History | None],
    ) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._table = workspace.table
        self._list = list_
        self._scope = scope
        self._keeper = keeper
        self._actions: Actions | None = None
        self._shown_id: int | None = None
        self._is_unprocessed = False
        self._table.selectionModel().currentRowChanged.connect(self._on_current)
        self._table.selectionModel().selectionChanged.connect(self._on_selection)
        self._table.activated.connect(self.edit)
        self._table.customContextMenuRequested.connect(self._on_menu)
        workspace.model.modelReset.connect(self._on_current)
        list_.changed.connect(self._on_changed)
        workspace.detail.head.noted.connect(self._keep_note)
        workspace.detail.edit_asked.connect(self.edited)
        workspace.detail.use_scope(scope)
        self._comparing = CompareControl(scope, workspace.window())

    def use(self, actions: Actions) -> None:
        """Take the window's actions, for the context menu."""
        self._actions = actions

    def edit(self) -> None:
        """Open the request of the current row in Compose."""
        self._with_current(self._edit, "edit")

    def copy_as(self) -> None:
        """Open the menu of the ways to copy the current row's request."""
        self._with_current(self._copy_as, "copy")

    def write_note(self) -> None:
        """Let a note be written to the selected rows."""
        ids = self.selected_ids()[:MAX_NOTED]
        if ids:
            self._scope.start(self._write_note(ids), name="note")

    def compare(self) -> None:
        """Compare the two exchanges that are selected."""
        ids = self.selected_ids()
        if len(ids) == 2:
            self._scope.start(self._compare(ids), name="compare")
        else:
            self.said.emit("Select two requests to compare them.")

    def selected_ids(self) -> list[int]:
        """The selected exchanges from the top; where none is, the one that is shown."""
        current = self._table.current_id()
        found = self._table.selected_ids(MAX_SELECTED)
        return found or ([] if current is None else [current])

    def load(self, id_: int) -> Exchange:
        """An exchange of the list; it blocks, and HistoryError says that it is gone."""
        listing = self._list.listing
        if listing is None:
            raise HistoryError("The list is closed.")
        return listing.exchange(id_)

    def show_again(self) -> None:
        """Show the current exchange again: it was changed."""
        self._shown_id = None
        self._on_current()

    def _on_current(self) -> None:
        id_ = self._table.current_id()
        if id_ == self._shown_id:
            return
        self._shown_id = id_
        if id_ is None:
            self._show_none()
        else:
            self._with_current(self._show, "show")

    def _on_selection(self) -> None:
        if self._shown_id is None:
            self._show_none()

    def _show_none(self) -> None:
        is_many = len(self._table.selected_ids(2)) > 1
        self._workspace.detail.show_message(MANY if is_many else NONE)

    def _on_changed(self) -> None:
        """What the collector makes of an exchange is there a moment after its answer."""
        if self._is_unprocessed:
            self._is_unprocessed = False
            self.show_again()

    def _with_current(self, act: Callable[[Exchange], object], name: str) -> None:
        id_ = self._table.current_id()
        if id_ is not None:
            self._scope.start(self._load(id_, act), name=name)

    async def _load(self, id_: int, act: Callable[[Exchange], object]) -> None:
        act(await asyncio.to_thread(self.load, id_))

    async def _compare(self, ids: list[int]) -> None:
        first, second = [await asyncio.to_thread(self.load, id_) for id_ in sorted(ids)]
        self._comparing.compare(first, second)

    def _show(self, exchange: Exchange) -> None:
        if exchange.id == self._shown_id:
            is_kept = exchange.origin is Origin.RECEIVED and exchange.verdict == 1
            self._is_unprocessed = is_kept and exchange.stored is None
            self._workspace.detail.show_exchange(exchange)
            self.shown.emit(exchange)

    def _edit(self, exchange: Exchange) -> None:
        self.edited.emit(exchange.request)

    def _copy_as(self, exchange: Exchange) -> None:
        menu = QMenu(self._table)
        menu.setObjectName("copyMenu")
        for snippet in SNIPPETS:
            reason = available(exchange.request, snippet.id)
            text = f"{snippet.label} ({reason})" if reason else snippet.label
            action = menu.addAction(text, partial(self._copy, exchange, snippet.id))
            action.setEnabled(not reason)
        self._popup(menu, self._place_of_current())

    def _copy(self, exchange: Exchange, id_: str) -> None:
        self.said.emit(copy_request(exchange.request, id_))

    async def _write_note(self, ids: list[int]) -> None:
        before = (await asyncio.to_thread(self.load, ids[0])).note
        dialog = QInputDialog(self._table.window())
        dialog.setObjectName("noteDialog")
        dialog.setWindowTitle("Note" if len(ids) == 1 else f"Note to {len(ids):,} requests")
        dialog.setLabelText("Note; a #word in it is a tag to filter by")
        dialog.setTextValue(before)
        if await ask(dialog):
            await self._keep_notes(ids, dialog.textValue())
            self.show_again()

    def _keep_note(self, id_: int, text: str) -> None:
        self._scope.start(self._keep_notes([id_], text), name="note")

    async def _keep_notes(self, ids: list[int], text: str) -> None:
        history = self._keeper()
        if history is not None:
            await asyncio.to_thread(_set_notes, history, ids, text)
            self._list.refresh(ids)

    def _on_menu(self, place: QPoint) -> None:
        if self._actions is None or self._table.current_id() is None:
            return
        menu = QMenu(self._table)
        menu.setObjectName("requestMenu")
        for id_ in MENU:
            if id_:
                menu.addAction(self._actions[id_])
            else:
                menu.addSeparator()
        self._popup(menu, place)

    def _popup(self, menu: QMenu, place: QPoint) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._table.viewport().mapToGlobal(place))

    def _place_of_current(self) -> QPoint:
        area = self._table.visualRect(self._table.currentIndex())
        return area.bottomLeft() if area.isValid() else QPoint(0, 0)


def _set_notes(history: History, ids: list[int], text: str) -> None:
    for id_ in ids:
        history.set_note(id_, text)
