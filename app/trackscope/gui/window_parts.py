"""What the window's frame is filled with: the bar, the place of the workspaces, the status bar."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QStatusBar,
    QWidget,
)

from trackscope.gui.commands import WORKSPACES, key_of
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.plain import plain
from trackscope.gui.widgets.segmented import Segmented
from trackscope.gui.widgets.tight_column import tight_column

MAX_MESSAGE = 300


class TopBar(QWidget):
    """The workspaces to choose from, the target, and the way to all commands."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self.workspaces = Segmented(WORKSPACES, "Workspace")
        for index, name in enumerate(WORKSPACES):
            self.workspaces.button(index).setToolTip(f"{name} ({key_of(name.lower())})")
        self.target = QComboBox()
        self.target.setObjectName("target")
        self.target.setAccessibleName("Target")
        self.target.setMinimumWidth(280)
        self.commands = IconButton("command", "All commands", key=key_of("palette"))
        self.commands.setObjectName("paletteButton")
        self._build_ui()

    def _build_ui(self) -> None:
        label = QLabel("Target")
        label.setObjectName("captionLabel")
        label.setBuddy(self.target)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.workspaces)
        row.addStretch()
        row.addWidget(label)
        row.addWidget(self.target)
        row.addWidget(self.commands)
        self.setFixedHeight(44)


class Centre(QWidget):
    """The bar over the workspace that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = TopBar()
        self.stack = QStackedWidget()
        self.stack.setObjectName("workspaces")
        column = tight_column(self)
        column.addWidget(self.bar)
        column.addWidget(self.stack, 1)


class StatusLine(QStatusBar):
    """What was said last, and what the collector does."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._message = QLabel("Ready")
        self._message.setObjectName("statusMessage")
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self.collector = QPushButton("Collector")
        self.collector.setObjectName("collectorChip")
        self.collector.setFlat(True)
        self.addWidget(self._message, 1)
        self.addPermanentWidget(self.collector)

    def say(self, message: str) -> None:
        """Show a sentence until the next one."""
        self._message.setText(plain(message, MAX_MESSAGE))
