"""Which captures are opened: chosen in a dialog, or among those that were opened lately."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu

from trackscope.gui.bridge import TaskScope, ask
from trackscope.gui.settings import Settings
from trackscope.gui.widgets.plain import plain
from trackscope.gui.window import MainWindow

if TYPE_CHECKING:  # it would bring all formats of captures with it, before the first paint
    from trackscope.session.importing import Progress

MAX_RECENT = 8
_RECENT = "captures/recent"
_FOLDER = "captures/folder"


class CaptureChoice(QObject):
    """`chosen` carries the paths of captures to open."""

    chosen = Signal(object)

    def __init__(self, window: MainWindow, scope: TaskScope, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._scope = scope
        self._settings = settings
        self.menu = QMenu("Open &recent", window)
        self.menu.setObjectName("recentCaptures")
        self.menu.aboutToShow.connect(self._fill)
        self._fill()

    def choose(self) -> None:
        """Let captures be chosen, any number of them."""
        self._scope.start(self._choose(), name="choose")

    def remember(self, path: Path, progress: Progress) -> None:
        """Put a capture at the top of those opened lately, if it can be opened again for more."""
        if not progress.exchanges or not path.exists():  # a pasted text is gone already
            return
        shown = str(path.absolute())
        recent = [shown, *(each for each in self._settings.texts(_RECENT) if each != shown)]
        self._settings.set(_RECENT, recent[:MAX_RECENT])
        self._fill()

    async def _choose(self) -> None:
        dialog = QFileDialog(self._window, "Open captures", self._settings.text(_FOLDER))
        dialog.setObjectName("openFile")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        if await ask(dialog) and dialog.selectedFiles():
            paths = [Path(each) for each in dialog.selectedFiles()]
            self._settings.set(_FOLDER, str(paths[0].parent))
            self.chosen.emit(paths)

    def _fill(self) -> None:
        self.menu.clear()
        recent = self._settings.texts(_RECENT)
        for each in recent:
            path = Path(each)
            action = self.menu.addAction(_shown(path), partial(self.chosen.emit, [path]))
            action.setToolTip(plain(each, 300))
        self.menu.menuAction().setEnabled(bool(recent))
        if recent:
            self.menu.addSeparator()
            self.menu.addAction("Forget these", self._forget)

    def _forget(self) -> None:
        self._settings.set(_RECENT, [])
        self._fill()


def _shown(path: Path) -> str:
    """A path as a menu's entry, where & would underline a letter."""
    return plain(f"{path.name} — {path.parent}", 120).replace("&", "&&")
