from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.wire.rules.asking import TRANSPORTS, carried, event, get
from tests.wire.sdks import BY_HAND, HERE, records

from trackscope.wire.decoding import decode
from trackscope.wire.editing import with_payload
from trackscope.wire.glance import glance
from trackscope.wire.request import TrackRequest
from trackscope.wire.sender import LIBRARIES, Sender, Sureness, sender_at_a_glance, sender_of

FIREFOX = ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0")

DECLARED_OTHERWISE = {("mixpanel-go", "1.2.1"): "1.2.0"}
"""Releases whose requests name another version: what they say is what can be known."""


def sender(request: TrackRequest) -> Sender:
    return sender_of(request, decode(request))


def made(library: Any, **properties: Any) -> dict[str, Any]:
    return event(mp_lib=library, **properties)


@pytest.mark.parametrize(("library", "name"), LIBRARIES.items())
def test_an_event_that_names_its_library_says_who_sent_it(library: str, name: str) -> None:
    for transport in TRANSPORTS:
        found = sender(carried(made(library, **{"$lib_version": "1.2.3"}), transport))
        assert (found.name, found.version, found.sureness) == (name, "1.2.3", Sureness.CERTAIN)
        assert found.title == f"{name} 1.2.3"


def test_the_version_is_the_one_that_sent_the_event_not_the_one_that_made_it() -> None:
    stored = {"$lib_version": "2.49.0", "mp_sent_by_lib_version": "2.65.0"}
    found = sender(get(made("web", **stored)))
    assert found.version == "2.65.0"
    assert found.why == "It says so itself: mp_lib is web and mp_sent_by_lib_version 2.65.0."


def test_without_a_version_the_name_is_certain_all_the_same() -> None:
    assert sender(get(made("jdk"))) == Sender(
        "mixpanel-java", None, Sureness.CERTAIN, "It says so itself: mp_lib is jdk."
    )


def test_what_a_program_of_another_kind_sends_was_copied_or_passed_on() -> None:
    request = get(made("python", **{"$lib_version": "5.4.1"}))
    found = sender(TrackRequest("GET", request.url, (FIREFOX,)))
    assert (found.name, found.sureness) == ("mixpanel-python", Sureness.LIKELY)
    assert "comes from a browser" in found.why


def test_a_library_that_is_none_of_the_official_ones_is_named_but_not_trusted() -> None:
    found = sender(get(made("Segment: web\x1b")))
    assert (found.name, found.sureness) == ("Segment: web\\x1b", Sureness.LIKELY)


def test_a_batch_of_several_libraries_names_none() -> None:
    assert sender(get([made("web"), made("node")])).name is None
    assert sender(get([made("web"), event(), made("web")])).name == "mixpanel-browser"


@pytest.mark.parametrize("library", [7, None, "", ["web"], {"web": 1}, True])
def test_a_library_that_is_no_text_names_nobody(library: Any) -> None:
    assert sender(get(made(library))).sureness is Sureness.UNKNOWN


def test_what_the_sdk_asks_for_names_it_in_the_query() -> None:
    decide = TrackRequest("GET", "http://h/decide/?verbose=1&version=3&lib=web&token=t&ip=1&_=1")
    flags = TrackRequest("GET", "http://h/flags/?context={}&mp_lib=web&$lib_version=2.83.0")
    assert sender(decide).title == "mixpanel-browser"
    assert sender(flags).title == "mixpanel-browser 2.83.0"


def test_an_unknown_sender_is_described_by_its_form() -> None:
    plain = get(event())
    assert sender(plain).title == "unknown sender"
    assert sender(plain).why == "Nothing in it names an SDK, and it has the form of none."
    browser = TrackRequest("GET", plain.url, (FIREFOX,))
    assert sender(browser).why == (
        "Nothing in it names an SDK; by its form it comes from a browser."
    )
    apple = TrackRequest("GET", plain.url, (("user-agent", "Shop/1 CFNetwork/1490 Darwin/23.2"),))
    assert sender(apple).why.endswith("it comes from an Apple app.")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=4) | st.sampled_from(["properties", "mp_lib", "$lib_version"]),
            inner,
            max_size=4,
        )
    ),
)


@given(JSON, st.sampled_from(TRANSPORTS), st.text(max_size=20), st.text(max_size=20))
def test_any_request_has_a_sender_or_none_the_same_at_a_glance(
    payload: Any, transport: str, agent: str, extra: str
) -> None:
    bare = carried(json.dumps(payload), transport, f"&{extra}")
    request = TrackRequest(bare.method, bare.url, (("User-Agent", agent), *bare.headers), bare.body)
    found = sender(request)
    assert found.title.isprintable()
    assert found.why.isprintable()
    seen = glance(request)
    assert seen is None or sender_at_a_glance(request, seen) == found


@HERE
def test_of_the_recorded_requests_none_is_taken_for_another_sdks() -> None:
    counts: Counter[str] = Counter()
    for each in records():
        found = sender(each.request)
        wanted = None if each.sdk == BY_HAND else each.sdk
        counts["all"] += 1
        counts["named"] += found.name is not None
        counts["right"] += found.name is not None and found.name == wanted
        counts["of an SDK"] += wanted is not None
        if found.sureness is Sureness.CERTAIN:
            counts["certain"] += 1
            assert found.name == wanted, each.id
            version = DECLARED_OTHERWISE.get((each.sdk, each.version), each.version)
            assert found.version in (None, version), each.id
            counts["with version"] += found.version is not None
    assert counts["right"] == counts["named"]  # precision 1.0
    assert counts["right"] >= 0.99 * counts["of an SDK"]  # recall
    assert counts["certain"] >= 0.8 * counts["all"]
    assert counts["with version"] >= 0.55 * counts["all"]


@HERE
def test_without_its_events_most_recorded_requests_are_known_by_their_form() -> None:
    """As if no event named its library: what the form alone tells."""
    right = wrong = count = 0
    for each in records():
        request, decoded = each.request, decode(each.request)
        if each.sdk == BY_HAND or not decoded.events:
            continue
        unnamed = _without_names(request)
        found = sender(unnamed)
        count += 1
        right += found.name == each.sdk
        wrong += found.name not in (None, each.sdk)
    assert wrong == 0
    assert right >= 0.95 * count


def _without_names(request: TrackRequest) -> TrackRequest:
    """The request with `mp_lib` spelled otherwise in its payload, of the same form."""
    text = decode(request).json_text
    assert text is not None
    return with_payload(request, text.replace('"mp_lib"', '"mp_lab"'))
