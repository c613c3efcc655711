"""The properties of the selected event as an editable table: name, type, value."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from trackscope.gui.models.row_list import Index, RowListModel
from trackscope.gui.widgets.plain import plain
from trackscope.session.form import Row, Type

NAME, TYPE, VALUE = range(3)

_PREVIEWED = (Type.NOW, Type.AGO, Type.UUID, Type.COUNTER, Type.CHOICE)
_FIXED = (Type.NULL, Type.NOW, Type.UUID)


class PropertiesModel(RowListModel[Row]):
    """Rows of the form. An edit is told by `edited(row, column, text)` and changes nothing here:
    the document answers with new rows.
    """

    edited = Signal(object, int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("Property", "Type", "Value"), lambda row: row.pointer, parent)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Everything can be edited, but for values that are made by themselves."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        row = self.row_at(index)
        if row is None or (index.column() == VALUE and row.type in _FIXED):
            return flags
        return flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row's texts; the literal text for the editor."""
        row = self.row_at(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.EditRole:
            return (row.name, row.type.value, row.text)[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (plain(row.name), row.type.value, shown_value(row))[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return None  # a tool tip would be read as markup
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tell what a person typed; the model itself waits for the document."""
        row = self.row_at(index)
        if row is None or role != Qt.ItemDataRole.EditRole:
            return False
        if value != self.data(index, Qt.ItemDataRole.EditRole):
            self.edited.emit(row, index.column(), value)
        return True


def shown_value(row: Row) -> str:
    """The value as the table shows it: a generator with what it made last."""
    if row.type in _PREVIEWED:
        argument = f"{row.text} · " if row.text else ""
        return plain(f"{argument}{row.preview}", 300)
    if row.type is Type.MOMENT:
        return plain(f"{row.text} UTC" if row.text != row.preview else row.text, 300)
    return plain(row.text, 300)
