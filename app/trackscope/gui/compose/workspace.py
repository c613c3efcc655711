"""Compose, the workspace: everything of one request on one screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from trackscope.gui.compose.answer_pane import AnswerPane
from trackscope.gui.compose.event_form import EventForm
from trackscope.gui.compose.event_list import EventList
from trackscope.gui.compose.finding_pane import FindingPane
from trackscope.gui.compose.history_pane import HistoryPane
from trackscope.gui.compose.parameter_pane import ParameterPane
from trackscope.gui.compose.payload_panes import PayloadPanes
from trackscope.gui.compose.url_row import UrlRow
from trackscope.gui.settings import Settings
from trackscope.gui.widgets.code_edit import CodeEdit
from trackscope.gui.widgets.tight_column import tight_column
from trackscope.session.composer import Composer

NARROW = 1100
"""Below this width, in pixels, the answer goes under the payload."""

_SPLITTERS = ("columns", "results", "answers", "rows")


class ComposeWorkspace(QWidget):
    """Arranges the panes; each of them follows the composer on its own."""

    def __init__(
        self, composer: Composer, clock: Callable[[], float], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("composeWorkspace")
        self._is_answer_below: bool | None = None
        self.url_row = UrlRow(composer)
        self.event_list = EventList(composer, clock)
        self.form = EventForm(composer, clock)
        self.parameters = ParameterPane(composer)
        self.payload = PayloadPanes(composer)
        self.answer = AnswerPane()
        self.findings = FindingPane(composer)
        self.history = HistoryPane()
        self._build_ui()

    def _build_ui(self) -> None:
        left = QWidget()
        left.setObjectName("requestColumn")
        left.setMinimumWidth(300)
        column = tight_column(left)
        column.addWidget(self.event_list)
        column.addWidget(self.form, 1)
        column.addWidget(self.parameters)
        self._answers = _splitter("answers", Qt.Orientation.Vertical, self.answer, self.findings)
        self._results = _splitter("results", Qt.Orientation.Horizontal, self.payload, self._answers)
        self._columns = _splitter("columns", Qt.Orientation.Horizontal, left, self._results)
        self._rows = _splitter("rows", Qt.Orientation.Vertical, self._columns, self.history)
        self._columns.setSizes([376, 904])
        self._results.setSizes([464, 440])
        self._answers.setSizes([214, 262])
        self._rows.setSizes([476, 180])
        for splitter, stretches in (
            (self._columns, (0, 1)),
            (self._rows, (1, 0)),
            (self._results, (1, 1)),
        ):
            for index, stretch in enumerate(stretches):
                splitter.setStretchFactor(index, stretch)
        layout = tight_column(self)
        layout.addWidget(self.url_row)
        layout.addWidget(self._rows, 1)

    def flip_answer(self) -> None:
        """Put the answer below the payload, or back beside it, until the next change of mind."""
        self._is_answer_below = self._results.orientation() == Qt.Orientation.Horizontal
        self._arrange()

    def editors(self) -> tuple[tuple[CodeEdit, frozenset[str]], ...]:
        """The editors into which requests are pasted, each with the forms it takes as they are."""
        payload = self.payload
        return (
            (self.url_row.url, frozenset()),
            (payload.json, frozenset(("json",))),
            (payload.data, frozenset(("base64", "json"))),
            (payload.body, frozenset(("form", "json"))),
        )

    def panes(self) -> tuple[QWidget, ...]:
        """What F6 walks through, in reading order."""
        return (
            self.url_row.url,
            self.event_list,
            self.form,
            self.parameters,
            self.payload.json,
            self.payload.data,
            self.answer,
            self.findings,
            self.history,
        )

    def save(self, settings: Settings) -> None:
        """Remember the sizes of the panes."""
        for name, splitter in self._splitters():
            settings.set(f"compose/{name}", splitter.saveState())
        below = {None: "", True: "below", False: "beside"}[self._is_answer_below]
        settings.set("compose/answer", below)

    def restore(self, settings: Settings) -> None:
        """Take up the sizes that were remembered."""
        answer = settings.text("compose/answer")
        self._is_answer_below = {"below": True, "beside": False}.get(answer)
        for name, splitter in self._splitters():
            orientation, state = splitter.orientation(), settings.state(f"compose/{name}")
            if not state.isEmpty():
                splitter.restoreState(state)
                splitter.setOrientation(orientation)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window has the answer under the payload."""
        super().resizeEvent(event)
        if self.isVisible():
            self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Only a shown window knows its width."""
        super().showEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        is_below = self._is_answer_below
        if is_below is None:
            is_below = self.width() < NARROW
        orientation = Qt.Orientation.Vertical if is_below else Qt.Orientation.Horizontal
        if self._results.orientation() != orientation:
            self._results.setOrientation(orientation)
            flipped = Qt.Orientation.Horizontal if is_below else Qt.Orientation.Vertical
            self._answers.setOrientation(flipped)
            room = self._results.height() if is_below else self._results.width()
            self._results.setSizes([room * 11 // 20, room * 9 // 20])

    def _splitters(self) -> tuple[tuple[str, QSplitter], ...]:
        splitters = (self._columns, self._results, self._answers, self._rows)
        return tuple(zip(_SPLITTERS, splitters, strict=True))


def _splitter(name: str, orientation: Qt.Orientation, *widgets: QWidget) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setObjectName(f"{name}Splitter")
    splitter.setChildrenCollapsible(False)
    for widget in widgets:
        splitter.addWidget(widget)
    return splitter
