"""The payload of `send`, from its options."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

import pytest

from trackscope.cli.composition import add_payload_arguments, payload
from trackscope.errors import TrackscopeError

NOW = 1_322_092_800.9


def composed(*arguments: str) -> Any:
    parser = ArgumentParser()
    add_payload_arguments(parser)
    return json.loads(payload(parser.parse_args(arguments), NOW))


def test_an_event_happens_now_unless_it_is_told_otherwise() -> None:
    assert composed("--event", "game") == {"event": "game", "properties": {"time": 1322092800}}
    assert composed("--event", "game", "--time", "none")["properties"] == {}


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("-3600", 1322089200),
        ("+60", 1322092860),
        ("5", 5),
        ("1.5", 1.5),
        ("1322092800000", 1322092800000),
    ],
)
def test_a_time_is_a_moment_or_seconds_from_now(typed: str, time: float) -> None:
    assert composed("--event", "a", "--time", typed)["properties"]["time"] == time


def test_properties_are_json_where_they_are_json_and_text_otherwise() -> None:
    props = ["n=7", 's="7"', "t=true", "z=null", "l=[1,2]", "w=a b", "e=", "x=NaN", "q=a=b"]
    made = composed("--event", "a", "--time", "none", *(f"--prop={each}" for each in props))
    assert made["properties"] == {
        "n": 7, "s": "7", "t": True, "z": None, "l": [1, 2], "w": "a b", "e": "", "x": "NaN",
        "q": "a=b",
    }  # fmt: skip


def test_json_goes_byte_for_byte() -> None:
    parser = ArgumentParser()
    add_payload_arguments(parser)
    text = '{ "event" : "a",  "n": 1.10, }\n'
    assert payload(parser.parse_args(["--json", text]), NOW) == text.encode()


def test_json_with_options_has_them_in_each_of_its_events() -> None:
    batch = '[{"event": "a", "properties": {"time": 1}}, {"event": "b"}]'
    made = composed("--json", batch, "--token", "t", "--time", "now", "--distinct-id", "u")
    common = {"token": "t", "distinct_id": "u", "time": 1322092800}
    assert made == [{"event": "a", "properties": common}, {"event": "b", "properties": common}]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--event", "a", "--time", "yesterday"),
        ("--event", "a", "--time", "1e400"),
        ("--event", "a", "--prop", "novalue"),
        ("--json", "{", "--token", "t"),
        ("--json", "[1]", "--token", "t"),
        ("--json", '{"properties": 7}', "--token", "t"),
        ("--json", "missing.json"),
    ],
)
def test_what_cannot_be_composed_is_refused_in_a_sentence(arguments: tuple[str, ...]) -> None:
    with pytest.raises(TrackscopeError):
        composed(*arguments)
