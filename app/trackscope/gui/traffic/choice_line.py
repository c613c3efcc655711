"""One choice of several, with a field for what has to be filled in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from trackscope.gui.widgets.form_row import GAP_PX, caption
from trackscope.session.fault_choice import Choice

_CAPTION_PX = 64


class ChoiceLine(QWidget):
    """A combo box called `name`, and a field beside it; `submitted` says Enter in the field."""

    submitted = Signal()

    def __init__(self, name: str, choices: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self.box = QComboBox()
        self.box.setObjectName(f"{name.lower()}Choice")
        self.box.setAccessibleName(name)
        self.box.addItems([choice.label for choice in choices])
        self.field = QLineEdit()
        self.field.setObjectName(f"{name.lower()}Value")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        row.addWidget(caption(name, self.box, _CAPTION_PX))
        row.addWidget(self.box, 1)
        row.addWidget(self.field, 1)
        self.box.currentIndexChanged.connect(self._on_chosen)
        self.field.returnPressed.connect(self.submitted)
        self._on_chosen()

    @property
    def choice(self) -> Choice:
        """What is chosen."""
        return self._choices[self.box.currentIndex()]

    def _on_chosen(self) -> None:
        choice = self.choice
        self.field.setAccessibleName(choice.value or "Nothing to fill in")
        self.field.setPlaceholderText(choice.value and f"{choice.value}, such as {choice.example}")
        self.field.clear()
        self.field.setEnabled(bool(choice.value))
