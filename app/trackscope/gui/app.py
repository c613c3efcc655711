"""Starts the window: its frame is painted first, then all that fills it is loaded.

What that frame does not need is not imported here; `Qt` itself with its hundred enumerations
takes as long as a fifth of it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from platformdirs import user_data_path
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from trackscope.gui.settings import Settings
from trackscope.gui.window import MainWindow


def main(arguments: Sequence[str] = ()) -> int:
    """Open the window and run until it is closed; returns the exit code.

    `arguments` are files whose text is read into Compose.
    """
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Trackscope")
    app.setDesktopFileName("trackscope")
    # The window's end is not the program's: what is under way is finished first.
    app.setQuitOnLastWindowClosed(False)
    settings = Settings(user_data_path("trackscope", appauthor=False) / "window.ini")
    _show_ground(app, settings)
    window = MainWindow()
    window.restore(settings)
    window.show()
    app.processEvents()
    # Imported here: what fills the frame takes longer to load than the first frame.
    from trackscope.gui.runtime import run

    run(app, window, settings, arguments)
    return 0


def _show_ground(app: QApplication, settings: Settings) -> None:
    """The colour of the frame where another than the system's was chosen: nothing flashes."""
    scheme = settings.choice("theme", ("system", "light", "dark"))
    if scheme != "system":
        from trackscope.gui.theme.roles import DARK, LIGHT

        app.setPalette(QPalette(QColor((DARK if scheme == "dark" else LIGHT).canvas)))
