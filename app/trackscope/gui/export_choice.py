"""Asks what an export hides, and which properties of a table get a column of their own."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

_QUESTION = (
    "Mask tokens and secrets in the file? They are masked in URLs, payloads and headers too. A "
    "payload that cannot be read is left out."
)


class ExportChoice(QDialog):
    """Names of properties are separated by commas. Accepted, `is_masked` says which button it was.

    `has_columns` tells that the format is a table.
    """

    def __init__(self, parent: QWidget, *, has_columns: bool) -> None:
        super().__init__(parent)
        self.setObjectName("exportSecrets")
        self.setWindowTitle("Export")
        self.is_masked = True
        self._hidden = QLineEdit()
        self._hidden.setObjectName("exportHidden")
        self._hidden.setPlaceholderText("email, name")
        self._columns = QLineEdit()
        self._columns.setObjectName("exportColumns")
        self._columns.setPlaceholderText("plan, total")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._mask = self._buttons.addButton("Mask them", QDialogButtonBox.ButtonRole.AcceptRole)
        self._include = self._buttons.addButton(
            "Include them", QDialogButtonBox.ButtonRole.DestructiveRole
        )
        self._build_ui(has_columns=has_columns)
        self._connect()

    @property
    def hidden(self) -> tuple[str, ...]:
        """The properties whose values are replaced by hashes."""
        return _names(self._hidden.text())

    @property
    def columns(self) -> tuple[str, ...]:
        """The properties with a column of their own; none where the format has no columns."""
        return _names(self._columns.text())

    def _build_ui(self, *, has_columns: bool) -> None:
        question = QLabel(_QUESTION)
        question.setWordWrap(True)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.addRow("Also &hide the properties", self._hidden)
        form.addRow("Give columns to the &properties", self._columns)
        form.setRowVisible(self._columns, has_columns)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(question)
        layout.addLayout(form)
        layout.addWidget(self._buttons)
        self._mask.setDefault(True)

    def _connect(self) -> None:
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._include.clicked.connect(self._include_secrets)

    def _include_secrets(self) -> None:
        self.is_masked = False
        self.accept()


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(str.strip, text.split(",")))))
