"""The tree of a decoded request, and what is done with one of its rows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTreeView, QWidget

from trackscope.gui.commands import key_of
from trackscope.gui.models.decoded import Column, DecodedModel
from trackscope.gui.theme.theme import Theme
from trackscope.gui.traffic.value_delegate import ValueDelegate
from trackscope.gui.traffic.whole_value import WholeValue
from trackscope.gui.widgets.header_corner import HeaderCorner
from trackscope.gui.widgets.plain import plain
from trackscope.history.query import Field, Term
from trackscope.session.value_tree import MAX_CELL, Node

WIDTHS = {Column.FIELD: 200, Column.TYPE: 88}
"""Pixels at normal size; the value takes the rest."""

_CLOSED = frozenset(("Exchange", "Parameters", "Headers", "Answer", "Predicted", "Repairs"))
"""Top rows that are closed until somebody opens one."""

_INDENT_PX = 16


class DecodedView(QTreeView):
    """Shows a `DecodedModel`. `chosen` carries the Node a person looks at, `watch_flipped` the
    name of a property to watch or no longer, `filter_asked` a Term for the filter.
    """

    chosen = Signal(object)
    watch_flipped = Signal(str)
    filter_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_ = DecodedModel(self)
        self._watched: frozenset[str] = frozenset()
        self._closed = set(_CLOSED)
        self._is_showing = False
        self._zoom = 0.0
        self._build_ui()
        self._connect()

    def _build_ui(self) -> None:
        self.setObjectName("decodedRequest")
        self.setAccessibleName("Decoded request")
        self.setModel(self.model_)
        self.setItemDelegate(ValueDelegate(self))
        self.setUniformRowHeights(True)
        self.setTabKeyNavigation(False)
        self.setExpandsOnDoubleClick(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.header()
        header.setStretchLastSection(True)
        HeaderCorner(self, header)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._use_theme()

    def _connect(self) -> None:
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.clicked.connect(self._on_activated)
        self.activated.connect(self._on_activated)
        self.expanded.connect(lambda index: self._on_opened(index, is_open=True))
        self.collapsed.connect(lambda index: self._on_opened(index, is_open=False))

    def show_nodes(self, nodes: tuple[Node, ...], watched: frozenset[str]) -> None:
        """Show another tree; open are the rows that were open before, by their names."""
        self._watched = watched
        self._is_showing = True
        self.model_.show_nodes(nodes)
        for row, node in enumerate(nodes):
            index = self.model_.index(row, 0)
            self.setExpanded(index, node.label not in self._closed)
        self._is_showing = False

    def show_at(self, at: str) -> Node | None:
        """Select the row of a value without telling of it, and bring it into view; its node."""
        index = self.model_.index_of(at)
        if index.isValid():
            self._is_showing = True
            self.setCurrentIndex(index)
            self._is_showing = False
            self.scrollTo(index)
        return self.model_.node_at(index)

    @property
    def current(self) -> Node | None:
        """The node of the current row."""
        return self.model_.node_at(self.currentIndex())

    def copy_value(self) -> None:
        """Copy the current row's value, whole and as it is."""
        if self.current is not None:
            QGuiApplication.clipboard().setText(self.current.whole_value)

    def copy_json(self) -> None:
        """Copy the current row's value as JSON text."""
        if self.current is not None:
            QGuiApplication.clipboard().setText(self.current.json_text)

    def show_whole(self) -> None:
        """Show the current row's value in a window of its own, whole."""
        if self.current is not None:
            WholeValue(self.current, self.window()).show()

    def flip_watched(self) -> None:
        """Ask to watch the current row's property, or no longer."""
        if self.current is not None and self.current.name:
            self.watch_flipped.emit(self.current.name)

    def ask_for_filter(self) -> None:
        """Ask for a filter by the current row's property and its value."""
        node = self.current
        if node is not None and node.name:
            has_value = bool(node.type) and node.grow is None
            value = f"{node.name}={node.json_text}" if has_value else node.name
            self.filter_asked.emit(Term(Field.PROPERTY, value, node.is_missing))

    def menu(self) -> QMenu:
        """What can be done with the current row."""
        node = self.current
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if node is None:
            return menu
        name = plain(node.name, 40).replace("&", "&&")  # else it would be a mnemonic
        _add(menu, "Copy value", "copy-value", self.copy_value)
        _add(menu, "Copy as JSON", "copy-json", self.copy_json)
        if node.grow is not None or len(node.value) > MAX_CELL or node.type:
            _add(menu, "Show the whole value", "whole-value", self.show_whole)
        if node.name:
            menu.addSeparator()
            watch = "Stop watching" if node.name in self._watched else "Watch"
            _add(menu, f"{watch} {name}", "watch", self.flip_watched)
            _add(menu, f"Filter by {name}", "filter-by", self.ask_for_filter)
        return menu

    def changeEvent(self, event: QEvent) -> None:
        """Take the sizes of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._use_theme()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the selected row as that where the focus is."""
        super().focusInEvent(event)
        self._show_focus(has_focus=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the selected row as one elsewhere."""
        super().focusOutEvent(event)
        self._show_focus(has_focus=False)

    def _show_focus(self, *, has_focus: bool) -> None:
        # The sheet's `:focus` does not reach the rows of a tree.
        self.setProperty("focused", has_focus)
        self.style().polish(self)
        self.viewport().update()

    def _use_theme(self) -> None:
        theme = Theme.current()
        if theme.zoom != self._zoom:  # columns keep the width that somebody gave them
            self._zoom = theme.zoom
            self.setIndentation(theme.px(_INDENT_PX))
            for column, width in WIDTHS.items():
                self.header().resizeSection(column, theme.px(width))

    def _on_current(self, index: QModelIndex) -> None:
        node = self.model_.node_at(index)
        if node is not None and not self._is_showing:
            self.chosen.emit(node)

    def _on_activated(self, index: QModelIndex) -> None:
        if self.model_.is_more(index):
            row, parent = index.row(), index.parent()
            self.model_.show_more(index)
            self.setCurrentIndex(self.model_.index(row, 0, parent))

    def _on_opened(self, index: QModelIndex, *, is_open: bool) -> None:
        node = self.model_.node_at(index)
        if node is not None and not index.parent().isValid() and not self._is_showing:
            (self._closed.discard if is_open else self._closed.add)(node.label)

    def _on_menu(self, place: QPoint) -> None:
        self.menu().popup(self.viewport().mapToGlobal(place))


def _add(menu: QMenu, words: str, command: str, act: Callable[[], object]) -> None:
    """An entry that does what the command does, with the command's key beside it."""
    menu.addAction(f"{words}\t{key_of(command)}", act)
