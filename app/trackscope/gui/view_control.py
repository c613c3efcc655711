"""How the window looks: colours, zoom, which pane has the focus, and its side windows."""

from __future__ import annotations

import platform
from collections.abc import Callable

import PySide6
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from trackscope import __version__
from trackscope.gui.commands import Actions
from trackscope.gui.keys_page import KeysPage
from trackscope.gui.palette import CommandPalette
from trackscope.gui.settings import Settings
from trackscope.gui.theme.theme import ZOOM_STEP, Scheme, Theme
from trackscope.gui.window import MainWindow
from trackscope.gui.workspaces import Workspaces


class ViewControl(QObject):
    """Does what the View and Help menus offer, and remembers it in the settings."""

    def __init__(
        self, window: MainWindow, workspaces: Workspaces, theme: Theme, settings: Settings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._workspaces = workspaces
        self._theme = theme
        self._settings = settings
        self._actions: Actions | None = None
        self._palette: CommandPalette | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The commands that are done here, by id."""
        return {
            "next-pane": lambda: self._walk(1),
            "previous-pane": lambda: self._walk(-1),
            "zoom-in": lambda: self.zoom(self._theme.zoom + ZOOM_STEP),
            "zoom-out": lambda: self.zoom(self._theme.zoom - ZOOM_STEP),
            "zoom-reset": lambda: self.zoom(1.0),
            "theme-system": lambda: self.show_scheme(Scheme.SYSTEM),
            "theme-light": lambda: self.show_scheme(Scheme.LIGHT),
            "theme-dark": lambda: self.show_scheme(Scheme.DARK),
            "palette": self._open_palette,
            "keys": lambda: KeysPage(self._window).show(),
            "about": self._about,
        }

    def use(self, actions: Actions) -> None:
        """Take the window's actions, and the look that was remembered."""
        self._actions = actions
        self.show_scheme(Scheme(self._settings.choice("theme", [each.value for each in Scheme])))

    def zoom(self, factor: float) -> None:
        """Scale everything, and remember it."""
        self._theme.set_zoom(factor)
        self._settings.set("zoom", self._theme.zoom)
        self._window.say(f"Size: {self._theme.zoom:.0%}")

    def show_scheme(self, scheme: Scheme) -> None:
        """Use these colours, and remember it."""
        self._theme.set_scheme(scheme)
        self._settings.set("theme", scheme.value)
        if self._actions is not None:
            for each in Scheme:
                self._actions[f"theme-{each.value}"].setChecked(each is scheme)

    def _walk(self, by: int) -> None:
        """Give the focus to the next or previous pane that is shown."""
        panes = [pane for pane in self._workspaces.current.panes() if pane.isVisible()]
        focused = QApplication.focusWidget()
        current = next(
            (
                at
                for at, pane in enumerate(panes)
                if focused and (pane is focused or pane.isAncestorOf(focused))
            ),
            -by,
        )
        pane = panes[(current + by) % len(panes)]
        inner = (each for each in (pane, *pane.findChildren(QWidget)) if _takes_focus(each))
        next(inner, pane).setFocus(Qt.FocusReason.TabFocusReason)

    def _open_palette(self) -> None:
        assert self._actions is not None
        if self._palette is None:
            self._palette = CommandPalette(self._actions, self._window)
        self._palette.open_over(self._window)

    def close_palette(self) -> None:
        """Close the palette, if it is open."""
        if self._palette is not None:
            self._palette.close()

    def _about(self) -> None:
        box = QMessageBox(self._window)
        box.setObjectName("about")
        box.setWindowTitle("About Trackscope")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Trackscope {__version__}")
        box.setInformativeText(versions())
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.open()


def versions() -> str:
    """What the program runs on, for a report."""
    return (
        f"Python {platform.python_version()}\nQt for Python {PySide6.__version__}\n"
        f"{platform.platform()}"
    )


def _takes_focus(widget: QWidget) -> bool:
    by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(by_tab) and widget.isVisible() and widget.isEnabled()
