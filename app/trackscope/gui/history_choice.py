"""Which file the history is: chosen by the user, remembered, and used by the next start."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from trackscope.gui.bridge import TaskScope, ask
from trackscope.gui.settings import Settings
from trackscope.gui.window import MainWindow

_PATH = "history/path"


class HistoryChoice(QObject):
    """Lets another history be chosen while one is open. `said` tells what comes of it."""

    said = Signal(str)

    def __init__(
        self, window: MainWindow, scope: TaskScope, settings: Settings, current: Path
    ) -> None:
        super().__init__(window)
        self._window = window
        self._scope = scope
        self._settings = settings
        self._current = current

    def choose(self) -> None:
        """Ask for a file: a history, or a name for a new one."""
        self._scope.start(self._choose(), name="choose history")

    async def _choose(self) -> None:
        path = await chosen_file(self._window, self._current)
        if path is not None:
            remember(self._settings, path)
            self.said.emit(f"{path} is the history from the next start on.")


async def chosen_file(window: MainWindow, current: Path) -> Path | None:
    """The file that the user chooses, beginning where the current one is; None for none."""
    dialog = QFileDialog(window, "Choose a history", str(current.parent))
    dialog.setObjectName("chooseHistory")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # one that exists is opened
    window.closed.connect(dialog.reject)
    is_chosen = await ask(dialog)
    paths = dialog.selectedFiles()
    dialog.deleteLater()
    return Path(paths[0]) if is_chosen and paths else None


def remembered(settings: Settings, usual: Path) -> Path:
    """The file that was chosen, or the usual one."""
    return Path(settings.text(_PATH) or usual)


def remember(settings: Settings, path: Path | None) -> None:
    """Use this file from now on; None: the usual one."""
    settings.set(_PATH, "" if path is None else str(path.absolute()))
