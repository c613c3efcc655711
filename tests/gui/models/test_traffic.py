"""The list's model: rows filled in when they are read, forgotten when there are too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from tests.history.rows_for_lists import row

from trackscope.capture.exchange import Origin
from trackscope.gui.models.traffic import MAX_ENTRIES, PLACEHOLDER, TrafficModel
from trackscope.gui.models.traffic_cells import (
    COLUMNS,
    Column,
    Look,
    answer_cell,
    cells_of,
    column_of,
    properties_of,
    value_cell,
)
from trackscope.session.listing import Entry
from trackscope.session.row_map import Divider, RowMap, ids_of

ROLE = Qt.ItemDataRole
PLAN = Column("property:plan", "plan", 100)


@pytest.fixture
def model() -> TrafficModel:
    return TrafficModel(COLUMNS)


def _fill(model: TrafficModel, ids: Sequence[int], **values: Any) -> None:
    _take(model, *(Entry(row(id_), values) for id_ in ids))


def _take(model: TrafficModel, *entries: Entry) -> None:
    model.fill([(entry, cells_of(entry, model.columns)) for entry in entries])


def _text(model: TrafficModel, number: int, key: str, role: ROLE = ROLE.DisplayRole) -> object:
    keys = [column.key for column in model.columns]
    return model.index(number, keys.index(key)).data(role)


def test_it_keeps_to_the_rules_of_models(model: TrafficModel, qtmodeltester: ModelTester) -> None:
    model.show_rows(RowMap(ids_of([3, 5]), [Divider(5, "Cart")]))
    _fill(model, [3])
    qtmodeltester.check(model)


def test_a_row_that_was_not_read_yet_shows_that_it_will_be(model: TrafficModel) -> None:
    model.show_rows(RowMap(ids_of([3, 5])))
    _fill(model, [5])
    assert _text(model, 0, "method") == PLACEHOLDER
    assert _text(model, 1, "method") == "GET"
    assert model.missing(0, 1) == [3]


def test_a_row_s_number_is_its_place_among_all_whatever_the_filter(model: TrafficModel) -> None:
    model.show_rows(RowMap(ids_of([3, 7])), ids_of([3, 5, 7]))
    _fill(model, [3, 7])
    assert [_text(model, row, "number") for row in range(2)] == ["1", "3"]
    model.show_rows(RowMap(ids_of([5, 7]), is_newest_first=True))
    assert [_text(model, row, "number") for row in range(2)] == ["2", PLACEHOLDER]


def test_a_time_of_another_year_names_it(model: TrafficModel) -> None:
    model.show_rows(RowMap(ids_of([1, 2, 3])))
    now = datetime.now()
    old = datetime(2011, 11, 24, 13, 0, 5, 250_000)
    day = now.replace(month=1 + now.month % 12, day=2)
    for id_, at in ((1, now), (2, day), (3, old)):
        _take(model, Entry(replace(row(id_), at=at.timestamp())))
    assert len(str(_text(model, 0, "time"))) == len("13:00:05.250")
    assert str(_text(model, 1, "time")).startswith(f"{day:%m-%d} ")
    assert _text(model, 2, "time") == "2011-11-24 13:00:05"
    assert "13:00:05.250" in str(_text(model, 2, "time", ROLE.ToolTipRole))


def test_what_was_read_is_told_for_its_rows_alone(model: TrafficModel) -> None:
    model.show_rows(RowMap(ids_of(range(1, 100))))
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    _fill(model, [5, 7])
    assert told == [(4, 6)]


def test_new_exchanges_are_inserted_and_nothing_else(model: TrafficModel) -> None:
    told: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda parent, first, last: told.append((first, last)))
    model.show_rows(RowMap(ids_of([1, 2])))
    model.append(ids_of([4, 9]), [Divider(1, "never shown"), Divider(5, "Cart")])
    assert [model.rows.id_at(number) for number in range(5)] == [1, 2, 4, None, 9]
    model.show_rows(RowMap(ids_of([1, 2]), is_newest_first=True))
    model.append(ids_of([4, 9]), [])
    assert [model.rows.id_at(number) for number in range(4)] == [9, 4, 2, 1]
    assert told == [(2, 4), (0, 1)]


def test_a_divider_names_the_page_and_cannot_be_selected(model: TrafficModel) -> None:
    model.show_rows(RowMap(ids_of([3]), [Divider(3, "Home")]))
    assert model.index(0, 0).data() == "Home"
    assert not model.flags(model.index(0, 0))
    assert model.flags(model.index(1, 0)) & Qt.ItemFlag.ItemIsSelectable


def test_what_was_seen_longest_ago_is_forgotten(model: TrafficModel) -> None:
    ids = range(1, MAX_ENTRIES + 11)
    model.show_rows(RowMap(ids_of(ids)))
    _fill(model, ids)
    assert model.missing(0, len(ids)) == list(range(1, 11))


def test_a_property_has_a_column_as_soon_as_it_was_read(model: TrafficModel) -> None:
    model.show_rows(RowMap(ids_of([3])))
    _fill(model, [3])
    assert column_of(PLAN.key)
    model.set_columns([*COLUMNS, PLAN])
    assert properties_of(model.columns) == ("plan",)
    assert model.missing(0, 0) == [3]
    _fill(model, [3], plan=" pro")
    assert _text(model, 0, "property:plan") == '"␣pro"'


@pytest.mark.parametrize(
    ("value", "text", "role"),
    [
        ("pro", '"pro"', "string"),
        (" ", '"␣"', "string"),
        ("a  b \t", '"a␣␣b ⇥"', "string"),
        ("", '""', "string"),
        ("3", '"3"', "string"),
        (3, "3", "number"),
        (True, "true", "literal"),
        (None, "null", "literal"),
        ({"a": [1]}, '{"a":[1]}', "punctuation"),
        (10**30, str(10**30), "number"),
        ("\u202e", '"⟨202E⟩"', "string"),
    ],
)
def test_a_value_shows_its_type_and_its_blanks(value: object, text: str, role: str) -> None:
    cell = value_cell(value)
    assert (cell.text, cell.role, cell.look) == (text, role, Look.DATA)


def test_huge_values_are_cut() -> None:
    for value in ("x" * 1_000_000, ["x" * 1_000_000], 10**5000):
        assert len(value_cell(value).text) < 400


def test_a_prediction_is_not_drawn_like_an_answer() -> None:
    answered = answer_cell(row(1, origin=Origin.OPENED, status=200, verdict=0))
    assert (answered.text, answered.role, answered.look) == ("0", "danger", Look.BADGE)
    predicted = answer_cell(row(1, origin=Origin.OPENED, status=None, predicted=1, verdict=None))
    assert (predicted.text, predicted.role, predicted.look) == ("1?", "success", Look.OUTLINED)
    assert predicted.spoken == "predicted 1, no answer"
    unknown = answer_cell(row(1, origin=Origin.OPENED, status=None, predicted=None, verdict=None))
    assert (unknown.text, unknown.look) == ("?", Look.OUTLINED)
    unanswered = answer_cell(row(1, status=None, predicted=1, verdict=None))
    assert (unanswered.text, unanswered.look) == ("no answer", Look.BADGE)


def test_more_events_than_one_are_counted_beside_the_first(model: TrafficModel) -> None:
    model.show_rows(RowMap(ids_of([3, 4])))
    _take(model, Entry(row(3, names=("game",), events=3)), Entry(row(4, names=(), events=0)))
    assert _text(model, 0, "event") == "game  +2"
    assert _text(model, 1, "event") == "not readable"
    assert "3 events" in str(_text(model, 0, "event", ROLE.ToolTipRole))


def test_markup_from_outside_stays_text(model: TrafficModel) -> None:
    model.show_rows(RowMap(ids_of([3])))
    _take(model, Entry(row(3, remark="<img src=x>")))
    assert _text(model, 0, "finding") == "<img src=x>"
    assert "<img" not in str(_text(model, 0, "finding", ROLE.ToolTipRole))


@pytest.mark.parametrize("key", ["", "property:", "none", "property"])
def test_a_key_without_a_column_has_none(key: str) -> None:
    assert column_of(key) is None
