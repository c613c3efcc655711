"""F1: every key of the window, made from the table of commands."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from trackscope.gui.commands import COMMANDS, MENUS


class KeysPage(QDialog):
    """A window that lists what each key does, by menu; it may stay open beside the work."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("keysPage")
        self.setWindowTitle("Keys and help")
        grid_widget = QWidget()
        grid = QGridLayout(grid_widget)
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        row = 0
        for menu in MENUS:
            grid.addWidget(_label(menu, "sectionTitle"), row, 0, 1, 2)
            row += 1
            for command in COMMANDS:
                if command.menu == menu and command.keys:
                    grid.addWidget(_label(command.text, "body"), row, 0)
                    grid.addWidget(_label(_native(command.keys), "mono"), row, 1)
                    row += 1
        grid.setColumnStretch(0, 1)
        area = QScrollArea()
        area.setWidget(grid_widget)
        area.setWidgetResizable(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(area)
        layout.addWidget(buttons)
        self.resize(560, 640)


def _native(keys: tuple[str, ...]) -> str:
    form = QKeySequence.SequenceFormat.NativeText
    return "  or  ".join(QKeySequence(each).toString(form) for each in keys)


def _label(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName(name)
    label.setIndent(0)  # else one with a padding of its own stands a little further in
    return label
