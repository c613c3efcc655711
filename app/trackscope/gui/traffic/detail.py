"""The detail under the list: what one exchange carries, decoded and as it was sent."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from trackscope.capture.exchange import Exchange
from trackscope.gui.bridge import TaskScope
from trackscope.gui.commands import key_of
from trackscope.gui.settings import Settings
from trackscope.gui.traffic.answer_line import AnswerLine
from trackscope.gui.traffic.decoded_view import DecodedView
from trackscope.gui.traffic.sent_pane import SentPane
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.pane import Pane
from trackscope.gui.widgets.plain import plain
from trackscope.session.decoded_tree import decoded_tree, places_of_node, pointer_at
from trackscope.session.inspection import Inspection, inspect, is_large
from trackscope.session.value_tree import Node
from trackscope.wire.editing import apply_edits
from trackscope.wire.finding import Finding
from trackscope.wire.place import Places

NONE = "Select a request to see what it carries."
READING = "Reading the request…"

_SPLITTER = "traffic/detail"
_CHOICE = "traffic/sent"
_WATCHED = "traffic/watched"
_TREE_MIN_PX, _SENT_MIN_PX = 320, 280


class DetailArea(QWidget):
    """Shows one exchange, or a sentence. The parts are `head` (answer and note), `tree` and `sent`.

    `edit_asked` carries the TrackRequest that is to be opened in Compose, `resend_asked` the
    Exchange that is to be sent again.
    """

    edit_asked = Signal(object)
    resend_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scope: TaskScope | None = None
        self._exchange: Exchange | None = None
        self._seen: Inspection | None = None
        self._watched: tuple[str, ...] = ()
        self.head = AnswerLine()
        self.tree = DecodedView()
        self.sent = SentPane()
        self._build_ui()
        self._connect()
        self.show_exchange(None)

    def _build_ui(self) -> None:
        self.setObjectName("detailArea")
        self._edit = IconButton(
            "pencil", "Edit in Compose", text="Edit in Compose", key=key_of("edit-selected")
        )
        self._edit.setObjectName("editInCompose")
        self._resend = IconButton(
            "send", "Send again", text="Send again", key=key_of("send-selected")
        )
        self._resend.setObjectName("sendAgain")
        decoded = Pane("Decoded")
        decoded.setObjectName("decodedPane")
        decoded.add_action_widget(self._edit)
        decoded.add_action_widget(self._resend)
        decoded.set_content(self.tree)
        decoded.setMinimumWidth(_TREE_MIN_PX)
        self.sent.setMinimumWidth(_SENT_MIN_PX)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.setObjectName("detailSplitter")
        self._columns.setChildrenCollapsible(False)
        self._columns.addWidget(decoded)
        self._columns.addWidget(self.sent)
        self._columns.setSizes([640, 640])
        page = QWidget()
        _column(page, self.head, self._columns)
        self._message = QLabel()
        self._message.setObjectName("emptyState")
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._message)
        self._stack.addWidget(page)
        _column(self, self._stack)

    def _connect(self) -> None:
        self._edit.clicked.connect(self.edit)
        self._resend.clicked.connect(self.resend)
        self.tree.chosen.connect(self._on_chosen)
        self.tree.watch_flipped.connect(self.flip_watched)
        self.sent.selected.connect(self._on_selected)
        self.sent.fixed.connect(self._on_fixed)

    def use_scope(self, scope: TaskScope) -> None:
        """Read large requests in a thread from now on, in tasks of this scope."""
        self._scope = scope

    def show_exchange(self, exchange: Exchange | None) -> None:
        """Show another exchange, or that none is selected."""
        self._exchange = exchange
        if exchange is None:
            self.show_message(NONE)
        elif self._scope is not None and is_large(exchange):
            self.show_message(READING)
            self._exchange = exchange
            self._scope.start(self._read(exchange), name="inspect")
        else:
            self._show(inspect(exchange))

    async def _read(self, exchange: Exchange) -> None:
        seen = await asyncio.to_thread(inspect, exchange)
        if self._exchange is exchange:
            self._show(seen)

    def show_message(self, text: str) -> None:
        """Show a sentence in place of an exchange."""
        self._exchange = self._seen = None
        self._message.setText(plain(text, 600))
        self._stack.setCurrentIndex(0)

    def _show(self, seen: Inspection) -> None:
        self._seen = seen
        self.head.show_inspection(seen)
        self._show_tree()
        self.sent.show_inspection(seen)
        self._stack.setCurrentIndex(1)

    def _show_tree(self) -> None:
        if self._seen is not None:
            nodes = decoded_tree(self._seen, self._watched)
            self.tree.show_nodes(nodes, frozenset(self._watched))

    def edit(self) -> None:
        """Ask for the request in Compose."""
        if self._exchange is not None:
            self.edit_asked.emit(self._exchange.request)

    def resend(self) -> None:
        """Ask to send the exchange again."""
        if self._exchange is not None:
            self.resend_asked.emit(self._exchange)

    @property
    def watched(self) -> tuple[str, ...]:
        """The names of the properties that stand first in every exchange."""
        return self._watched

    def flip_watched(self, name: str) -> None:
        """Watch a property, or no longer."""
        others = tuple(each for each in self._watched if each != name)
        self._watched = (*self._watched, name) if len(others) == len(self._watched) else others
        self._show_tree()

    def save(self, settings: Settings) -> None:
        """Remember the sizes, which text is shown, and what is watched."""
        settings.set(_SPLITTER, self._columns.saveState())
        settings.set(_CHOICE, self.sent.choice)
        settings.set(_WATCHED, self._watched)

    def restore(self, settings: Settings) -> None:
        """Take up what was remembered."""
        state = settings.state(_SPLITTER)
        if not state.isEmpty():
            self._columns.restoreState(state)
            self._columns.setOrientation(Qt.Orientation.Horizontal)
        self.sent.choose(int(settings.number(_CHOICE, 0, 0, 9)))
        self._watched = settings.texts(_WATCHED)
        self._show_tree()

    def _on_chosen(self, node: Node) -> None:
        if self._seen is None:
            return
        self.sent.show_places(places_of_node(self._seen.request, self._seen.decoded, node))
        found = [node.points_at] if isinstance(node.points_at, Finding) else []
        found += [each for each in self._seen.findings if node.at and each.at == node.at][:1]
        self.sent.say_finding(found[0] if found else None)

    def _on_selected(self, places: Places) -> None:
        if self._seen is not None and places.json is not None:
            self.tree.show_at(pointer_at(self._seen, places.json))

    def _on_fixed(self, finding: Finding) -> None:
        if self._exchange is not None and finding.fix is not None:
            self.edit_asked.emit(apply_edits(self._exchange.request, finding.fix.edits))


def _column(widget: QWidget, *parts: QWidget) -> None:
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for part in parts:
        layout.addWidget(part, int(part is parts[-1]))
