from __future__ import annotations

import pytest

from trackscope.capture import payload
from trackscope.wire.decoding import decode
from trackscope.wire.encoding import to_base64
from trackscope.wire.request import param

BASE = "http://h/track/"
JSON = '{"event": "a?>é", "properties": {"token": "t"}}'
DATA = to_base64(JSON)


def _values(source: str) -> list[str]:
    assert payload.looks_like_base64(source)
    values = [param(each.request, "data") for each in payload.read_base64(source, BASE)]
    return [value.value for value in values if value]


@pytest.mark.parametrize(
    "source",
    ["{}", "  {} \n", '"{}"', "'{}',", "data={}", "data: {}", '"data={}"', "b'{}'", "```\n{}\n```"],
)
def test_base64_is_freed_of_its_wrapping(source: str) -> None:
    source = source.replace("{}", DATA)
    assert payload.looks_like_base64(source)
    assert _values(payload.unfenced(source)) == [DATA]


def test_the_literal_text_of_data_is_kept_for_the_rules_to_judge() -> None:
    assert _values(DATA.rstrip("=")) == [DATA.rstrip("=")]
    safe = DATA.replace("+", "-").replace("/", "_")
    assert _values(safe) == [safe]
    assert _values(DATA.replace("=", "%3D")) == [DATA]
    assert _values(DATA.replace("=", "%253D")) == [DATA.replace("=", "%3D")]


def test_values_one_a_line_are_several_and_wrapped_ones_are_one() -> None:
    assert _values(f"{DATA}\n{DATA}") == [DATA, DATA]
    assert _values(f"{DATA[:40]}\n  {DATA[40:]}  \n") == [DATA]
    assert _values(f"{DATA[:40]}\n{DATA[40:]}\n\n{DATA}") == [DATA, DATA]


@pytest.mark.parametrize("prose", ["Every day the eyes saw", "eye", "ey", "Wxyz of old", "hello"])
def test_prose_is_not_taken_for_base64(prose: str) -> None:
    assert not payload.looks_like_base64(prose)


def test_json_travels_as_it_is_written() -> None:
    [found] = payload.read_json(f"```json\n{JSON}\n```", BASE)
    assert found.request.method == "GET"
    assert decode(found.request).json_text == JSON


def test_lines_of_events_are_one_batch() -> None:
    assert payload.holds_records(f"{JSON}\n{JSON}\n")
    [found] = payload.read_json(f"{JSON}\n\n{JSON}\n", BASE)
    events = decode(found.request).events
    assert events is not None
    assert [event["event"] for event in events] == ["a?>é", "a?>é"]
    assert found.notes == ("2 lines read as one batch",)


def test_a_broken_event_is_a_payload_all_the_same() -> None:
    broken = '{"event": "a", "properties": {,}}'
    assert payload.holds_records(broken)
    [found] = payload.read_json(broken, BASE)
    assert decode(found.request).json_text == broken


def test_json_without_objects_is_no_payload() -> None:
    assert list(payload.read_json("[1, 2]", BASE)) == []
    assert list(payload.read_json("{broken", BASE)) == []


@pytest.mark.parametrize("source", ["data=x&verbose=1", "ip=1&data=e30%3D", 'data={"a": "b&c"}'])
def test_a_form_body_becomes_a_post_with_exactly_that_body(source: str) -> None:
    assert payload.looks_like_form(source)
    [found] = payload.read_form(f" {source}\n", BASE)
    assert found.request.method == "POST"
    assert found.request.body == source.encode()
    assert found.request.header("Content-Type") == "application/x-www-form-urlencoded"


def test_a_query_becomes_a_get() -> None:
    [found] = payload.read_form("?data=e30%3D&ip=1", BASE)
    assert (found.request.method, found.request.url) == ("GET", f"{BASE}?data=e30%3D&ip=1")


@pytest.mark.parametrize("source", ["a=b&c=d", "data=x", "a & data=b", ""])
def test_other_text_is_no_form(source: str) -> None:
    assert not payload.looks_like_form(source)


def test_json_beyond_what_is_read_is_still_a_payload_with_its_finding() -> None:
    for text, rule in (("[" * 5_000 + "]" * 5_000, "json.depth"), ("9" * 5_000, "json.number")):
        [found] = payload.read_json(text, BASE)
        flaw = decode(found.request).flaw
        assert flaw is not None
        assert flaw.rule == rule


def test_events_are_found_wherever_they_stand_in_a_text() -> None:
    token = to_base64('{"alg": "none"}')
    source = f"[Mixpanel] bearer {token}\nsending everything: data={DATA}&ip=1\n({DATA})"
    assert payload.scattered_place(source) == source.index(DATA)
    found = list(payload.read_scattered(source, BASE))
    assert [each.position for each in found] == ["line 2", "line 3"]
    assert [source[slice(*each.span)] for each in found if each.span] == [DATA, DATA]
    for each in found:
        assert decode(each.request).events is not None
    assert payload.scattered_place(f"bearer {token}, everything else") == -1
