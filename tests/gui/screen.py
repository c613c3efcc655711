"""The window as its user has it: controls found by name, keys pressed, texts read."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QTableView,
    QWidget,
)

from trackscope.gui.own_history import open_history
from trackscope.gui.program import Program
from trackscope.gui.settings import Settings
from trackscope.gui.theme.theme import Theme
from trackscope.gui.traffic.control import TrafficControl
from trackscope.gui.traffic.request_table import RequestTable
from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.gui.window import MainWindow
from trackscope.history.rows import Row
from trackscope.wire.request import TrackRequest

DEADLINE_S = 20
_TURN_S = 0.01
_QUIET_TURNS = 15
"""For longer than the list waits before it asks again what was written."""

W = TypeVar("W", bound=QWidget)


def names_of(widget: QWidget) -> set[str]:
    """What a control is called: its own accessible name, and the labels it is the buddy of."""
    labels = widget.window().findChildren(QLabel)
    return {widget.accessibleName()} | {
        label.text().replace("&", "") for label in labels if label.buddy() is widget
    } - {""}


class Screen:
    """One open program. `see` finds what is shown; the rest does what hands do."""

    def __init__(self, folder: Path, theme: Theme) -> None:
        self.folder = folder
        self.has_collector = False
        self._theme = theme
        self._is_open = False

    async def __aenter__(self) -> Self:
        if self._is_open:  # a test can ask for one screen by two names
            return self
        self._is_open = True
        self._files = open_history(self.folder / "history.trackscope")
        settings = Settings(self.folder / "window.ini")
        self.window = MainWindow()
        self.window.restore(settings)
        self.program = Program(self.window, self._files, settings, self._theme)
        self.history = self._files.history
        self.window.show()
        self.window.activateWindow()
        self.program.list.start()
        await self.until(self.window.isActiveWindow, "an active window")
        if self.has_collector:
            await self.start_collector()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave the program as its window's close button does."""
        if self._is_open:
            self._is_open = False
            self.window.close()
            await self.program.close()
            self._files.history.close()
            self.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            del self.program, self.window, self.history, self._files
            gc.collect()  # here: a worker's thread must not be the one that ends Qt's objects

    async def start_collector(self) -> None:
        """Let the collector listen, at whatever port is free."""
        self.choose(self.window.collector.menu(), "Start the collector")
        await self.until(lambda: bool(self.program.collector.address), "a collector that listens")

    # -- seeing

    def all_named(self, name: str) -> Iterator[QWidget]:
        """Every visible control of that name, in this window and its dialogs."""
        for widget in self.window.findChildren(QWidget):
            if widget.isVisible() and name in names_of(widget):
                yield widget

    def see(self, kind: type[W], name: str) -> W:
        """The one visible control of that kind and accessible name."""
        found = [each for each in self.all_named(name) if isinstance(each, kind)]
        assert len(found) == 1, f"{len(found)} times {kind.__name__} {name!r}"
        return found[0]

    def part(self, kind: type[W], object_name: str) -> W:
        """The one part of that kind and object name; also one that is hidden."""
        found = self.window.findChildren(kind, object_name)
        assert len(found) == 1, f"{len(found)} times {kind.__name__} #{object_name}"
        return found[0]

    def words(self, object_name: str) -> str:
        """What a label says; nothing where it is hidden."""
        label = self.part(QLabel, object_name)
        return label.text() if label.isVisible() else ""

    @property
    def request(self) -> TrackRequest:
        return self.program.composer.document.request

    @property
    def events(self) -> tuple[Any, ...]:
        return self.program.composer.document.decoded.events or ()

    @property
    def properties(self) -> dict[str, Any]:
        """The properties of the first event."""
        properties = self.events[0]["properties"]
        assert isinstance(properties, dict)
        return properties

    @property
    def texts(self) -> dict[str, str]:
        """What the editors show."""
        editors = {"url": "Request URL", "json": "JSON", "data": "Base64 data"}
        return {face: self.see(CodeEdit, name).text() for face, name in editors.items()}

    @property
    def said(self) -> str:
        """The sentence in the status bar."""
        return self.words("statusMessage")

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows that the history shows, newest first."""
        return self.program.workspace.history.model.rows

    def table(self, name: str) -> list[list[str]]:
        """The texts of a table."""
        model = self.see(QTableView, name).model()
        return [
            [str(model.index(row, column).data() or "") for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]

    async def until(self, condition: Callable[[], bool], what: str = "it") -> None:
        """Wait until something is so."""
        try:
            async with asyncio.timeout(DEADLINE_S):
                while not condition():  # noqa: ASYNC110 (no one event tells of it)
                    await asyncio.sleep(_TURN_S)
        except TimeoutError:
            raise AssertionError(f"{what} did not come about; said: {self.said!r}") from None

    @property
    def traffic(self) -> TrafficControl:
        """Traffic, which is there once it was shown."""
        traffic = self.program.traffic
        assert traffic is not None
        return traffic

    @property
    def requests(self) -> RequestTable:
        """The list of Traffic."""
        return self.see(RequestTable, "Captured requests")

    @property
    def listed(self) -> list[str]:
        """The events of the list's rows, and the titles of its dividers in brackets."""
        model = self.requests.requests
        keys = [column.key for column in model.columns]
        texts = []
        for row in range(model.rowCount()):
            divider = model.rows.divider_at(row)
            event = str(model.index(row, keys.index("event")).data())
            texts.append(f"[{divider.title}]" if divider else event)
        return texts

    # -- doing

    async def open(self, *paths: Path) -> None:
        """Open captures, and wait until all of them are read, listed and indexed."""
        self.program.open(paths)
        await self.settle()
        await self.read()

    async def read(self) -> None:
        """Wait until everything that is being opened is read, and the list is at rest."""
        opening = self.traffic.opening
        await self.until(lambda: opening.scratch is not None, "a list of what was opened")
        await self.until(lambda: not opening.is_reading, "the end of reading")
        await self.at_rest()

    async def at_rest(self) -> None:
        """Wait until the list shows all that its source holds, and nothing is under way."""
        traffic, quiet = self.traffic, 0
        for _ in range(int(DEADLINE_S / _TURN_S)):
            await asyncio.sleep(_TURN_S)
            is_busy = self.program.scope._tasks or traffic.time._timer.isActive()
            is_busy = is_busy or traffic.index._timer.isActive()
            quiet = 0 if is_busy else quiet + 1
            if quiet > _QUIET_TURNS:
                return
        raise AssertionError("the list does not come to rest")

    def press(self, *keys: str) -> None:
        """Press keys, where the focus is."""
        for key in keys:
            widget = QApplication.activePopupWidget() or QApplication.focusWidget() or self.window
            QTest.keySequence(widget, QKeySequence(key))

    def type(self, widget: QWidget, text: str) -> None:
        """Put the focus there, and type at the end of what is there."""
        self.focus(widget)
        QTest.keyClicks(widget, text)

    def retype(self, widget: QWidget, text: str) -> None:
        """Replace what is there by typing."""
        self.focus(widget)
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(widget, Qt.Key.Key_Delete)
        self.type(widget, text)

    def focus(self, widget: QWidget) -> None:
        widget.setFocus()
        assert widget.hasFocus()

    def click(self, name: str) -> None:
        """Click the button or box of that name."""
        widget = self.see(QWidget, name)
        assert widget.isEnabled(), f"{name!r} is disabled"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=_on_mark(widget))

    def select(self, name: str, entry: str) -> None:
        """Choose an entry of a combo box as a person does: open, click."""
        box = self.see(QComboBox, name)
        box.showPopup()
        index = box.model().index(box.findText(entry), 0)
        assert index.isValid(), f"no {entry!r} in {[box.itemText(n) for n in range(box.count())]}"
        _click_item(box.view(), index.row())

    def choose(self, menu: QMenu, words: str) -> None:
        """Choose an entry of a menu by what it begins with."""
        menu.aboutToShow.emit()
        action = next(each for each in menu.actions() if each.text().startswith(words))
        assert action.isEnabled(), f"{action.text()!r} is disabled"
        action.trigger()

    def run(self, id_: str) -> None:
        """Run a command of the table, as its menu entry does."""
        action = self.program.actions[id_]
        assert action.isEnabled(), f"{id_} is disabled"
        action.trigger()

    def open_cell(self, row: str, column: int) -> QWidget:
        """Open the editor of a cell of the property of that name."""
        table = self.see(QTableView, "Properties")
        model = table.model()
        number = next(at for at in range(model.rowCount()) if model.index(at, 0).data() == row)
        index = model.index(number, column)
        table.setCurrentIndex(index)
        table.edit(index)
        return self.see(QWidget, ("Property name", "Property type", "Property value")[column])

    def edit_cell(self, row: str, column: int, text: str) -> None:
        """Type into a cell of the property of that name, or choose in it."""
        editor = self.open_cell(row, column)
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text)
            editor.activated.emit(editor.currentIndex())
        else:
            assert isinstance(editor, QLineEdit)
            editor.selectAll()
            QTest.keyClicks(editor, text)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        QCoreApplication.sendPostedEvents()  # the delegate hears of Return only now

    def choose_event(self, number: int) -> None:
        """Click an event of the batch."""
        _click_item(self.see(QListWidget, "Events"), number)

    def choose_row(self, number: int) -> None:
        """Click a row of the history."""
        table = self.see(QTableView, "History")
        self.focus(table)
        _click_item(table, number)

    async def paste(self, name: str, text: str) -> None:
        """Paste into the editor of that name."""
        QGuiApplication.clipboard().setText(text)
        self.focus(self.see(QWidget, name))
        self.press("Ctrl+V")
        await self.settle()

    def drop(self, widget: QWidget, mime: QMimeData) -> bool:
        """Drag something over a widget and drop it; whether anybody took it."""
        if isinstance(widget, QAbstractScrollArea):
            widget = widget.viewport()
        place, copy = QPoint(5, 5), Qt.DropAction.CopyAction
        button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(place, copy, mime, button, keys)
        QApplication.sendEvent(widget, enter)
        drop = QDropEvent(QPointF(place), copy, mime, button, keys)
        QApplication.sendEvent(widget, drop)
        return enter.isAccepted() and drop.isAccepted()

    async def settle(self) -> None:
        """Let everything that is under way end: tasks, timers of no time, what Qt has queued."""
        scope_tasks = self.program.scope._tasks
        await asyncio.sleep(_TURN_S)
        await self.until(lambda: not scope_tasks, "the tasks end")
        await asyncio.sleep(_TURN_S)

    async def send(self) -> None:
        """Press Send, and wait until there is an answer or none."""
        self.click("Send")
        await self.sent()

    async def sent(self) -> None:
        """Wait until what is being sent is answered and stands in the history."""
        sending = self.program.sending
        await self.until(lambda: not sending.is_sending, "the end of sending")
        await self.settle()

    @property
    def headline(self) -> str:
        return self.words("answer")


def _on_mark(widget: QWidget) -> QPoint:
    """A check box reacts on its mark, not on the rest of a stretched widget."""
    middle = widget.rect().center()
    return middle if isinstance(widget, QPushButton) else QPoint(min(10, middle.x()), middle.y())


def _click_item(view: QAbstractItemView, row: int) -> None:
    index = view.model().index(row, 0)
    view.scrollTo(index)
    place = view.visualRect(index).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
