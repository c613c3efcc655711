"""The editors of the properties table: a line for names and values, a list for types."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from trackscope.gui.models.properties import NAME, TYPE, VALUE, PropertiesModel
from trackscope.gui.widgets.document_line import show_exactly
from trackscope.session.form import TIME_TYPES, VALUE_TYPES, Type

Index = QModelIndex | QPersistentModelIndex

_HINTS = {
    Type.MOMENT: "2026-11-23 14:00:00 (UTC), or seconds since 1970",
    Type.AGO: "how many seconds before sending",
    Type.COUNTER: "the first number",
    Type.CHOICE: "choices, with commas between",
    Type.DATE: "2026-11-23T14:00:00",
    Type.LIST: "[1, 2, 3]",
    Type.OBJECT: '{"key": "value"}',
}


class PropertyDelegate(QStyledItemDelegate):
    """Creates and reads the editors; what was typed goes to the model's `setData`.

    The editors lie over the table, not in it: of what is in a table, Qt shows assistive tools
    nothing but the cells.
    """

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table

    @property
    def _host(self) -> QWidget:
        host = self._table.parentWidget()
        assert host is not None
        return host

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """The editor for a cell, named as assistive tools and tests look for it."""
        parent = self._host
        model = index.model()
        assert isinstance(model, PropertiesModel)
        row = model.row_at(index)
        assert row is not None
        if index.column() == TYPE:
            return self._type_editor(parent, row.name, row.type)
        if row.type is Type.BOOLEAN and index.column() == VALUE:
            return self._choice(parent, "propertyValue", "Property value", ("true", "false"))
        line = QLineEdit(parent)
        line.setFrame(False)
        is_name = index.column() == NAME
        line.setObjectName("propertyName" if is_name else "propertyValue")
        line.setAccessibleName("Property name" if is_name else "Property value")
        line.setPlaceholderText("" if is_name else _HINTS.get(row.type, ""))
        return line

    def _type_editor(self, parent: QWidget, name: str, type_: Type) -> QComboBox:
        types = TIME_TYPES if name == "time" else VALUE_TYPES
        if type_ not in types:
            types = (*types, type_)
        return self._choice(parent, "propertyType", "Property type", [each.value for each in types])

    def _choice(
        self, parent: QWidget, object_name: str, name: str, choices: tuple[str, ...] | list[str]
    ) -> QComboBox:
        combo = QComboBox(parent)
        combo.setFrame(False)
        combo.setObjectName(object_name)
        combo.setAccessibleName(name)
        combo.addItems(list(choices))
        combo.setMaxVisibleItems(16)
        combo.activated.connect(lambda _: self.commitData.emit(combo))
        # Where a combo box is called by its current entry, a label beside it names it.
        label = QLabel(name, parent)
        label.setBuddy(combo)
        label.hide()
        combo.destroyed.connect(label.deleteLater)
        return combo

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the cell's literal text in its editor, once: typing is not overwritten."""
        text = index.data(Qt.ItemDataRole.EditRole)
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text)
        elif isinstance(editor, QLineEdit) and not editor.isModified():
            show_exactly(editor, text)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand what was typed to the model."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())
        elif isinstance(editor, QLineEdit) and editor.isModified():
            model.setData(index, editor.text())

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """The editor fills the cell, as far as the table shows it."""
        viewport = self._table.viewport()
        shown = option.rect.intersected(viewport.rect())
        corner = viewport.mapTo(self._host, shown.topLeft())
        editor.setGeometry(QRect(corner, shown.size()))
