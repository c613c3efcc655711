from __future__ import annotations

import json

import pytest
from tests.capture.seeds import DATA, EVENT, URL

from trackscope.capture import field
from trackscope.wire.decoding import decode

PROFILE = {"$token": "t", "$distinct_id": "1", "$set": {}}


@pytest.mark.parametrize(
    "value",
    [
        URL,
        f"  {URL} ",
        f"sent {URL}.",
        DATA,
        f"data={DATA}",
        f"ip=1&data={DATA}",
        json.dumps(EVENT),
    ],
)
def test_each_kind_of_payload_is_found(value: str) -> None:
    [found] = field.read(value)
    assert decode(found.request).events == (EVENT,)
    assert found.span is None


@pytest.mark.parametrize("value", ["", "hello", "eye", "{}", "[1]", "a=b", "12", "12:30", "data="])
def test_other_values_hold_nothing(value: str) -> None:
    assert list(field.read(value)) == []


def test_records_go_where_their_kind_goes() -> None:
    assert field.base_for(EVENT).endswith("/track/")
    assert field.base_for([PROFILE]).endswith("/engage/")
    assert field.base_for({**PROFILE, "$group_key": "k"}).endswith("/groups/")
    assert field.base_for([]).endswith("/track/")


def test_an_event_has_properties_and_a_profile_a_token() -> None:
    assert field.is_record(EVENT)
    assert field.is_record(PROFILE)
    assert not field.is_record({"event": "click"})
    assert not field.is_record([EVENT])
    assert field.are_records([1, EVENT])
    assert not field.are_records([])
