"""The tree's model: Qt's own tester finds nothing, however its rows come to be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from trackscope.gui.models.decoded import NODE_ROLE, STEP, DecodedModel
from trackscope.session.value_tree import Node


def node(label: str, count: int = 0) -> Node:
    """A row with so many rows beneath it, at pointers of their own."""

    def grow() -> Iterator[Node]:
        for number in range(count):
            yield Node(f"{label}.{number}", at=f"/{label}/{number}")

    return Node(label, at=f"/{label}", size=count, grow=grow if count else None)


@pytest.fixture
def model() -> Iterator[DecodedModel]:
    model = DecodedModel()
    tester = QAbstractItemModelTester(model)
    yield model
    del tester


def test_rows_beneath_are_made_when_they_are_asked_for(model: DecodedModel) -> None:
    model.show_nodes([node("a", 3), node("b")])
    a, b = model.index(0, 0), model.index(1, 0)
    assert model.hasChildren(a)
    assert not model.hasChildren(b)
    model.fetchMore(a)
    assert [model.index(row, 0, a).data() for row in range(model.rowCount(a))] == [
        "a.0", "a.1", "a.2"
    ]  # fmt: skip
    assert model.parent(model.index(1, 0, a)) == a
    assert not model.canFetchMore(a)


@pytest.mark.parametrize("count", [STEP - 1, STEP, STEP + 1, 3 * STEP])
def test_all_rows_come_in_the_end(model: DecodedModel, count: int) -> None:
    model.show_nodes([node("a", count)])
    a = model.index(0, 0)
    model.fetchMore(a)
    while model.is_more(last := model.index(model.rowCount(a) - 1, 0, a)):
        model.show_more(last)
    assert model.rowCount(a) == count
    assert model.index(count - 1, 0, a).data() == f"a.{count - 1}"


def test_the_innermost_row_is_found_by_its_pointer(model: DecodedModel) -> None:
    model.show_nodes([node("a", 3), node("b", STEP + 5)])
    far = STEP + 2
    assert model.index_of(f"/b/{far}").data() == f"b.{far}"
    assert model.index_of(f"/b/{far}/deeper").data() == f"b.{far}"
    assert model.index_of("/b").data() == "b"
    assert model.index_of("/b/nowhere").data() == "b"
    assert not model.index_of("/c").isValid()


def test_an_index_of_an_earlier_tree_is_harmless(model: DecodedModel) -> None:
    model.show_nodes([node("a", 3)])
    model.fetchMore(model.index(0, 0))
    old = model.index(2, 0, model.index(0, 0))
    model.show_nodes([node("b")])
    assert model.data(old) is None
    assert model.node_at(old) is None
    assert model.parent(old) == QModelIndex()


def test_a_row_gives_its_node_and_words_for_a_screen_reader(model: DecodedModel) -> None:
    row = Node("time", "1322092800", "number", "2011-11-24 00:00:00 UTC")
    model.show_nodes([row])
    index = model.index(0, 2)
    assert index.data(NODE_ROLE) == row
    assert model.data(index, 11) == "1322092800, 2011-11-24 00:00:00 UTC"
