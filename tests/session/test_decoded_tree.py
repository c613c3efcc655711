"""The rows of a decoded request: what they say, and what they point at."""

from __future__ import annotations

from itertools import islice

import pytest
from tests.session.exchanges import NOW, event, exchange_of, request_of
from tests.session.rows import deep, inner, lit, top

from trackscope.capture.exchange import Exchange, Origin
from trackscope.session.inspection import inspect
from trackscope.wire.finding import Severity
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest


def test_properties_stand_beneath_their_event_in_order_with_their_types() -> None:
    payload = event(
        plan="free", ratio=1.5, on=True, none=None, list=[1], of={"a": 1}, d="2011-11-23"
    )
    rows = inner(top(exchange_of(request_of(payload)))["Event"])
    assert [(row.label, row.type) for row in rows.values()][4:] == [
        ("plan", "text"), ("ratio", "number"), ("on", "true/false"), ("none", "null"),
        ("list", "list"), ("of", "object"), ("d", "date"),
    ]  # fmt: skip


def test_numbers_stand_as_they_were_written() -> None:
    text = '{"event":"a","properties":{"token":"t","x":1.10,"y":1e3,"z":12345678901234567890123}}'
    rows = inner(top(exchange_of(request_of(text)))["Event"])
    assert [rows[name].value for name in "xyz"] == ["1.10", "1e3", "12345678901234567890123"]


def test_a_repeated_key_stands_as_often_as_it_was_sent() -> None:
    text = '{"event":"a","properties":{"token":"t","x":1,"x":2}}'
    node = top(exchange_of(request_of(text)))["Event"]
    assert [each.value for each in node.children() if each.label == "x"] == ["1", "2"]


def test_a_time_reads_as_people_read_it() -> None:
    rows = inner(top(exchange_of(request_of(event(created_at=1322092800500))))["Event"])
    assert rows["time"].hint == "2011-11-24 00:00:00 UTC"
    assert rows["created_at"].hint == "2011-11-24 00:00:00.500 UTC, in milliseconds"


def test_a_long_value_is_cut_and_kept_whole() -> None:
    row = deep(top(exchange_of(request_of(event(long="x" * 5_000)))), "Event", "long")
    assert len(row.value) == 2_001
    assert row.whole_value == "x" * 5_000
    assert row.json_text == f'"{"x" * 5_000}"'


def test_a_finding_marks_its_value_and_all_it_lies_in() -> None:
    nodes = top(exchange_of(request_of([event(), event(mp_x=1, time=7)])))
    assert nodes["Events"].severity is Severity.ERROR
    second = list(nodes["Events"].children())[1]
    assert second.severity is Severity.ERROR
    assert inner(second)["time"].severity is Severity.ERROR
    assert inner(second)["mp_x"].severity is Severity.WARNING
    assert next(nodes["Events"].children()).severity is None


def test_each_finding_has_its_sentence_and_its_fix() -> None:
    row = deep(
        top(exchange_of(request_of(event(mp_x="1")))), "Findings", "property.reserved-prefix"
    )
    assert row.value == "mp_x is ignored: the prefix mp_ is reserved."
    assert inner(row)["Fix"].value == "Rename to x"
    assert inner(row)["Where"].value == "/properties/mp_x"


def test_each_repair_is_named_with_its_place() -> None:
    request = request_of(event(text="~~~~~???"))
    raw = TrackRequest("GET", request.url.replace("%2B", "+"))
    assert raw != request
    row = deep(top(exchange_of(raw)), "Repairs", "data.space")
    assert "turned back into +" in row.value
    assert row.hint.startswith("at ")
    seen = inspect(exchange_of(raw))
    assert lit(seen, row, "url") == "+"


def test_a_parameter_has_its_literal_and_says_what_it_does() -> None:
    request = TrackRequest("GET", "http://h/track/?data=W10%3D&callback=a%2Eb&callback=c&zoo=1")
    rows = list(top(exchange_of(request))["Parameters"].children())
    assert [row.value for row in rows] == ["W10=", "a.b", "c", "1"]
    assert inner(rows[1])["as it was sent"].value == "a%2Eb"
    assert [row.hint for row in rows] == [
        "the payload", "the answer calls this function", "a repeat: the first one counts",
        "not one of the specification's",
    ]  # fmt: skip
    seen = inspect(exchange_of(request))
    assert [lit(seen, row, "url") for row in rows][1:] == ["callback=a%2Eb", "callback=c", "zoo=1"]


