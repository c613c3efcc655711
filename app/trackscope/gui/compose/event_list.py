"""The batch: the payload's events as a list, with what can be done to their order."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QVBoxLayout, QWidget

from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.pane import Pane
from trackscope.gui.widgets.plain import plain
from trackscope.session import batch
from trackscope.session.composer import Composer
from trackscope.session.draft import Change, Document
from trackscope.session.template import TEMPLATES, payload_of

_MOST_ROWS = 3


class EventList(Pane):
    """The events of the composer's document; the selected one is what the form shows."""

    def __init__(
        self, composer: Composer, clock: Callable[[], float], parent: QWidget | None = None
    ) -> None:
        super().__init__("Events", parent=parent)
        self._composer = composer
        self._clock = clock
        self._build_ui()
        self._connect()
        self._show()

    def _build_ui(self) -> None:
        self.setObjectName("eventsPane")
        self._add = IconButton("plus", "Add event")
        self._add.setObjectName("addEvent")
        self._duplicate = IconButton("copy", "Duplicate event")
        self._duplicate.setObjectName("duplicateEvent")
        self._remove = IconButton("trash-2", "Remove event")
        self._remove.setObjectName("removeEvent")
        self._up = IconButton("arrow-up", "Move event up")
        self._up.setObjectName("moveEventUp")
        self._down = IconButton("arrow-down", "Move event down")
        self._down.setObjectName("moveEventDown")
        for button in (
            self._add,
            self._duplicate,
            self._remove,
            self._up,
            self._down,
        ):
            self.add_action_widget(button)
        self._list = QListWidget()
        self._list.setObjectName("events")
        self._list.setAccessibleName("Events")
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._list)
        self.set_content(content)

    def _connect(self) -> None:
        self._list.currentRowChanged.connect(self._on_row)
        self._add.clicked.connect(self.add_event)
        self._duplicate.clicked.connect(self._on_duplicate)
        self._remove.clicked.connect(self._on_remove)
        self._up.clicked.connect(lambda: self._move(-1))
        self._down.clicked.connect(lambda: self._move(1))
        self._composer.draft.changed.connect(self._on_changed)
        self._composer.moved.connect(self._on_moved)

    def add_event(self) -> None:
        """Add an event at the end of the batch, like the selected one in token and id."""
        text = payload_of(TEMPLATES[0], self._clock())
        if self._edit(lambda document: batch.with_new_event(document, text)):
            self._composer.select(len(self._composer.document.decoded.events or ()) - 1)

    def _on_changed(self, change: Change) -> None:
        self._show()

    def _on_moved(self, index: int) -> None:
        if self._list.currentRow() != index:
            self._list.setCurrentRow(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._show_actions()

    def _on_row(self, row: int) -> None:
        if row >= 0:
            self._composer.select(row)

    def _show(self) -> None:
        is_readable = self._composer.document.decoded.events is not None
        self._list.setEnabled(is_readable)
        if not is_readable:  # the last good version stays, and cannot be edited
            self.set_extra("last good")
            self._show_actions()
            return
        names = batch.names(self._composer.document)
        while self._list.count() > len(names):
            self._list.takeItem(self._list.count() - 1)
        for number, name in enumerate(names):
            shown = plain(name, 120)
            if number == self._list.count():
                self._list.addItem(shown)
            elif self._list.item(number).text() != shown:
                self._list.item(number).setText(shown)
        index = self._composer.index
        if names and self._list.currentRow() != index:
            self._list.setCurrentRow(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.set_extra(f"{index + 1} of {len(names)}" if names else "none")
        rows = max(1, min(len(names), _MOST_ROWS))
        height = self._list.sizeHintForRow(0) if names else self.fontMetrics().height() + 8
        self._list.setFixedHeight(rows * height + 2)
        self._show_actions()

    def _show_actions(self) -> None:
        count, index = self._list.count(), self._composer.index
        count = count if self._list.isEnabled() else 0
        self._duplicate.setEnabled(count > 0)
        self._remove.setEnabled(count > 1)
        self._up.setEnabled(index > 0 and count > 1)
        self._down.setEnabled(index < count - 1)

    def _on_duplicate(self) -> None:
        index = self._composer.index
        if self._edit(lambda document: batch.duplicated(document, index)):
            self._composer.select(index + 1)

    def _on_remove(self) -> None:
        index = self._composer.index
        self._edit(lambda document: batch.without_event(document, index))

    def _move(self, by: int) -> None:
        index = self._composer.index
        if self._edit(lambda document: batch.moved(document, index, index + by)):
            self._composer.select(index + by)

    def _edit(self, change: Callable[[Document], Document]) -> bool:
        return self._composer.edit(change, "events", alone=True)
