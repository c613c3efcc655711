"""The command palette: every action of the window, found by typing a few letters."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from trackscope.gui.commands import COMMANDS, Actions, Command


class CommandPalette(QDialog):
    """Lists the commands that match what is typed; Enter runs the chosen one."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._actions = actions
        self._build_ui()
        self._connect()
        self._show_matches("")

    def _build_ui(self) -> None:
        self.setObjectName("commandPalette")
        self.setAccessibleName("Command palette")
        self._search = QLineEdit()
        self._search.setObjectName("paletteSearch")
        self._search.setAccessibleName("Search commands")
        self._search.setPlaceholderText("Type a command")
        self._list = QListWidget()
        self._list.setObjectName("paletteCommands")
        self._list.setAccessibleName("Commands")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self._search)
        layout.addWidget(self._list)

    def _connect(self) -> None:
        self._search.textChanged.connect(self._show_matches)
        self._search.installEventFilter(self)
        self._list.itemClicked.connect(self._run)

    def open_over(self, window: QWidget) -> None:
        """Show the palette in the upper middle of the window."""
        width = min(560, window.width() - 48)
        self.resize(width, min(420, window.height() - 96))
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - width) // 2, corner.y() + 72)
        self._search.clear()
        self.show()
        self._search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while the search keeps the focus; Enter runs."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if key == Qt.Key.Key_Down else -1
                count = max(self._list.count(), 1)
                self._list.setCurrentRow((self._list.currentRow() + step) % count)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                item = self._list.currentItem()
                if item is not None:
                    self._run(item)
                return True
        return super().eventFilter(watched, event)

    def _show_matches(self, typed: str) -> None:
        self._list.clear()
        for command in matching(typed):
            action = self._actions[command.id]
            if command.id == "palette" or not action.isEnabled():
                continue
            keys = QKeySequence(command.keys[0]) if command.keys else QKeySequence()
            native = keys.toString(QKeySequence.SequenceFormat.NativeText)
            item = QListWidgetItem(f"{command.text}\t{native}" if native else command.text)
            item.setData(Qt.ItemDataRole.UserRole, action)
            self._list.addItem(item)
        self._list.setCurrentRow(0)

    def _run(self, item: QListWidgetItem) -> None:
        action = item.data(Qt.ItemDataRole.UserRole)
        self.close()
        if isinstance(action, QAction):
            action.trigger()


def matching(typed: str) -> tuple[Command, ...]:
    """The commands whose words hold the typed letters in order, the closest first."""
    wanted = typed.casefold().split()
    found = []
    for command in COMMANDS:
        text = f"{command.menu} {command.text}".casefold()
        if all(word in text for word in wanted):
            starts = text.find(wanted[0]) if wanted else 0
            found.append((starts, command))
    return tuple(command for _, command in sorted(found, key=lambda pair: pair[0]))
