"""Every action of the window, as one table: menus, palette, tooltips and docs are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


@dataclass(frozen=True, slots=True)
class Command:
    """One action: its id, its words, its keys (portable text), and the menu it stands in.

    `begins_group` draws a line above it in the menu. `where` names the workspaces in which it
    works: each does it in its own way; without any, it works everywhere in the same.
    """

    id: str
    text: str
    keys: tuple[str, ...]
    menu: str
    begins_group: bool = False
    is_checkable: bool = False
    where: tuple[str, ...] = ()


WORKSPACES = ("Compose", "Traffic")
"""The workspaces that there are, in the order of the bar."""

_IN_COMPOSE = ("Compose",)
_IN_TRAFFIC = ("Traffic",)

MENUS = ("File", "Edit", "View", "Request", "History", "Help")

COMMANDS = (
    Command("new-request", "New request", ("Ctrl+N",), "File"),
    Command("paste-anything", "Paste anything", ("Ctrl+Shift+V",), "File"),
    Command("open-capture", "Open capture…", ("Ctrl+O",), "File"),
    Command("export-history", "Export the list…", ("Ctrl+Shift+E",), "File", where=WORKSPACES),
    Command("history-file", "Another history file…", (), "File"),
    Command("settings", "Settings", ("Ctrl+,",), "File", begins_group=True),
    Command("quit", "Quit", ("Ctrl+Q",), "File", begins_group=True),
    Command("undo", "Undo", ("Ctrl+Z",), "Edit", where=_IN_COMPOSE),
    Command("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Edit", where=_IN_COMPOSE),
    Command(
        "format-json",
        "Format JSON",
        ("Ctrl+Shift+F",),
        "Edit",
        begins_group=True,
        where=_IN_COMPOSE,
    ),
    Command("compact-json", "Compact JSON", (), "Edit", where=_IN_COMPOSE),
    Command(
        "add-property",
        "Add property",
        ("Ctrl+Shift+N",),
        "Edit",
        begins_group=True,
        where=_IN_COMPOSE,
    ),
    Command("add-event", "Add event", (), "Edit", where=_IN_COMPOSE),
    Command("copy-value", "Copy value", ("Ctrl+C",), "Edit", begins_group=True, where=_IN_TRAFFIC),
    Command("copy-json", "Copy value as JSON", ("Ctrl+Alt+C",), "Edit", where=_IN_TRAFFIC),
    Command("compose", "Compose", ("Ctrl+1",), "View"),
    Command("traffic", "Traffic", ("Ctrl+2",), "View"),
    Command("focus-url", "Go to the URL", ("Ctrl+L",), "View", where=_IN_COMPOSE),
    Command("find", "Filter the list", ("Ctrl+F",), "View", where=WORKSPACES),
    Command("columns", "Columns…", (), "View", where=_IN_TRAFFIC),
    Command("whole-value", "Show the whole value", ("Alt+Return",), "View", where=_IN_TRAFFIC),
    Command("watch", "Watch the property, or no longer", ("Ctrl+B",), "View", where=_IN_TRAFFIC),
    Command("filter-by", "Filter by the property", ("Ctrl+Alt+F",), "View", where=_IN_TRAFFIC),
    Command("pause-list", "Pause the list, or go on", ("Ctrl+P",), "View", where=_IN_TRAFFIC),
    Command("go-newest", "Go to the newest", ("Ctrl+Home",), "View", where=_IN_TRAFFIC),
    Command("next-pane", "Next pane", ("F6", "Ctrl+Tab"), "View", begins_group=True),
    Command("previous-pane", "Previous pane", ("Shift+F6", "Ctrl+Shift+Tab"), "View"),
    Command("answer-side", "Answer beside or below", ("Ctrl+\\",), "View", where=_IN_COMPOSE),
    Command("zoom-in", "Zoom in", ("Ctrl+=", "Ctrl++"), "View", begins_group=True),
    Command("zoom-out", "Zoom out", ("Ctrl+-",), "View"),
    Command("zoom-reset", "Normal size", ("Ctrl+0",), "View"),
    Command(
        "theme-system", "Colours of the system", (), "View", begins_group=True, is_checkable=True
    ),
    Command("theme-light", "Light colours", (), "View", is_checkable=True),
    Command("theme-dark", "Dark colours", (), "View", is_checkable=True),
    Command("send", "Send", ("Ctrl+Enter", "Ctrl+Return"), "Request", where=_IN_COMPOSE),
    Command("cancel", "Stop sending", ("Esc",), "Request"),
    Command("send-many", "Send many…", ("Ctrl+Alt+Return",), "Request", where=_IN_COMPOSE),
    Command("send-test", "Send a test event", ("Ctrl+T",), "Request"),
    Command(
        "copy-as",
        "Copy as…",
        ("Ctrl+Shift+C",),
        "Request",
        begins_group=True,
        where=WORKSPACES,
    ),
    Command(
        "fix-first",
        "Mend the first finding",
        ("Ctrl+.",),
        "Request",
        begins_group=True,
        where=_IN_COMPOSE,
    ),
    Command("toggle-collector", "Start or stop the collector", ("Ctrl+R",), "Request"),
    Command("connect-sdk", "Connect an SDK…", ("Ctrl+I",), "Request", where=_IN_TRAFFIC),
    Command("faults", "Faulty answers…", ("Ctrl+Shift+Y",), "Request", where=_IN_TRAFFIC),
    Command("forward", "Forward…", ("Ctrl+Shift+O",), "Request", where=_IN_TRAFFIC),
    Command("ledger", "Ledger of what arrived…", ("Ctrl+Shift+L",), "Request", where=_IN_TRAFFIC),
    Command("notify", "Notify me of a 0", (), "Request", is_checkable=True),
    Command("strict", "Strict collector", (), "Request", is_checkable=True),
    Command("edit-selected", "Edit selected in Compose", ("Ctrl+E",), "History", where=WORKSPACES),
    Command("send-selected", "Send selected again", ("Ctrl+Shift+R",), "History", where=WORKSPACES),
    Command("compare", "Compare two selected", ("Ctrl+D",), "History", where=_IN_TRAFFIC),
    Command("judge-again", "Judge again as…", ("Ctrl+J",), "History", where=_IN_TRAFFIC),
    Command("note", "Note…", ("Ctrl+M",), "History", where=_IN_TRAFFIC),
    Command(
        "next-exchange",
        "Next exchange",
        ("Ctrl+Down",),
        "History",
        begins_group=True,
        where=WORKSPACES,
    ),
    Command("previous-exchange", "Previous exchange", ("Ctrl+Up",), "History", where=WORKSPACES),
    Command(
        "start-over",
        "Start over with a new run",
        ("Ctrl+Shift+K",),
        "History",
        begins_group=True,
        where=_IN_TRAFFIC,
    ),
    Command("undo-start-over", "Undo starting over", (), "History", where=_IN_TRAFFIC),
    Command("clear-history", "Clear the list", (), "History", begins_group=True, where=WORKSPACES),
    Command("restore-history", "Bring the cleared list back", (), "History", where=WORKSPACES),
    Command("palette", "All commands", ("Ctrl+K",), "Help"),
    Command("keys", "Keys and help", ("F1",), "Help"),
    Command("about", "About Trackscope", (), "Help", begins_group=True),
)
"""Rows in the order of the menus."""


class Actions:
    """The table's rows as Qt actions of a window, each connected to its handler."""

    def __init__(self, window: QWidget, handlers: Mapping[str, Callable[[], object]]) -> None:
        self._actions = {
            command.id: self._action(window, command, handlers[command.id]) for command in COMMANDS
        }

    def __getitem__(self, id_: str) -> QAction:
        return self._actions[id_]

    def _action(self, window: QWidget, command: Command, handler: Callable[[], object]) -> QAction:
        action = QAction(command.text, window)
        action.setObjectName(command.id)
        action.setCheckable(command.is_checkable)
        action.setShortcuts([QKeySequence(keys) for keys in command.keys])
        action.setToolTip(with_key(command))
        action.triggered.connect(lambda _checked=False: handler())
        window.addAction(action)
        return action

    def fill(self, bar: QMenuBar, submenus: Mapping[str, QMenu]) -> None:
        """Put the actions into the menus that the table names, each before its submenu."""
        for title in MENUS:
            menu = bar.addMenu(f"&{title}")
            for command in COMMANDS:
                if command.menu == title:
                    if command.begins_group:
                        menu.addSeparator()
                    menu.addAction(self._actions[command.id])
                    if command.id in submenus:
                        menu.addMenu(submenus[command.id])


def with_key(command: Command) -> str:
    """The command's words with its first key in the way of the system, for a tooltip."""
    key = key_of(command.id)
    return f"{command.text} ({key})" if key else command.text


def key_of(id_: str) -> str:
    """The first key of a command in the way of the system; empty where it has none."""
    keys = next(command.keys for command in COMMANDS if command.id == id_)
    return QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
