"""Traffic, the workspace: tools, time line and list over the detail of one exchange."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from trackscope.gui.commands import key_of
from trackscope.gui.models.traffic import TrafficModel
from trackscope.gui.models.traffic_cells import Column
from trackscope.gui.settings import Settings
from trackscope.gui.traffic.connect_panel import ConnectPanel
from trackscope.gui.traffic.detail import DetailArea
from trackscope.gui.traffic.empty_state import EmptyState
from trackscope.gui.traffic.live_bar import LiveBar
from trackscope.gui.traffic.reading_line import ReadingLine
from trackscope.gui.traffic.request_table import RequestTable
from trackscope.gui.traffic.time_strip import TimeStrip
from trackscope.gui.traffic.tool_row import LIVE, OPENED, ToolRow
from trackscope.gui.widgets.banner import Banner
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.tight_column import tight_column

_SPLITTER = "traffic/rows"


class TrafficWorkspace(QWidget):
    """Arranges the parts; what they show is brought by the controls beside it."""

    def __init__(self, columns: tuple[Column, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trafficWorkspace")
        self.tools = ToolRow()
        self.live_bar = LiveBar()
        self.mistake = Banner()
        self.mistake.setObjectName("filterMistake")
        self.faults = Banner()
        self.faults.setObjectName("faultsOn")
        self.forwarding = Banner()
        self.forwarding.setObjectName("forwarding")
        self.problem = Banner()
        self.problem.setObjectName("readingProblem")
        self.reading = ReadingLine()
        self.strip = TimeStrip()
        self.model = TrafficModel(columns, self)
        self.table = RequestTable(self.model)
        self.detail = DetailArea()
        self.open = IconButton("folder-open", "Open a capture", text="Open a capture…",
                               kind="primary", key=key_of("open-capture"))  # fmt: skip
        self.open.setObjectName("openFirstCapture")
        self.connect_panel = ConnectPanel()
        self.clear_filter = IconButton("x", "Show all", text="Show all", kind="outlined")
        self._build_ui()
        self.setFocusProxy(self.table)

    def _build_ui(self) -> None:
        self.clear_filter.setObjectName("showAll")
        self._states = (self._opened_state(), self._live_state(), self._no_match_state())
        list_ = QWidget()
        list_.setObjectName("requestList")
        column = tight_column(list_)
        column.addWidget(self.strip)
        column.addWidget(self.table, 1)
        self.rows = QSplitter(Qt.Orientation.Vertical)
        self.rows.setObjectName("trafficSplitter")
        self.rows.setChildrenCollapsible(False)
        self.rows.addWidget(list_)
        self.rows.addWidget(self.detail)
        self.rows.setSizes([400, 280])
        self.rows.setStretchFactor(0, 3)
        self.rows.setStretchFactor(1, 2)
        list_.setMinimumHeight(160)
        self.detail.setMinimumHeight(120)
        self._stack = QStackedWidget()
        self._stack.setObjectName("trafficStack")
        for shown in (self.rows, *self._states):
            self._stack.addWidget(shown)
        layout = tight_column(self)
        self.live_bar.hide()
        banners = (self.faults, self.forwarding, self.mistake, self.reading, self.problem)
        for widget in (self.tools, self.live_bar, *banners):
            layout.addWidget(widget)
        layout.addWidget(self._stack, 1)

    def _opened_state(self) -> EmptyState:
        return EmptyState(
            "inbox",
            "No capture is open",
            "Open a HAR, an access log, a pcap or mitmproxy file or any text, drop it here, "
            f"or paste it ({key_of('paste-anything')}). Nothing leaves this computer.",
            self.open,
            name="emptyOpened",
        )

    def _live_state(self) -> EmptyState:
        return EmptyState(
            "radio",
            "Waiting for the first request",
            "Point an SDK at this address, or open a capture file. Nothing leaves this computer "
            "unless you forward it.",
            self.connect_panel,
            name="emptyLive",
        )

    def _no_match_state(self) -> EmptyState:
        return EmptyState(
            "filter", "No request matches the filter", "", self.clear_filter, name="emptyFiltered"
        )

    def show_list(self) -> None:
        """Show the list; where it was not shown before, the keyboard goes on in it.

        Not so while somebody types a filter or walks through the sources.
        """
        is_new = self._stack.currentWidget() is not self.rows
        is_busy = self.tools.filter.hasFocus() or self.tools.source.hasFocus()
        self._stack.setCurrentWidget(self.rows)
        if is_new and self.isVisible() and not is_busy:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_empty(self, source: int, *, is_filtered: bool, total: int) -> None:
        """Show why there is no row, and what can be done."""
        if is_filtered and total:
            none = self._states[2]
            none.say("No request matches the filter", f"{total:,} are hidden by it.")
            self._stack.setCurrentWidget(none)
        else:
            self._stack.setCurrentWidget(self._states[OPENED if source != LIVE else LIVE])

    def panes(self) -> tuple[QWidget, ...]:
        """What F6 walks through, in reading order."""
        return (
            self.tools,
            self.live_bar,
            self.strip,
            self.table,
            *self.detail.panes(),
            *self._states,
        )

    def save(self, settings: Settings) -> None:
        """Remember the sizes of the panes."""
        settings.set(_SPLITTER, self.rows.saveState())
        self.detail.save(settings)

    def restore(self, settings: Settings) -> None:
        """Take up the sizes that were remembered."""
        state = settings.state(_SPLITTER)
        if not state.isEmpty():
            self.rows.restoreState(state)
            self.rows.setOrientation(Qt.Orientation.Vertical)
        self.detail.restore(settings)
