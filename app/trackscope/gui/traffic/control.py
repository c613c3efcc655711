"""Traffic as the program has it: the workspace with all that moves it, made at first use."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from trackscope.gui.bridge import TaskScope
from trackscope.gui.collector_control import CollectorControl
from trackscope.gui.collector_process import CollectorState, State
from trackscope.gui.commands import Actions
from trackscope.gui.settings import Settings
from trackscope.gui.traffic.arrival_control import ArrivalControl
from trackscope.gui.traffic.columns_control import ColumnsControl, remembered
from trackscope.gui.traffic.completion_control import CompletionControl
from trackscope.gui.traffic.connect_control import ConnectControl
from trackscope.gui.traffic.fault_control import FaultControl
from trackscope.gui.traffic.forward_control import ForwardControl
from trackscope.gui.traffic.index_control import IndexControl
from trackscope.gui.traffic.judge_control import JudgeControl
from trackscope.gui.traffic.ledger_control import LedgerControl
from trackscope.gui.traffic.list_control import ListControl
from trackscope.gui.traffic.opening_control import OpeningControl
from trackscope.gui.traffic.row_control import RowControl
from trackscope.gui.traffic.run_control import RunControl
from trackscope.gui.traffic.source_control import SourceControl
from trackscope.gui.traffic.time_control import TimeControl
from trackscope.gui.traffic.tool_row import LIVE, SOURCES
from trackscope.gui.traffic.workspace import TrafficWorkspace
from trackscope.history.history import History
from trackscope.history.query import Term
from trackscope.session.filter import Filter, with_term
from trackscope.session.progress import ending
from trackscope.session.selection import Selection

_SOURCE = "traffic/source"


class TrafficControl(QObject):
    """Joins the controls of the workspace; `collector` gives faulty answers, and forwards.

    `said` tells in a sentence what was done, `asked` which command of the window is wanted by its
    id, `edited` carries a TrackRequest that is to be opened in Compose.
    """

    said = Signal(str)
    asked = Signal(str)
    edited = Signal(object)

    def __init__(
        self,
        scope: TaskScope,
        settings: Settings,
        own: tuple[Path, History],
        actions: Actions,
        collector: CollectorControl,
    ) -> None:
        super().__init__()
        self.workspace = TrafficWorkspace(remembered(settings))
        self.setParent(self.workspace)
        self.list = ListControl(self.workspace.table, scope)
        self.opening = OpeningControl(self.workspace, scope)
        self.source = SourceControl(self.workspace, self.list, self.opening, scope, own)
        bar = self.workspace.live_bar
        self.arrivals = ArrivalControl(self.workspace.table, self.list, bar)
        self.runs = RunControl(self.list, bar, scope)
        self.connecting = ConnectControl(self.workspace, settings)
        give = collector.answer_faultily
        self.faults = FaultControl(self.workspace.faults, self.list, scope, give)
        self.forwarding = ForwardControl(
            self.workspace, self.list, scope, own[1], collector.forwarding, settings
        )
        self.ledger = LedgerControl(self.workspace, self.list, scope)
        self.columns = ColumnsControl(self.workspace.table, self.list, scope)
        self.index = IndexControl(self.list, scope)
        self.time = TimeControl(self.workspace, self.list, scope)
        self.rows = RowControl(self.workspace, self.list, scope, lambda: self.source.keeper)
        self.rows.use(actions)
        CompletionControl(self.workspace.tools.filter, self.list, scope)
        self.judging = JudgeControl(self.workspace, scope)
        self._settings = settings
        self._connect()
        self.workspace.restore(settings)
        source = settings.choice(_SOURCE, SOURCES)
        self.source.show(SOURCES.index(source))

    def _connect(self) -> None:
        tools = self.workspace.tools
        for teller in (tools, self.workspace.live_bar, self.connecting):
            teller.asked.connect(self.asked)
        tools.filter.filtered.connect(self._on_filtered)
        tools.filter.submitted.connect(self._focus_list)
        self.workspace.open.clicked.connect(lambda: self.asked.emit("open-capture"))
        self.source.switched.connect(self.arrivals.begin)
        self.rows.edited.connect(self.edited)
        self.rows.shown.connect(self.judging.show_exchange)
        self.rows.shown.connect(self.forwarding.show_exchange)
        self.workspace.detail.resend_asked.connect(lambda _: self.asked.emit("send-selected"))
        self.workspace.detail.tree.filter_asked.connect(self._on_filter_asked)
        self.opening.ended.connect(lambda path, progress: self.said.emit(ending(progress)))
        for part in (self.source, self.rows, self.runs, self.connecting, self.forwarding):
            part.said.connect(self.said)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What the window's commands do while Traffic is shown, by id."""
        table, tree = self.workspace.table, self.workspace.detail.tree
        return {
            "find": self._focus_filter,
            "next-exchange": lambda: table.step(1),
            "previous-exchange": lambda: table.step(-1),
            "edit-selected": self.rows.edit,
            "copy-as": self.rows.copy_as,
            "note": self.rows.write_note,
            "compare": self.rows.compare,
            "columns": self.columns.open_menu,
            "copy-value": self._copy_value,
            "copy-json": lambda: self._with_value(tree.copy_json, "Copied the value as JSON."),
            "whole-value": lambda: self._with_value(tree.show_whole),
            "watch": lambda: self._with_value(tree.flip_watched),
            "filter-by": lambda: self._with_value(tree.ask_for_filter),
            "clear-history": self.source.clear,
            "restore-history": self.source.restore,
            "pause-list": self.arrivals.pause,
            "go-newest": self.arrivals.go_newest,
            "start-over": self._start_over,
            "undo-start-over": self.runs.undo,
            "connect-sdk": self.connecting.open,
            "faults": self.faults.open,
            "forward": self.forwarding.open,
            "ledger": self.ledger.open,
            "judge-again": self.judging.open,
        }

    def show_collector(self, state: CollectorState) -> None:
        """Where the collector listens, and whether it does."""
        self.connecting.show_address(state.address)
        self.faults.show_listening(is_listening=bool(state.address))
        self.forwarding.show_address(state.address)
        is_running = state.state in (State.LISTENING, State.STARTING)
        self.workspace.tools.show_recording(is_recording=is_running)

    def shown(self) -> Selection:
        """The selected exchanges where there are several, else all that the list shows."""
        listing = self.list.listing
        if listing is None:
            return Selection(lambda: 0, lambda: iter(()))
        ids = self.rows.selected_ids()
        if len(ids) < 2:
            ids = list(self.workspace.model.shown_ids())
        return Selection(lambda: len(ids), lambda: listing.exchanges(ids))

    def save(self) -> None:
        """Remember columns, sizes and the source."""
        self.workspace.save(self._settings)
        self.columns.save(self._settings)
        self._settings.set(_SOURCE, SOURCES[self.source.source])

    def stop(self) -> None:
        """Follow no more, and end what is being read."""
        self.list.stop()
        for part in (self.arrivals, self.faults, self.forwarding, self.ledger):
            part.stop()
        self.index.stop()
        self.time.stop()
        self.opening.stop()

    def close(self) -> None:
        """Close the histories; the tasks that read them have ended."""
        self.source.close()
        self.opening.close()

    def _on_filtered(self, found: Filter) -> None:
        banner, field = self.workspace.mistake, self.workspace.tools.filter
        if found.mistakes:
            said = " ".join(each.message for each in found.mistakes)
            fixes = [
                (f"Write {each.fix}", partial(field.mend, each))
                for each in found.mistakes[:1]
                if each.fix
            ]
            banner.say("danger", f"{said} The list is as before.", fixes)
        else:
            banner.hide()
            self.list.filter(found.query)

    def _on_filter_asked(self, term: Term) -> None:
        field = self.workspace.tools.filter
        field.set_filter(with_term(field.text(), term))

    def _copy_value(self) -> None:
        """Copy what the keyboard is at: a cell of the list, and else a decoded value."""
        table, tree = self.workspace.table, self.workspace.detail.tree
        if table.hasFocus():
            QGuiApplication.clipboard().setText(str(table.currentIndex().data() or ""))
            self.said.emit("Copied the cell.")
        else:
            self._with_value(tree.copy_value, "Copied the value.")

    def _with_value(self, act: Callable[[], object], said: str = "") -> None:
        """Do something with the decoded value that is selected."""
        if self.workspace.detail.tree.current is None:
            said = "Select a property of the decoded request first."
        else:
            act()
        if said:
            self.said.emit(said)

    def _focus_filter(self) -> None:
        field = self.workspace.tools.filter
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field.select_range(0, len(field.text()))

    def _focus_list(self) -> None:
        self.workspace.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _start_over(self) -> None:
        if self.source.source == LIVE:
            self.runs.start_over()
        else:
            self.said.emit("A run is of what is received: choose the source “Sent and received”.")
