"""The detail of an exchange: its tree, its texts, and the highlight that links them."""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.traffic_gallery import event, exchange_of, request_of

from trackscope.gui.bridge import TaskScope
from trackscope.gui.models.decoded import STEP
from trackscope.gui.settings import Settings
from trackscope.gui.theme.theme import Theme
from trackscope.gui.traffic.detail import MOST_WATCHED, DetailArea
from trackscope.gui.widgets.banner import Banner
from trackscope.gui.widgets.code_view import CodeView
from trackscope.history.query import Field, Term
from trackscope.wire.encoding import to_base64
from trackscope.wire.request import TrackRequest, form_encode

BATCH = [event("game", level=7), event("signup", plan="free", nested={"a": [1, "two"]})]
TEXT = json.dumps(BATCH)
REQUESTS = {
    "query": request_of(BATCH),
    "form": request_of(BATCH, is_post=True),
    "json in the query": TrackRequest("GET", f"http://h/track?data={form_encode(TEXT)}"),
    "bare json": TrackRequest("POST", "http://h/track", (), TEXT.encode()),
}


@pytest.fixture
def area(qtbot: QtBot, theme: Theme) -> DetailArea:
    """The detail in a window of its own."""
    area = DetailArea()
    area.resize(1280, 400)
    qtbot.addWidget(area)
    area.show()
    area.activateWindow()
    qtbot.waitUntil(area.isActiveWindow)
    return area


def rows(area: DetailArea, at: str | None = None) -> dict[str, str]:
    """The rows beneath one, or the top ones: field to value."""
    model = area.tree.model_
    parent = model.index_of(at) if at is not None else model.index(-1, 0)
    if model.canFetchMore(parent):
        model.fetchMore(parent)
    return {
        model.index(row, 0, parent).data(): model.index(row, 2, parent).data()
        for row in range(model.rowCount(parent))
    }


def choose(area: DetailArea, at: str) -> None:
    """Let a person go to the row of a value."""
    area.tree.setFocus()
    area.tree.setCurrentIndex(area.tree.model_.index_of(at))


def view(area: DetailArea, name: str) -> CodeView:
    found = area.findChild(CodeView, f"sent{name}")
    assert isinstance(found, CodeView)
    return found


def tab(area: DetailArea, name: str) -> QPushButton:
    found = area.findChild(QPushButton, f"sent{name}Tab")
    assert isinstance(found, QPushButton)
    return found


def lit(area: DetailArea, name: str) -> str:
    """What is lit up in a text."""
    tab(area, name).click()
    shown = view(area, name)
    return "".join(
        shown.text()[mark.start : mark.end] for mark in shown._marks if mark.kind == "link"
    )


def test_without_an_exchange_it_says_what_to_do(area: DetailArea) -> None:
    label = area.findChild(QLabel, "emptyState")
    assert isinstance(label, QLabel)
    assert label.isVisible()
    assert label.text() == "Select a request to see what it carries."


def test_a_single_event_shows_its_properties_in_their_order(area: DetailArea) -> None:
    area.show_exchange(exchange_of(request_of(event("signup", plan="free", ratio=1.5))))
    assert list(rows(area, "/0")) == [
        "event", "token", "distinct_id", "time", "plan", "ratio"
    ]  # fmt: skip
    assert rows(area, "/0")["ratio"] == "1.5"


def test_every_top_row_is_there(area: DetailArea) -> None:
    area.show_exchange(exchange_of(REQUESTS["form"]))
    assert list(rows(area)) == [
        "Exchange", "Parameters", "Events", "Findings", "Headers", "Predicted"
    ]  # fmt: skip


@pytest.mark.parametrize("carried", REQUESTS)
def test_a_chosen_property_lights_up_in_every_text(area: DetailArea, carried: str) -> None:
    request = REQUESTS[carried]
    area.show_exchange(exchange_of(request))
    choose(area, "/1/properties/plan")
    assert lit(area, "JSON") == '"plan": "free"'
    literal = lit(area, "URL") if carried in ("query", "json in the query") else lit(area, "Body")
    if carried in ("query", "form"):
        assert lit(area, "Base64") == literal
        assert '"plan": "free"' in TEXT
        assert literal in form_encode(to_base64(TEXT))
    elif carried == "json in the query":
        assert literal == form_encode('"plan": "free"')
    else:
        assert literal == '"plan": "free"'


