"""The form shows an event's properties as typed rows, and changes only what one edits."""

from __future__ import annotations

import pytest
from tests.session.conftest import document

from trackscope.session import form
from trackscope.session.draft import Document
from trackscope.session.form import Row, Type
from trackscope.session.generator import Generator, Kind

PAYLOAD = (
    '{ "event":"game",\n "properties":{"token":"t", "level": 1.50, "on":true, "none":null,'
    ' "list":[1], "object":{"a":1}, "day":"2011-11-23", "time":1322092800} }'
)


def row(document: Document, name: str) -> Row:
    return next(each for each in form.rows(document, 0) if each.name == name)


def test_every_value_shows_with_its_type() -> None:
    shown = {each.name: each.type.value for each in form.rows(document(PAYLOAD), 0)}
    assert shown == {
        "token": "text",
        "level": "number",
        "on": "true/false",
        "none": "null",
        "list": "list",
        "object": "object",
        "day": "date",
        "time": "moment",
    }


def test_a_time_reads_as_a_moment_in_utc() -> None:
    assert row(document(PAYLOAD), "time").text == "2011-11-24 00:00:00"


@pytest.mark.parametrize(
    ("name", "typed", "literal"),
    [
        ("token", "other", '"token":"other"'),
        ("level", "2e3", '"level": 2e3'),
        ("level", "many", '"level": "many"'),
        ("on", "false", '"on":false'),
        ("list", "[1, 2]", '"list":[1, 2]'),
        ("list", "[1", '"list":"[1"'),
        ("object", "{}", '"object":{}'),
        ("time", "2011-11-24 00:00:01", '"time":1322092801'),
        ("time", "1.5", '"time":1.5'),
        ("time", "soon", '"time":"soon"'),
    ],
)
def test_an_edited_value_changes_nothing_but_its_own_characters(
    name: str, typed: str, literal: str
) -> None:
    before = document(PAYLOAD)
    after = form.with_value(before, row(before, name), typed)
    text = after.decoded.json_text or ""
    assert literal in text
    start = text.index(literal)
    assert PAYLOAD.startswith(text[:start])
    assert PAYLOAD.endswith(text[start + len(literal) :])


def test_a_row_can_be_renamed_removed_and_added() -> None:
    changed = document(PAYLOAD)
    changed = form.with_property_name(changed, row(changed, "level"), "rank/~")
    changed = form.without_property(changed, row(changed, "on"))
    changed = form.with_property(changed, 0, "day")
    names = [each.name for each in form.rows(changed, 0)]
    assert names == ["token", "rank/~", "none", "list", "object", "day", "time", "day 2"]


def test_a_generator_moves_along_when_its_row_is_renamed() -> None:
    made = form.with_typed(document(PAYLOAD), row(document(PAYLOAD), "token"), Type.UUID, "")
    renamed = form.with_property_name(made, row(made, "token"), "id")
    assert renamed.generator_at("/0/properties/id") == Generator(Kind.UUID)
    assert row(renamed, "id").type is Type.UUID


def test_choosing_a_plain_type_ends_the_generator() -> None:
    made = form.with_typed(document(PAYLOAD), row(document(PAYLOAD), "time"), Type.NOW, "")
    assert row(made, "time").type is Type.NOW
    plain = form.with_typed(made, row(made, "time"), Type.TEXT, "never")
    assert plain.generators == ()
    assert row(plain, "time").text == "never"


@pytest.mark.parametrize("payload", ["[1]", '"x"', "{", '{"event":"a","properties":[]}', "[]"])
def test_an_event_without_readable_properties_has_no_rows(payload: str) -> None:
    assert form.rows(document(payload), 0) == ()


def test_a_property_added_to_an_event_without_properties_brings_them() -> None:
    after = form.with_property(document('{"event":"a"}'), 0, "token", '"t"')
    assert after.decoded.events == ({"event": "a", "properties": {"token": "t"}},)


def test_a_name_is_set_also_where_there_was_none() -> None:
    after = form.with_name(document('{"properties":{}}'), 0, "game")
    assert after.decoded.events == ({"properties": {}, "event": "game"},)


@pytest.mark.parametrize("type_", list(Type))
@pytest.mark.parametrize("text", ["", "x", "5", "[1]", "{}", "true"])
def test_changing_a_type_always_leaves_readable_json(type_: Type, text: str) -> None:
    before = document('{"event":"a","properties":{"token":"t"}}')
    start = form.converted(type_, text)
    after = form.with_typed(before, row(before, "token"), type_, start)
    assert after.decoded.events is not None


@pytest.mark.parametrize(
    ("type_", "value"),
    [(Type.MOMENT, 1322092800), (Type.NUMBER, 1322092800), (Type.TEXT, "1322092800")],
)
def test_a_time_that_is_no_longer_made_begins_as_what_was_made_last(
    type_: Type, value: object
) -> None:
    before = document('{"event":"a","properties":{"time":1322092800}}')
    made = form.with_typed(before, row(before, "time"), Type.NOW, "")
    after = form.retyped(made, row(made, "time"), type_)
    assert after.value_at("/0/properties/time") == value


def test_seconds_ago_begin_at_none() -> None:
    before = document('{"event":"a","properties":{"time":1322092800}}')
    after = form.retyped(before, row(before, "time"), Type.AGO)
    assert after.generators == (("/0/properties/time", Generator(Kind.AGO, "0")),)
