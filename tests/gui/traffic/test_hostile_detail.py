"""Requests that mean harm, or nothing: the detail lives, and shows them as they are."""

from __future__ import annotations

import gzip

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.test_hostile_texts import RAW, TEXTS
from tests.gui.traffic_gallery import event, exchange_of, request_of

from trackscope.capture.exchange import Exchange
from trackscope.gui.theme.theme import Theme
from trackscope.gui.traffic.detail import DetailArea
from trackscope.gui.traffic.whole_value import WholeValue
from trackscope.gui.widgets.code_view import CodeView
from trackscope.wire.encoding import to_base64, to_bytes
from trackscope.wire.json_text import dumps
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest, form_encode

MOST_VISITED = 20


@pytest.fixture
def area(qtbot: QtBot, theme: Theme) -> DetailArea:
    area = DetailArea()
    area.resize(1000, 400)
    qtbot.addWidget(area)
    area.show()
    return area


def visit(area: DetailArea) -> None:
    """Go through the rows and the texts as somebody would who wants to see it all."""
    model, left = area.tree.model_, MOST_VISITED

    def walk(parent: QModelIndex) -> None:
        nonlocal left
        if model.canFetchMore(parent):
            model.fetchMore(parent)
        for row in range(model.rowCount(parent)):
            if left > 0:
                left -= 1
                index = model.index(row, 0, parent)
                area.tree.setCurrentIndex(index)
                area.tree.menu().deleteLater()
                walk(index)

    walk(QModelIndex())
    area.tree.expandAll()
    for button in area.sent.findChildren(QPushButton):
        if button.isVisible() and button.isCheckable():
            button.click()
            area.grab()
    for view in area.sent.findChildren(CodeView):
        view.setFocus()
        view.selectAll()


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_shown_wherever_it_stands(area: DetailArea, text: str) -> None:
    value = TEXTS[text]
    payload = dumps(event(value or "x", **{value or "x": value, "in": [value, {value: value}]}))
    request = TrackRequest(
        "POST", "http://h/track/?callback=" + form_encode(value),
        (("User-Agent", value.encode("latin-1", "replace").decode("latin-1")),),
        f"data={form_encode(to_base64(payload))}".encode(),
    )  # fmt: skip
    exchange = exchange_of(request, reply=Reply(200, (), to_bytes(value)), note=value[:4_000])
    area.flip_watched(value or "x")
    area.show_exchange(exchange)
    visit(area)
    area.tree.setCurrentIndex(area.tree.model_.index_of("/0/properties/in/0"))
    area.tree.copy_value()
    if "\0" not in value and "\ud83d" not in value:
        assert QGuiApplication.clipboard().text() == value
    assert area.tree.current is not None
    assert area.tree.current.whole_value == value


@pytest.mark.parametrize("packed", [False, True], ids=["as it is", "compressed"])
@pytest.mark.parametrize("text", RAW)
def test_any_payload_is_shown(area: DetailArea, text: str, packed: bool) -> None:
    body = to_bytes(RAW[text])
    request = TrackRequest("POST", "http://h/track/", (), gzip.compress(body) if packed else body)
    area.show_exchange(exchange_of(request))
    visit(area)
    area.show_exchange(exchange_of(request_of(RAW[text])))
    visit(area)


@pytest.mark.parametrize(
    "url", ["", "x", "http://", "http://[", "?data=", "\0", "\udcff", "//" * 9]
)
def test_any_url_is_shown(area: DetailArea, url: str) -> None:
    area.show_exchange(exchange_of(TrackRequest("GET", url)))
    visit(area)


def test_an_exchange_of_another_era_is_shown_with_what_was_found_then(area: DetailArea) -> None:
    known: Exchange = exchange_of(request_of(event(mp_x=1)), era="2099")
    area.show_exchange(known)
    visit(area)


def test_a_long_value_is_shown_whole_in_a_window_of_its_own(area: DetailArea) -> None:
    area.show_exchange(exchange_of(request_of(event(long="w" * 100_000))))
    area.tree.setCurrentIndex(area.tree.model_.index_of("/0/properties/long"))
    area.tree.show_whole()
    (window,) = area.findChildren(WholeValue)
    assert not window.isModal()
    assert window.windowModality() == Qt.WindowModality.NonModal
    shown = window.findChild(CodeView, "wholeValueText")
    assert isinstance(shown, CodeView)
    assert shown.text() == "w" * 100_000
    window.close()