def test_of_a_batch_taken_in_parts_each_event_has_its_own_stored_form() -> None:
    sent = [event("a"), event(" "), event("c", mp_x="1")]
    kept = ({**event("a"), "event": "A"}, {**event("c"), "event": "C"})
    exchange = exchange_of(request_of(sent), "current", stored=kept, origin=Origin.RECEIVED)
    rows = list(top(exchange)["Events"].children())
    assert [inner(row)["As stored"].value for row in rows] == [
        "event changed",
        "not stored: it was refused, others of the request were not",
        "event changed, mp_x left out",
    ]


def test_a_property_that_is_stored_as_something_else_says_so() -> None:
    kept = {"event": "game", "properties": event(ip="::1")["properties"]}
    sent = request_of(event(mp_x=1, ip="10.0.0.1"))
    rows = inner(top(exchange_of(sent, stored=(kept,)))["Event"])
    assert rows["mp_x"].hint.startswith("not stored")
    assert rows["ip"].hint == 'stored as "::1"'
    assert rows["distinct_id"].hint == ""


def test_a_watched_property_is_there_or_missing() -> None:
    rows = inner(top(exchange_of(request_of(event(plan=7))), "plan", "city")["Watched"])
    assert (rows["plan"].value, rows["plan"].type) == ("7", "number")
    assert rows["city"].is_missing
    assert rows["city"].value == "missing"


def test_of_a_batch_it_is_told_how_many_events_have_a_watched_property() -> None:
    batch = [event(plan="a"), event(), event(plan="b")]
    rows = inner(top(exchange_of(request_of(batch)), "plan", "token", "city")["Watched"])
    assert rows["plan"].value == "in 2 of 3 events"
    assert rows["plan"].is_missing
    assert {row.label: row.value for row in rows["plan"].children()} == {
        "Event 1": "a", "Event 3": "b"
    }  # fmt: skip
    assert rows["token"].value == "in every event"
    assert rows["city"].value == "missing in every event"


def test_an_answer_says_what_came_back_and_why() -> None:
    reply = Reply(200, (("Content-Type", "text/plain"),), b"0")
    node = top(exchange_of(request_of(event(time=1)), reply=reply, verdict=0))["Answer"]
    assert node.value.startswith("0 · ")
    rows = inner(node)
    assert rows["Body"].value == "0"
    assert rows["Content-Type"].value == "text/plain"


def test_without_an_answer_it_is_what_the_rules_predict() -> None:
    node = top(exchange_of(request_of(event(time=1))))["Predicted"]
    assert node.value.startswith("0? · would not be logged")


@pytest.mark.parametrize(
    "url", ["http://h/track/", "http://h/track/?data=", "http://h/track/?data=%%%&x", "\udc80://"]
)
def test_what_cannot_be_read_still_has_its_rows(url: str) -> None:
    nodes = top(exchange_of(TrackRequest("GET", url)), "plan")
    assert "Exchange" in nodes
    assert "Findings" in nodes
    assert "Event" not in nodes


def test_what_is_no_event_has_a_row_all_the_same() -> None:
    nodes = top(exchange_of(request_of('[1, null, {"event": 3}, {"properties": []}, []]')), "plan")
    rows = [(row.label, row.value) for row in nodes["Events"].children()]
    assert rows == [
        ("Event 1", "1"), ("Event 2", "null"), ("Event 3", '{"event": 3}'),
        ("Event 4", '{"properties": []}'), ("Event 5", "[]"),
    ]  # fmt: skip
    assert inner(nodes["Watched"])["plan"].value == "missing in every event"


def test_rows_of_a_large_batch_are_made_one_by_one() -> None:
    batch = [event(f"e{n}", text="y" * 1_000) for n in range(2_000)]
    node = top(exchange_of(request_of(batch, is_post=True)))["Events"]
    assert node.size == 2_000
    assert [each.value for each in islice(node.children(), 2)] == ["e0", "e1"]


def test_the_time_of_an_exchange_may_be_on_no_calendar() -> None:
    exchange = exchange_of(request_of(event()))
    for at in (1e18, -1e18):
        rows = inner(top(Exchange(exchange.request, exchange.origin, at))["Exchange"])
        assert "When" not in rows
    assert inner(top(exchange)["Exchange"])["When"].value.startswith("2011-11-24 00:00:00")
    assert exchange.at == NOW
