"""A decoded request as a Qt tree whose rows are made when they are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import islice
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from trackscope.gui.models.row_list import Index
from trackscope.gui.widgets.plain import plain
from trackscope.session.value_tree import Node

STEP = 200
"""Rows that are made at a time; a row that says how many more there are stands behind them."""

MOST_REVEALED = 50 * STEP
"""Rows that are made to find one that is pointed at from elsewhere."""

NODE_ROLE = Qt.ItemDataRole.UserRole + 2
"""The data role under which a row's `Node` is given; None for the row of those not made yet."""


class Column(IntEnum):
    """The columns, in order."""

    FIELD = 0
    TYPE = 1
    VALUE = 2


class Item:
    """A row that has been made: its node, where it stands, and the rows beneath it so far.

    `node` is None for the row that stands for those not made yet.
    """

    __slots__ = ("id", "inner", "node", "outer", "rest", "row")

    def __init__(self, node: Node | None, outer: Item | None, row: int, id_: int) -> None:
        self.node, self.outer, self.row, self.id = node, outer, row, id_
        self.inner: list[Item] = []
        self.rest: Iterator[Node] | None = None if node is None else node.children()

    @property
    def can_grow(self) -> bool:
        """Whether rows beneath it may be made that are not there yet."""
        return self.node is not None and self.node.grow is not None and self.rest is not None


class DecodedModel(QAbstractItemModel):
    """The rows of one exchange at a time: field, type and value.

    An index holds the number of its item, not the item: one that outlives a reset is harmless.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._top: list[Item] = []
        self._made: list[Item] = []

    def show_nodes(self, nodes: Sequence[Node]) -> None:
        """Show these top rows instead of what was there."""
        self.beginResetModel()
        self._made = []
        self._top = self._items_of(nodes, None, 0)
        self.endResetModel()

    def node_at(self, index: Index) -> Node | None:
        """The node of a row; None outside, and for the row of those not made yet."""
        item = self._item(index)
        return item.node if item is not None else None

    def is_more(self, index: Index) -> bool:
        """Whether the row stands for those that are not made yet."""
        item = self._item(index)
        return item is not None and item.node is None

    def show_more(self, index: Index) -> None:
        """Make the next rows in place of the row that stands for them."""
        item = self._item(index)
        if item is not None and item.node is None and item.outer is not None:
            self._grow(item.outer)

    def index_of(self, at: str) -> QModelIndex:
        """The row of the value at a pointer, or of the innermost around it that can be shown."""
        found = QModelIndex()
        items = self._top
        while items:
            inner = self._leading_to(items, at)
            if inner is None:
                return found
            found = self._index(inner)
            if inner.node is not None and inner.node.at == at:
                return found
            items = inner.inner
            if not items and inner.can_grow:
                self._grow(inner)
                items = inner.inner
        return found

    def _leading_to(self, items: list[Item], at: str) -> Item | None:
        """The one of some rows that a pointer leads to or through; more are made if need be."""
        seen = 0
        while seen < len(items):
            item = items[seen]
            if item.node is None:
                if seen >= MOST_REVEALED:
                    return None
                self.show_more(self._index(item))
                continue
            if _leads(item.node, at):
                return item
            seen += 1
        return None

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 (Qt's signature)
        """The index of a cell."""
        items = self._items(parent)
        if not 0 <= row < len(items) or not 0 <= column < len(Column):
            return QModelIndex()
        return self.createIndex(row, column, items[row].id)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # QObject's is another
        """The row above in the tree."""
        item = self._item(index)
        return QModelIndex() if item is None or item.outer is None else self._index(item.outer)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        """How many rows there are beneath, as far as they are made."""
        return 0 if parent.column() > 0 else len(self._items(parent))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        """Field, type and value."""
        return len(Column)

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008 (Qt's signature)
        """Whether there are rows beneath, made or not."""
        item = self._item(parent)
        return bool(self._top) if item is None else bool(item.inner) or item.can_grow

    def canFetchMore(self, parent: Index) -> bool:
        """Whether the first rows beneath are not made yet."""
        item = self._item(parent)
        return item is not None and not item.inner and item.can_grow

    def fetchMore(self, parent: Index) -> None:
        """Make the first rows beneath."""
        item = self._item(parent)
        if item is not None and not item.inner:
            self._grow(item)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The titles of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return Column(section).name.capitalize()
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The texts of a row; its node for whoever draws it."""
        item = self._item(index)
        if item is None:
            return None
        if role == NODE_ROLE:
            return item.node
        if role == Qt.ItemDataRole.DisplayRole:
            if item.node is None:
                return _more_text(item) if index.column() == Column.FIELD else ""
            texts = item.node.label, item.node.type, item.node.value
            return plain(texts[index.column()], 300)
        if role == Qt.ItemDataRole.AccessibleTextRole and item.node is not None:
            return plain(_spoken(item.node, index.column()), 600)
        return None

    def _grow(self, item: Item) -> None:
        """Make the next rows of an item, behind those it has."""
        assert item.rest is not None
        parent = self._index(item)
        if item.inner and item.inner[-1].node is None:
            self.beginRemoveRows(parent, len(item.inner) - 1, len(item.inner) - 1)
            item.inner.pop()
            self.endRemoveRows()
        nodes: list[Node | None] = list(islice(item.rest, STEP))
        first = len(item.inner)
        if len(nodes) == STEP:
            nodes.append(None)
        else:
            item.rest = None
        if nodes:
            self.beginInsertRows(parent, first, first + len(nodes) - 1)
            item.inner += self._items_of(nodes, item, first)
            self.endInsertRows()

    def _items_of(self, nodes: Sequence[Node | None], outer: Item | None, first: int) -> list[Item]:
        start = len(self._made)
        new = [Item(node, outer, first + n, start + n) for n, node in enumerate(nodes)]
        self._made += new
        return new

    def _item(self, index: Index) -> Item | None:
        number = index.internalId() if index.isValid() else len(self._made)
        return self._made[number] if number < len(self._made) else None

    def _items(self, parent: Index) -> list[Item]:
        if not parent.isValid():
            return self._top
        item = self._item(parent)
        return item.inner if item is not None else []

    def _index(self, item: Item) -> QModelIndex:
        return self.createIndex(item.row, 0, item.id)


def _leads(node: Node, at: str) -> bool:
    if node.at in ("?", "/"):
        return at.startswith(node.at)
    return bool(node.at) and (at == node.at or at.startswith(f"{node.at}/"))


def _more_text(item: Item) -> str:
    outer = item.outer
    size = outer.node.size if outer is not None and outer.node is not None else 0
    rest = size - item.row
    return f"… {rest:,} more" if rest > 0 else "… more"


def _spoken(node: Node, column: int) -> str:
    """A cell for a screen reader: the label with its finding, the value with what is said of it."""
    if column == Column.FIELD:
        return f"{node.label}, {node.severity}" if node.severity is not None else node.label
    if column == Column.TYPE:
        return node.type
    return f"{node.value}, {node.hint}" if node.hint else node.value
