"""Which workspace the window shows, and which of its commands work there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from trackscope.gui.commands import COMMANDS, WORKSPACES, Actions, Command
from trackscope.gui.settings import Settings
from trackscope.gui.window import MainWindow

_SETTING = "window/workspace"

Handlers = Mapping[str, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace that stands: its widget, what F6 walks through, and its commands by id."""

    widget: QWidget
    panes: Callable[[], tuple[QWidget, ...]]
    handlers: Handlers


class Workspaces(QObject):
    """Makes each workspace when it is first shown. `shown` carries the index in WORKSPACES.

    A command that is not everywhere the same acts on the one that is shown, and is disabled where
    that does not have it.
    """

    shown = Signal(int)

    def __init__(
        self,
        window: MainWindow,
        settings: Settings,
        makers: tuple[Callable[[], Workspace], ...],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._makers = makers
        self._made: dict[int, Workspace] = {}
        self._actions: Actions | None = None
        self.index = 0
        window.workspaces.chosen.connect(self.show)
        self.show(0)

    @property
    def current(self) -> Workspace:
        """The workspace that is shown."""
        return self._made[self.index]

    def use(self, actions: Actions) -> None:
        """Take the window's actions."""
        self._actions = actions
        self._enable()

    def restore(self) -> None:
        """Show the workspace that was shown last."""
        self.show(WORKSPACES.index(self._settings.choice(_SETTING, WORKSPACES)))

    def save(self) -> None:
        """Remember which is shown."""
        self._settings.set(_SETTING, WORKSPACES[self.index])

    def show(self, index: int) -> None:
        """Show a workspace; it is made if it was not shown before."""
        if index not in self._made:
            self._made[index] = self._makers[index]()
            self._window.add_workspace(self._made[index].widget)
        self.index = index
        self._window.show_workspace(self.current.widget)
        self._window.workspaces.choose(index)
        self._enable()
        self.shown.emit(index)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Of each command that is not everywhere the same: what is done in the one shown."""
        return {command.id: self._handler(command.id) for command in COMMANDS if command.where}

    def can(self, command: Command) -> bool:
        """Whether a command works in the workspace that is shown."""
        return not command.where or WORKSPACES[self.index] in command.where

    def _handler(self, id_: str) -> Callable[[], object]:
        return lambda: self.current.handlers[id_]()

    def _enable(self) -> None:
        if self._actions is not None:
            for command in COMMANDS:
                self._actions[command.id].setEnabled(self.can(command))
