"""The main window: menu, bar, workspaces and status bar. It holds no logic."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QStatusBar,
    QVBoxLayout,
    QWidget,
)

from trackscope.gui.commands import WORKSPACES, key_of
from trackscope.gui.settings import Settings
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.plain import plain
from trackscope.gui.widgets.segmented import Segmented

TITLE = "Trackscope"
MINIMUM = (960, 600)


class MainWindow(QMainWindow):
    """`closed` says that the user wants to leave, `dropped` carries what was dropped on it."""

    closed = Signal()
    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._build_ui()

    def _build_ui(self) -> None:
        self.setObjectName("mainWindow")
        self.setWindowTitle(TITLE)
        self.setMinimumSize(*MINIMUM)
        self.resize(1280, 800)
        self.setAcceptDrops(True)
        self.workspaces = Segmented(WORKSPACES, "Workspace")
        for index, name in enumerate(WORKSPACES):
            self.workspaces.button(index).setToolTip(f"{name} ({key_of(name.lower())})")
        self.target = QComboBox()
        self.target.setObjectName("target")
        self.target.setAccessibleName("Target")
        self.target.setMinimumWidth(280)
        label = QLabel("Target")
        label.setObjectName("captionLabel")
        label.setBuddy(self.target)
        self.palette_button = IconButton("command", "All commands", key=key_of("palette"))
        self.palette_button.setObjectName("paletteButton")
        bar = QWidget()
        bar.setObjectName("topBar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(8, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.workspaces)
        row.addStretch()
        row.addWidget(label)
        row.addWidget(self.target)
        row.addWidget(self.palette_button)
        bar.setFixedHeight(44)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        self._stack = QStackedWidget()
        self._stack.setObjectName("workspaces")
        column.addWidget(self._stack, 1)
        self.setCentralWidget(centre)
        self._build_status()

    def _build_status(self) -> None:
        status = QStatusBar()
        status.setSizeGripEnabled(False)
        self._message = QLabel("Ready")
        self._message.setObjectName("statusMessage")
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self.collector = QPushButton("Collector")
        self.collector.setObjectName("collectorChip")
        self.collector.setFlat(True)
        status.addWidget(self._message, 1)
        status.addPermanentWidget(self.collector)
        self.setStatusBar(status)

    def add_workspace(self, workspace: QWidget) -> None:
        """Take a workspace in; the window can be painted before there is one."""
        self._stack.addWidget(workspace)

    def show_workspace(self, workspace: QWidget) -> None:
        """Show one of those that were taken in."""
        self._stack.setCurrentWidget(workspace)

    def remove_workspace(self, workspace: QWidget) -> None:
        """Give up one of those that were taken in."""
        self._stack.removeWidget(workspace)
        workspace.deleteLater()

    def set_ready(self, *, is_ready: bool) -> None:
        """Whether bar and status bar can be used: not while there is no history."""
        for widget in (self.workspaces, self.target, self.palette_button, self.collector):
            widget.setEnabled(is_ready)

    def say(self, message: str) -> None:
        """Show a sentence in the status bar until the next one."""
        self._message.setText(plain(message, 300))

    def save(self, settings: Settings) -> None:
        """Remember size and place."""
        settings.set("window/geometry", self.saveGeometry())

    def restore(self, settings: Settings) -> None:
        """Take up size and place as they were."""
        geometry = settings.state("window/geometry")
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is told, not done: the program ends what it has begun first."""
        event.ignore()
        self.closed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and texts may be dropped anywhere on the window."""
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what was dropped; it is never followed, only read."""
        event.acceptProposedAction()
        self.dropped.emit(event.mimeData())
