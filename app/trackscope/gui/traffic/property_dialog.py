"""Asks which property shall have a column, completing the names that were seen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

MAX_NAME = 255


class PropertyDialog(QDialog):
    """Accepted with a `name`."""

    def __init__(self, names: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("propertyDialog")
        self.setWindowTitle("Column for a property")
        self._field = QLineEdit()
        self._field.setObjectName("columnProperty")
        self._field.setAccessibleName("Property")
        self._field.setMaxLength(MAX_NAME)
        self._field.setMinimumWidth(280)
        completer = QCompleter(list(names), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        found = QListView()
        found.setObjectName("propertyCompletions")
        completer.setPopup(found)
        self._field.setCompleter(completer)
        label = QLabel("&Property, as it is named in the events")
        label.setBuddy(self._field)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(label)
        layout.addWidget(self._field)
        layout.addSpacing(8)
        layout.addWidget(buttons)

    @property
    def name(self) -> str:
        """What was typed; names are not trimmed: a blank at the end makes another property."""
        return self._field.text()
