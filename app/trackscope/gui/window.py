"""The main window: a frame first, then menu, bar, workspaces and status bar. It holds no logic.

What its first frame does not need is not imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMainWindow

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
    from PySide6.QtWidgets import QWidget

    from trackscope.gui.settings import Settings

TITLE = "Trackscope"
MINIMUM = (960, 600)


class MainWindow(QMainWindow):
    """`closed` says that the user wants to leave, `dropped` carries what was dropped on it."""

    closed = Signal()
    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle(TITLE)
        self.setMinimumSize(*MINIMUM)
        self.resize(1280, 800)
        self.setAcceptDrops(True)

    def fill(self) -> None:
        """Put the parts into the frame, which can be painted before they are loaded."""
        from trackscope.gui.window_parts import Centre, StatusLine

        centre, status = Centre(), StatusLine()
        self._stack, self._status = centre.stack, status
        self.workspaces = centre.bar.workspaces
        self.target = centre.bar.target
        self.palette_button = centre.bar.commands
        self.collector = status.collector
        self.setCentralWidget(centre)
        self.setStatusBar(status)

    def add_workspace(self, workspace: QWidget) -> None:
        """Take a workspace in; the window can be painted before there is one."""
        self._stack.addWidget(workspace)

    def show_workspace(self, workspace: QWidget) -> None:
        """Show one of those that were taken in."""
        self._stack.setCurrentWidget(workspace)

    def say(self, message: str) -> None:
        """Show a sentence in the status bar until the next one."""
        self._status.say(message)

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
