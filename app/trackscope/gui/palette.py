"""The command palette: every action of the window, found by typing a few letters."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from trackscope.gui.commands import COMMANDS, Actions, Command

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class CommandPalette(QDialog):
    """Lists the commands that match what is typed; Enter runs the chosen one."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._actions = actions
        self._build_ui()
        self._connect()

    def _build_ui(self) -> None:
        self.setObjectName("commandPalette")
        self.setAccessibleName("Command palette")
        self._search = QLineEdit()
        self._search.setObjectName("paletteSearch")
        self._search.setAccessibleName("Search commands")
        self._search.setPlaceholderText("Type a command")
        self._list = QTreeWidget()
        self._list.setObjectName("paletteCommands")
        self._list.setAccessibleName("Commands")
        self._list.setColumnCount(2)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.header().setStretchLastSection(False)
        self._list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
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
        self.resize(width, min(440, window.height() - 96))
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - width) // 2, corner.y() + 72)
        self._search.clear()
        self._show_matches("")
        self.show()
        self._search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while the search keeps the focus; Enter runs."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                self._step(step)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self._list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _step(self, step: int) -> None:
        count = self._list.topLevelItemCount()
        if count:
            row = self._list.currentIndex().row() + step
            row = row % count if abs(step) == 1 else max(0, min(count - 1, row))
            self._list.setCurrentIndex(self._list.model().index(row, 0))

    def _show_matches(self, typed: str) -> None:
        self._list.clear()
        for command in matching(typed):
            action = self._actions[command.id]
            if command.id != "palette" and action.isEnabled():
                item = QTreeWidgetItem([command.text, _native(command)])
                item.setData(0, Qt.ItemDataRole.UserRole, action)
                self._list.addTopLevelItem(item)
        self._list.setCurrentIndex(self._list.model().index(0, 0))

    def _run(self, item: QTreeWidgetItem | None) -> None:
        action = None if item is None else item.data(0, Qt.ItemDataRole.UserRole)
        self.close()
        if isinstance(action, QAction):
            action.trigger()


def _native(command: Command) -> str:
    keys = QKeySequence(command.keys[0]) if command.keys else QKeySequence()
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


def matching(typed: str) -> tuple[Command, ...]:
    """The commands with every typed word in their text or menu, the closest first."""
    wanted = typed.casefold().split()
    found = []
    for command in COMMANDS:
        text = f"{command.text} {command.menu}".casefold()
        if all(word in text for word in wanted):
            found.append((text.find(wanted[0]) if wanted else 0, command))
    return tuple(command for _, command in sorted(found, key=lambda pair: pair[0]))
