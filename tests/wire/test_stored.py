from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.wire.endpoint import Kind
from trackscope.wire.era import ERAS
from trackscope.wire.stored import as_stored, stored_record

AT = 1_322_092_800.75
ADDRESS = "203.0.113.7"


def stored(event: dict[str, Any], *, ip: bool = False) -> dict[str, Any]:
    return as_stored(event, requester_ip=ADDRESS, at=AT, ip_flag=ip)


def event(**properties: Any) -> dict[str, Any]:
    return {"event": "game", "properties": {"token": "t", "time": 7, **properties}}


def test_an_event_is_stored_as_it_was_sent() -> None:
    assert stored(event(action="play", level=7)) == event(action="play", level=7)


def test_properties_prefixed_with_mp_are_left_out_but_the_name_tag() -> None:
    sent = event(mp_lib="x", mp_="y", mp_name_tag="Ann", xmp_="z", MP_a="kept")
    assert stored(sent) == event(mp_name_tag="Ann", xmp_="z", MP_a="kept")


def test_an_absent_time_becomes_the_whole_second_of_arrival() -> None:
    sent = {"event": "a", "properties": {"token": "t"}}
    assert stored(sent)["properties"] == {"token": "t", "time": 1_322_092_800}


@pytest.mark.parametrize("time", [7, "7", 7.5])
def test_a_time_that_was_sent_stays_as_it_is(time: Any) -> None:
    assert stored(event(time=time))["properties"]["time"] == time


def test_without_ip_1_no_address_is_added() -> None:
    assert stored(event()) == event()
    assert stored(event(ip="1.2.3.4")) == event(ip="1.2.3.4")


def test_ip_1_makes_the_requesters_address_ip_and_distinct_id() -> None:
    assert stored(event(), ip=True) == event(ip=ADDRESS, distinct_id=ADDRESS)


def test_ip_1_overrides_the_ip_property() -> None:
    assert stored(event(ip="1.2.3.4", distinct_id="d"), ip=True) == event(
        ip=ADDRESS, distinct_id="d"
    )


@pytest.mark.parametrize("distinct_id", ["d", 0, 7, False, " "])
def test_ip_1_keeps_a_distinct_id_that_was_sent(distinct_id: Any) -> None:
    properties = stored(event(distinct_id=distinct_id), ip=True)["properties"]
    assert properties["distinct_id"] == distinct_id


@pytest.mark.parametrize("distinct_id", ["", None])
def test_an_empty_distinct_id_is_none(distinct_id: str | None) -> None:
    properties = stored(event(distinct_id=distinct_id), ip=True)["properties"]
    assert properties["distinct_id"] == ADDRESS


def test_keys_beside_event_and_properties_are_not_stored() -> None:
    assert stored({**event(), "user": 7}) == event()


@given(
    st.dictionaries(st.text() | st.sampled_from(["mp_a", "ip", "time"]), st.lists(st.text())),
    st.booleans(),
)
def test_the_event_that_was_sent_is_not_changed(properties: dict[str, Any], ip: bool) -> None:
    sent = {"event": "a", "properties": properties}
    before = copy.deepcopy(sent)
    result = stored(sent, ip=ip)
    assert sent == before
    assert list(result) == ["event", "properties"]
    assert not any(
        name.startswith("mp_") and name != "mp_name_tag" for name in result["properties"]
    )


def stored_today(event: dict[str, Any], *, ip: bool = False) -> dict[str, Any]:
    return as_stored(event, requester_ip=ADDRESS, at=AT, ip_flag=ip, era=ERAS["current"])


def test_today_properties_prefixed_with_mp_are_kept() -> None:
    assert stored_today(event(mp_lib="x", mp_page="y")) == event(mp_lib="x", mp_page="y")


def test_today_ip_1_names_a_user_without_telling_the_address() -> None:
    properties = stored_today(event(ip="1.2.3.4"), ip=True)["properties"]
    assert properties["ip"] == "1.2.3.4"
    assert ADDRESS not in properties["distinct_id"]
    assert properties["distinct_id"] == stored_today(event(), ip=True)["properties"]["distinct_id"]
    assert stored_today(event(distinct_id="u"), ip=True) == event(distinct_id="u")


def test_a_profile_is_stored_as_it_is() -> None:
    profile = {"$token": "t", "$distinct_id": "u", "$set": {"mp_a": 1}}
    for kind in (Kind.PROFILES, Kind.GROUPS):
        assert stored_record(profile, kind, requester_ip=ADDRESS, at=AT, ip_flag=True) == profile
    kept = stored_record(event(), Kind.EVENTS, requester_ip=ADDRESS, at=AT, ip_flag=True)
    assert kept == stored(event(), ip=True)
