"""The form of the selected event: its name, and its properties as typed rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QMenu,
    QWidget,
)

from trackscope.gui.commands import key_of
from trackscope.gui.compose.property_delegate import PropertyDelegate
from trackscope.gui.models.properties import NAME, TYPE, PropertiesModel
from trackscope.gui.widgets.document_line import DocumentLine, show_exactly
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.table import Table
from trackscope.gui.widgets.tight_column import tight_column
from trackscope.session import form
from trackscope.session.composer import Composer
from trackscope.session.draft import Change, Document
from trackscope.session.form import Row, Type
from trackscope.session.template import TEMPLATES, Template, from_template

ORIGIN = "form"

WIDTHS = (108, 92)
"""Pixels of the columns for name and type at normal size."""


class PropertiesTable(Table):
    """The table of properties: Delete removes the current row, Enter edits it."""

    def __init__(self, model: PropertiesModel, on_remove: Callable[[], None]) -> None:
        super().__init__(model, WIDTHS)
        self._on_remove = on_remove
        self.setObjectName("properties")
        self.setAccessibleName("Properties")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setMinimumHeight(80)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes; Return opens the editor of the current cell."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._on_remove()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.state() != QAbstractItemView.State.EditingState:
                self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class EventForm(QWidget):
    """Name and properties of the composer's selected event."""

    def __init__(
        self, composer: Composer, clock: Callable[[], float], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._composer = composer
        self._clock = clock
        self._build_ui()
        self._connect()
        self._show()

    def _build_ui(self) -> None:
        self.setObjectName("eventForm")
        self._name = DocumentLine()
        self._name.setObjectName("eventName")
        self._name.setAccessibleName("Event name")
        self._name.setPlaceholderText("name of the event")
        label = QLabel("&Event")
        label.setBuddy(self._name)
        self._templates = IconButton("list-plus", "Fill in a template", text="Template")
        self._templates.setObjectName("templateButton")
        menu = QMenu(self)
        for template in TEMPLATES:
            menu.addAction(template.label, partial(self._use, template))
        self._templates.setMenu(menu)
        self._add = IconButton(
            "plus", "Add property", text="Add property", key=key_of("add-property")
        )
        self._add.setObjectName("addProperty")
        self._remove = IconButton("trash-2", "Remove property")
        self._remove.setObjectName("removeProperty")
        self._model = PropertiesModel(self)
        self._table = PropertiesTable(self._model, self._on_remove)
        self._table.setItemDelegate(PropertyDelegate(self._table))
        top = QHBoxLayout()
        top.setContentsMargins(12, 8, 12, 8)
        top.setSpacing(8)
        top.addWidget(label)
        top.addWidget(self._name)
        top.addWidget(self._templates)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(8, 4, 8, 4)
        bottom.addWidget(self._add)
        bottom.addStretch()
        bottom.addWidget(self._remove)
        layout = tight_column(self)
        layout.addLayout(top)
        layout.addWidget(self._table, 1)
        layout.addLayout(bottom)

    def _connect(self) -> None:
        self._name.textEdited.connect(self._on_name)
        self._add.clicked.connect(self.add_property)
        self._remove.clicked.connect(self._on_remove)
        self._model.edited.connect(self._on_edited)
        self._table.selectionModel().currentRowChanged.connect(self._on_current)
        self._composer.draft.changed.connect(self._on_changed)
        self._composer.moved.connect(self._on_moved)

    def _use(self, template: Template) -> None:
        self._edit(lambda document: from_template(document, template, self._clock()))

    def focus_name(self) -> None:
        """Put the cursor into the name of the event."""
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def select_name(self) -> None:
        """Put the cursor into the name of the event, so that typing replaces it."""
        self.focus_name()
        self._name.selectAll()

    def add_property(self) -> None:
        """Add an empty property and let its name be typed."""
        index = self._composer.index
        if self._edit(lambda document: form.with_property(document, index, "property")):
            row = self._model.index(self._model.rowCount() - 1, NAME)
            self._table.setCurrentIndex(row)
            self._table.scrollTo(row)
            self._table.edit(row)

    def _on_changed(self, change: Change) -> None:
        self._show(is_own_name=change.origin == f"{ORIGIN}.name")

    def _on_moved(self, index: int) -> None:
        self._show()

    def _show(self, *, is_own_name: bool = False) -> None:
        index, document = self._composer.index, self._composer.document
        is_readable = document.decoded.events is not None
        self._table.setEnabled(is_readable)
        if not is_readable:  # the last good version stays, and cannot be edited
            self._name.setEnabled(False)
            self._add.setEnabled(False)
            return
        event = document.value_at(f"/{index}")
        name = event.get("event") if isinstance(event, dict) else None
        if not is_own_name:
            text = name if isinstance(name, str) else ""
            show_exactly(self._name, text)
        self._name.setEnabled(isinstance(event, dict))
        self._add.setEnabled(isinstance(event, dict))
        self._model.set_rows(form.rows(document, index))
        self._on_current()

    def _on_current(
        self,
        current: QModelIndex | QPersistentModelIndex | None = None,
        previous: QModelIndex | QPersistentModelIndex | None = None,
    ) -> None:
        self._remove.setEnabled(self._current_row() is not None)

    def _current_row(self) -> Row | None:
        index = self._table.currentIndex()
        return self._model.row_at(index) if index.isValid() else None

    def _on_name(self, text: str) -> None:
        index = self._composer.index
        self._composer.edit(
            lambda document: form.with_name(document, index, text), f"{ORIGIN}.name"
        )

    def _on_edited(self, row: Row, column: int, text: str) -> None:
        if column == NAME:
            number = self._table.currentIndex().row()
            self._edit(lambda document: form.with_property_name(document, row, text))
            # To the table it is another row: let it be the current one all the same.
            self._table.setCurrentIndex(self._model.index(number, NAME))
        elif column == TYPE:
            self._edit(lambda document: form.retyped(document, row, Type(text)))
        else:
            self._edit(lambda document: form.with_value(document, row, text))

    def _on_remove(self) -> None:
        row = self._current_row()
        if row is not None:
            self._edit(lambda document: form.without_property(document, row))

    def _edit(self, change: Callable[[Document], Document]) -> bool:
        return self._composer.edit(change, ORIGIN, alone=True)
