"""The detail under the list: what one exchange carries, decoded and as it was sent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QWidget

from trackscope.capture.exchange import Exchange
from trackscope.gui.bridge import TaskScope
from trackscope.gui.commands import key_of
from trackscope.gui.latest import Latest
from trackscope.gui.settings import Settings
from trackscope.gui.traffic.answer_line import AnswerLine
from trackscope.gui.traffic.decoded_view import DecodedView
from trackscope.gui.traffic.forward_line import ForwardLine
from trackscope.gui.traffic.sent_pane import SentPane
from trackscope.gui.widgets.icon_button import IconButton
from trackscope.gui.widgets.pane import Pane
from trackscope.gui.widgets.plain import plain
from trackscope.gui.widgets.tight_column import tight_column
from trackscope.session.decoded_tree import decoded_tree
from trackscope.session.inspection import Inspection, inspect, is_large
from trackscope.session.pointing import places_of_node, pointer_at
from trackscope.session.value_tree import Node
from trackscope.wire.editing import apply_edits
from trackscope.wire.finding import Face, Finding
from trackscope.wire.json_text import Span
from trackscope.wire.place import Places, places_of, places_of_range

NONE = "Select a request to see what it carries."
READING = "Reading the request…"

MOST_WATCHED = 50
"""Properties that are watched; of more, those that were chosen first are dropped."""

_SPLITTER = "traffic/detail"
_CHOICE = "traffic/sent"
_WATCHED = "traffic/watched"
_TREE_MIN_PX = 320


class DetailArea(QWidget):
    """Shows one exchange, or a sentence.

    The parts are `head` (answer and note), `forwarding`, `tree` and `sent`.

    `edit_asked` carries the TrackRequest that is to be opened in Compose, `resend_asked` the
    Exchange that is to be sent again.
    """

    edit_asked = Signal(object)
    resend_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspecting: Latest[tuple[Inspection, tuple[Node, ...]]] = Latest(self._show)
        self._placing: Latest[tuple[Places, str]] = Latest(self._point)
        self._exchange: Exchange | None = None
        self._seen: Inspection | None = None
        self._watched: tuple[str, ...] = ()
        self.head = AnswerLine()
        self.forwarding = ForwardLine()
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
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.setObjectName("detailSplitter")
        self._columns.setChildrenCollapsible(False)
        self._columns.addWidget(decoded)
        self._columns.addWidget(self.sent)
        self._columns.setSizes([640, 640])
        page = QWidget()
        _column(page, self.head, self.forwarding, self._columns)
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
        self.sent.pointed.connect(self._on_pointed)
        self.sent.fixed.connect(self._on_fixed)

    def use_scope(self, scope: TaskScope) -> None:
        """Read large requests in threads from now on, in tasks of this scope."""
        self._inspecting.use_scope(scope)
        self._placing.use_scope(scope)

    def show_exchange(self, exchange: Exchange | None) -> None:
        """Show another exchange, or that none is selected."""
        if exchange is None:
            self.show_message(NONE)
            return
        if is_large(exchange):
            self.show_message(READING)
        self._placing.forget()
        self.forwarding.wait()
        self._exchange = exchange
        watched = self._watched

        def work() -> tuple[Inspection, tuple[Node, ...]]:
            seen = inspect(exchange)
            return seen, decoded_tree(seen, watched)

        self._inspecting.ask(work, is_large=is_large(exchange))

    def show_message(self, text: str) -> None:
        """Show a sentence in place of an exchange."""
        self._inspecting.forget()
        self._placing.forget()
        self._exchange = self._seen = None
        self._message.setText(plain(text, 600))
        self._stack.setCurrentIndex(0)

    def _show(self, read: tuple[Inspection, tuple[Node, ...]]) -> None:
        chosen = self.tree.current
        self._seen, nodes = read
        self.head.show_inspection(self._seen)
        self.tree.show_nodes(nodes, frozenset(self._watched))
        self.sent.show_inspection(self._seen)
        self._stack.setCurrentIndex(1)
        if chosen is not None and chosen.name and not is_large(self._seen.exchange):
            self._choose_again(chosen.at)

    def _choose_again(self, at: str) -> None:
        """Stay at the same property while one walks through exchanges, where it is there."""
        node = self.tree.show_at(at)
        if node is not None and node.at == at:
            self._on_chosen(node)

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
        is_new = len(others) == len(self._watched)
        self._watched = (*self._watched, name)[-MOST_WATCHED:] if is_new else others
        self._show_tree()

    def panes(self) -> tuple[QWidget, ...]:
        """What F6 walks through, in reading order."""
        return (self.tree, self.sent)

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
        self._watched = settings.texts(_WATCHED, MOST_WATCHED)
        self._show_tree()

    def _on_chosen(self, node: Node) -> None:
        seen = self._seen
        if seen is None:
            return
        self._place(lambda: (places_of_node(seen.request, seen.decoded, node), ""))
        found = [node.points_at] if isinstance(node.points_at, Finding) else []
        found += [each for each in seen.findings if node.at and each.at == node.at][:1]
        self.sent.say_finding(found[0] if found else None)

    def _on_selected(self, face: Face, span: Span) -> None:
        seen = self._seen
        if seen is None:
            return

        def work() -> tuple[Places, str]:
            places = places_of_range(seen.request, seen.decoded, face, span)
            return places, pointer_at(seen, places.json) if places.json is not None else ""

        self._place(work)

    def _on_pointed(self, finding: Finding) -> None:
        seen = self._seen
        if seen is not None:
            self._place(lambda: (places_of(seen.request, seen.decoded, finding), finding.at))

    def _place(self, work: Callable[[], tuple[Places, str]]) -> None:
        self._placing.ask(work, is_large=self._exchange is None or is_large(self._exchange))

    def _point(self, found: tuple[Places, str]) -> None:
        places, at = found
        self.sent.show_places(places)
        if at:
            self.tree.show_at(at)

    def _on_fixed(self, finding: Finding) -> None:
        if self._exchange is not None and finding.fix is not None:
            self.edit_asked.emit(apply_edits(self._exchange.request, finding.fix.edits))


def _column(widget: QWidget, *parts: QWidget) -> None:
    layout = tight_column(widget)
    for part in parts:
        layout.addWidget(part, int(part is parts[-1]))
