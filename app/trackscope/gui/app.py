"""Starts the window: an empty one is painted first, then all that fills it is loaded."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from platformdirs import user_data_path
from PySide6.QtWidgets import QApplication

from trackscope.gui.settings import Settings
from trackscope.gui.theme.theme import MAX_ZOOM, MIN_ZOOM, Scheme, Theme
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
    theme = Theme(app)
    theme.set_zoom(settings.number("zoom", 1.0, MIN_ZOOM, MAX_ZOOM))
    theme.set_scheme(Scheme(settings.choice("theme", [each.value for each in Scheme])))
    theme.apply()
    window = MainWindow()
    window.restore(settings)
    window.show()
    app.processEvents()
    # Imported here: the core, asyncio and SQLite take longer to load than the first frame.
    from trackscope.gui.runtime import run

    run(app, window, settings, theme, arguments)
    return 0