@pytest.mark.parametrize("carried", REQUESTS)
def test_selected_bytes_choose_their_row(area: DetailArea, carried: str) -> None:
    area.show_exchange(exchange_of(REQUESTS[carried]))
    choose(area, "/1/properties/nested/a/1")
    name = "URL" if carried in ("query", "json in the query") else "Body"
    word = lit(area, name)
    place = view(area, name).text().index(word)
    area.tree.setCurrentIndex(area.tree.model_.index_of("/0"))
    shown = view(area, name)
    shown.setFocus()
    shown.select_range(place + 3, place + 3)
    QTest.keyClick(shown, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    current = area.tree.current
    assert current is not None
    assert current.at.startswith("/1/properties/nested/a")


def test_the_next_exchange_is_shown_at_the_same_property(area: DetailArea) -> None:
    area.show_exchange(exchange_of(request_of(event(plan="free"))))
    choose(area, "/0/properties/plan")
    area.show_exchange(exchange_of(request_of(event(a=1, plan="paid"))))
    assert area.tree.current is not None
    assert area.tree.current.value == "paid"
    assert lit(area, "JSON") == '"plan": "paid"'


def test_a_body_of_many_languages_is_pointed_at_in_characters(area: DetailArea) -> None:
    body = json.dumps([event("größe", city="Malmö", plan="ü")], ensure_ascii=False)
    area.show_exchange(exchange_of(TrackRequest("POST", "http://h/track", (), body.encode())))
    choose(area, "/0/properties/plan")
    assert lit(area, "Body") == '"plan": "ü"'


def test_of_a_compressed_body_it_is_said_that_bytes_cannot_be_pointed_at(
    area: DetailArea,
) -> None:
    packed = gzip.compress(TEXT.encode())
    area.show_exchange(exchange_of(TrackRequest("POST", "http://h/track", (), packed)))
    banner = area.sent.findChild(Banner)
    assert isinstance(banner, Banner)
    assert "The payload is compressed: values can be pointed at in the JSON only" in banner.sentence
    choose(area, "/1/properties/plan")
    assert lit(area, "JSON") == '"plan": "free"'
    assert lit(area, "Body") == ""


def test_broken_data_still_shows_its_bytes_and_the_reason(area: DetailArea) -> None:
    area.show_exchange(exchange_of(TrackRequest("GET", "http://h/track?data=eyJh!!")))
    banner = area.sent.findChild(Banner)
    assert isinstance(banner, Banner)
    assert banner.isVisible()
    assert "!" in banner.sentence
    assert not tab(area, "JSON").isVisible()
    assert [mark.kind for mark in view(area, "URL")._marks] == ["error"]


def test_many_events_are_shown_a_part_at_a_time(area: DetailArea) -> None:
    area.show_exchange(exchange_of(request_of([event(f"e{n}") for n in range(1_300)])))
    assert len(rows(area, "/")) == STEP + 1
    more = area.tree.model_.index(STEP, 0, area.tree.model_.index_of("/"))
    assert more.data() == "… 1,100 more"
    area.tree.setCurrentIndex(more)
    area.tree.setFocus()
    QTest.keyClick(area.tree, Qt.Key.Key_Return)
    assert list(rows(area, "/"))[-1] == "… 900 more"
    assert area.tree.current is not None
    assert area.tree.current.value == "e200"


def test_a_value_far_down_is_found_from_its_place(area: DetailArea) -> None:
    area.show_exchange(exchange_of(request_of([event(f"e{n}") for n in range(1_300)])))
    area.tree.show_at("/1200/properties/token")
    assert area.tree.current is not None
    assert area.tree.current.at == "/1200/properties/token"


def test_a_watched_property_stands_first_and_is_missed(area: DetailArea) -> None:
    area.show_exchange(exchange_of(request_of(event(plan="free"))))
    choose(area, "/0/properties/plan")
    area.tree.flip_watched()
    assert area.watched == ("plan",)
    assert next(iter(rows(area))) == "Watched"
    watched = area.tree.model_.index(0, 0)
    area.tree.model_.fetchMore(watched)
    assert area.tree.model_.index(0, 2, watched).data() == "free"
    area.show_exchange(exchange_of(request_of(event())))
    watched = area.tree.model_.index(0, 0)
    area.tree.model_.fetchMore(watched)
    assert area.tree.model_.index(0, 2, watched).data() == "missing"


def test_what_is_watched_and_shown_comes_back(area: DetailArea, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "window.ini")
    area.flip_watched("plan")
    tab_number = 3
    area.sent.choose(tab_number)
    area.save(settings)
    other = DetailArea()
    other.restore(settings)
    assert other.watched == ("plan",)
    other.show_exchange(exchange_of(REQUESTS["query"]))
    assert other.sent._stack.currentIndex() == tab_number


@pytest.mark.parametrize("count", [0, 1, 2, MOST_WATCHED + 5])
def test_as_many_are_watched_again_as_before(area: DetailArea, tmp_path: Path, count: int) -> None:
    settings = Settings(tmp_path / "window.ini")
    for number in range(count):
        area.flip_watched(f"a, {number}")
    area.save(settings)
    settings.flush()
    other = DetailArea()
    other.restore(Settings(tmp_path / "window.ini"))
    assert other.watched == area.watched
    assert len(other.watched) == min(count, MOST_WATCHED)


def test_values_are_copied_as_they_are_and_as_json(area: DetailArea) -> None:
    area.show_exchange(exchange_of(request_of(event(plan=' a"b\t'))))
    choose(area, "/0/properties/plan")
    area.tree.copy_value()
    assert QGuiApplication.clipboard().text() == ' a"b\t'
    area.tree.copy_json()
    assert QGuiApplication.clipboard().text() == '" a\\"b\\t"'


def test_a_property_asks_for_a_filter(area: DetailArea, qtbot: QtBot) -> None:
    area.show_exchange(exchange_of(request_of(event(plan="free"))))
    choose(area, "/0/properties/plan")
    menu = area.tree.menu()
    action = next(each for each in menu.actions() if each.text().startswith("Filter by plan"))
    with qtbot.waitSignal(area.tree.filter_asked) as asked:
        action.trigger()
    assert asked.args == [Term(Field.PROPERTY, 'plan="free"')]


def test_a_note_is_told_when_it_is_written(area: DetailArea, qtbot: QtBot) -> None:
    area.show_exchange(exchange_of(request_of(event())))
    note = area.findChild(QLineEdit, "note")
    assert isinstance(note, QLineEdit)
    note.setFocus()
    with qtbot.waitSignal(area.head.noted) as noted:
        QTest.keyClicks(note, "look #later")
        QTest.keyClick(note, Qt.Key.Key_Return)
    assert noted.args == [7, "look #later"]


def test_a_note_is_kept_when_another_exchange_is_shown(area: DetailArea, qtbot: QtBot) -> None:
    area.show_exchange(exchange_of(request_of(event())))
    note = area.findChild(QLineEdit, "note")
    assert isinstance(note, QLineEdit)
    note.setFocus()
    QTest.keyClicks(note, "half")
    other = replace(exchange_of(request_of(event())), id=8, note="another")
    with qtbot.waitSignal(area.head.noted) as noted:
        area.show_exchange(other)
    assert noted.args == [7, "half"]
    assert note.text() == "another"


def test_a_fix_opens_the_mended_request_in_compose(area: DetailArea, qtbot: QtBot) -> None:
    area.show_exchange(exchange_of(request_of(event(mp_page="x"))))
    tab(area, "Findings").click()
    fix = next(
        each
        for each in area.findChildren(QPushButton, "fixButton")
        if each.text() == "Rename to page"
    )
    with qtbot.waitSignal(area.edit_asked) as asked:
        fix.click()
    (request,) = asked.args
    assert exchange_of(request).findings == ()


@pytest.mark.parametrize(("name", "signal"), [("editInCompose", "edit_asked"),
                                              ("sendAgain", "resend_asked")])  # fmt: skip
def test_the_buttons_ask_for_what_they_say(
    area: DetailArea, qtbot: QtBot, name: str, signal: str
) -> None:
    exchange = exchange_of(request_of(event()))
    area.show_exchange(exchange)
    button = area.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    with qtbot.waitSignal(getattr(area, signal)) as asked:
        button.click()
    assert asked.args == [exchange.request if signal == "edit_asked" else exchange]


async def test_a_large_request_is_read_beside_the_window(area: DetailArea) -> None:
    scope = TaskScope(print)
    area.use_scope(scope)
    area.show_exchange(exchange_of(request_of([event(text="x" * 99_000)])))
    assert rows(area) == {}
    async with asyncio.timeout(10):
        while not rows(area):  # noqa: ASYNC110 (the area tells nobody)
            await asyncio.sleep(0.01)
    assert "Events" in rows(area)
    await scope.close()


async def test_of_two_large_requests_the_later_one_is_shown(area: DetailArea) -> None:
    scope = TaskScope(print)
    area.use_scope(scope)
    area.show_exchange(exchange_of(request_of([event(text="x" * 99_000)])))
    area.show_exchange(exchange_of(request_of(event("small"))))
    async with asyncio.timeout(10):
        while scope._tasks:  # noqa: ASYNC110 (the area tells nobody)
            await asyncio.sleep(0.01)
    assert rows(area, "/0")["event"] == "small"
    await scope.close()


def test_the_last_event_of_a_batch_of_5_megabytes_is_reached(area: DetailArea) -> None:
    batch = [event(f"e{n}", text=["y" * 40] * 50) for n in range(2_000)]
    area.show_exchange(exchange_of(request_of(batch, is_post=True)))
    assert rows(area, "/1999")["event"] == "e1999"
