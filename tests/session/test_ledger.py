from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.session import recorded
from tests.session.exchanges import event, request_of

from trackscope.capture.exchange import Exchange, Origin
from trackscope.session import ledger, numbering
from trackscope.session.ledger import ANY_SENDER, OTHERS, UNREADABLE, Entry, Ledger, LedgerTable
from trackscope.session.numbering import Range
from trackscope.session.target import COLLECTOR
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest


def received(payload: Any, verdict: int | None = 1, **known: Any) -> Exchange:
    return Exchange(request_of(payload), Origin.RECEIVED, 1.0, verdict=verdict, **known)


def by(library: str, name: str = "game", **properties: Any) -> dict[str, Any]:
    return event(name, mp_lib=library, **properties)


def table(exchanges: Iterable[Exchange], number: str | None = None) -> LedgerTable:
    kept = Ledger(number)
    kept.add_all(exchanges)
    return kept.table()


def of(found: LedgerTable, name: str) -> Entry:
    (entry,) = [each for each in found.entries if each.event == name]
    return entry


def test_nothing_came_to_nothing() -> None:
    found = table([])
    assert found == LedgerTable()
    assert found.is_clean


def test_events_are_counted_by_name_and_sender_the_most_frequent_first() -> None:
    found = table(
        [
            received([by("node", "over", k=1), by("node", k=2)]),
            received(by("web", k=3)),
            received(by("web", k=4), 0),
        ]
    )
    assert [(each.event, each.sender, each.received) for each in found.entries] == [
        ("game", "mixpanel-browser", 2),
        ("game", "mixpanel-node", 1),
        ("over", "mixpanel-node", 1),
    ]
    assert found.total == Entry("total", "", received=4, accepted=3, refused=1)


@pytest.mark.parametrize(
    ("verdict", "reply", "outcome"),
    [
        (1, None, "accepted"),
        (0, None, "refused"),
        (1, Reply(500), "accepted"),  # the verdict is what its answer said
        (None, Reply(500), "refused"),
        (None, Reply(429, (("Retry-After", "1"),)), "refused"),
        (None, Reply(200, (), b"GIF89a"), "unanswered"),
        (None, None, "unanswered"),
    ],
)
def test_the_answer_says_what_became_of_an_event(
    verdict: int | None, reply: Reply | None, outcome: str
) -> None:
    found = table([received(event(), verdict, reply=reply)])
    assert getattr(found.total, outcome) == found.total.received == 1
    assert found.is_clean == (outcome != "refused")


def test_an_insert_id_is_used_once_for_each_token() -> None:
    same = {"$insert_id": "x"}
    found = table(
        [
            received([event("a", **same), event("a", **same, more=1)]),
            received(event("a", **same)),
            received(event("a", **same | {"token": "other"})),
            received(event("a", **{"$insert_id": "y"})),
        ]
    )
    assert (found.total.duplicated, found.total.alike) == (2, 0)
    assert not found.is_clean


def test_equal_events_without_one_are_perhaps_duplicates() -> None:
    turned = dict(reversed(event("a", k=1).items()))
    found = table([received(each) for each in (event("a", k=1), turned, event("a", k=2))])
    assert (found.total.duplicated, found.total.alike) == (0, 1)
    assert found.is_clean


@pytest.mark.parametrize("odd", [float("nan"), 10**40, "\ud83d", {"k": [None, "é"]}])
def test_any_equal_values_are_alike(odd: Any) -> None:
    found = table(
        [received(json.dumps(event(k=odd)), 0)] + [received(json.dumps(event(k=odd)))] * 2
    )
    assert found.total.alike == 1


def test_what_was_refused_and_came_again_is_no_duplicate() -> None:
    once = event(**{"$insert_id": "x"})
    found = table([received(once, 0), received(once, 0), received(once)])
    assert found.total == Entry("total", "", received=3, accepted=1, refused=2)


def test_what_this_program_sent_to_its_collector_is_counted_where_it_was_received() -> None:
    sent = Exchange(request_of(event()), Origin.SENT, 1.0, target=COLLECTOR, verdict=1)
    assert table([sent, received(event())]).total.received == 1


def test_a_payload_that_cannot_be_read_is_counted_too() -> None:
    broken = TrackRequest("GET", "http://h/track/?data=eyJ")
    decide = TrackRequest("GET", "http://h/decide/?lib=web&token=t")
    preflight = TrackRequest("OPTIONS", "http://h/track/")
    found = table(
        [Exchange(each, Origin.RECEIVED, 1.0, verdict=0) for each in (broken, decide, preflight)]
    )
    assert found.entries == (Entry(UNREADABLE, "unknown sender", received=1, refused=1),)


def test_profiles_are_counted_by_what_is_done_to_them() -> None:
    profile = {"$token": "t", "$distinct_id": "d", "$set": {"n": 1}}
    request = request_of(profile, url="http://h/engage/")
    found = table([Exchange(request, Origin.RECEIVED, 1.0, verdict=1)] * 2)
    assert found.entries == (Entry("profile $set", "unknown sender", received=2, accepted=2),)


def test_missing_and_repeated_numbers_are_told_as_ranges() -> None:
    numbers = [1, 2, 3, 6, 8, 8, 9, 10]
    for number in (None, "seq"):
        (numbering,) = table(
            [received(event(seq=each, k=each)) for each in numbers], number
        ).numberings
        assert (numbering.label, numbering.event) == ("seq", "")
        assert numbering.missing == (Range(4, 5), Range(7, 7))
        assert numbering.repeated == (Range(8, 8),)


def test_numbers_in_names_run_too_and_share_a_line() -> None:
    found = table([received(event(f"event {each}")) for each in (1, 2, 4)] + [received(event())])
    assert of(found, "event #").received == 3
    assert of(found, "game").received == 1
    (numbering,) = found.numberings
    assert (numbering.label, numbering.missing) == ("event #", (Range(3, 3),))


def test_one_number_through_all_events_is_told_from_one_for_each_name() -> None:
    shared = [event("ab"[each % 2], seq=each) for each in range(10) if each != 4]
    (numbering,) = table(map(received, [*shared, shared[2]])).numberings
    assert (numbering.event, numbering.missing) == ("", (Range(4, 4),))
    assert numbering.repeated == (Range(2, 2),)
    own = [event(name, seq=each) for each in range(10) for name in "ab" if (each, name) != (4, "a")]
    numberings = table(map(received, own)).numberings
    assert [(each.event, each.missing) for each in numberings] == [("a", (Range(4, 4),)), ("b", ())]


def test_senders_and_tokens_number_for_themselves() -> None:
    events = [
        event(seq=each, **known)
        for each in range(5)
        for known in ({}, {"token": "u"}, {"mp_lib": "node"})
    ]
    numberings = table(map(received, events)).numberings
    assert [each.sender for each in numberings] == ["unknown sender"] * 2 + ["mixpanel-node"]
    assert all(not each.missing and not each.repeated for each in numberings)


def test_a_property_that_does_not_run_is_no_number_unless_it_is_chosen() -> None:
    exchanges = [received(event(number=each)) for each in (3, 900, 77, 12_345)]
    assert table(exchanges).numberings == ()
    (numbering,) = table(exchanges, "number").numberings
    assert numbering.missing_count == 12_345 - 3 + 1 - 4


def test_names_without_end_share_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MAX_ENTRIES", 3)
    names = ["a", "b", "c", "d", "e", *(f"event {each}" for each in range(20)), "a"]
    found = table(received(event(name)) for name in names)
    assert of(found, OTHERS) == Entry(OTHERS, ANY_SENDER, received=2, accepted=2)
    assert of(found, "event #").received == 20
    assert of(found, "a").received == 2
    assert found.total.received == len(names)


def test_numbers_without_end_are_followed_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "MAX_SERIES", 4)
    events = [event(f"{name}{name}", seq=each) for name in "abcdef" for each in range(3)]
    (found,) = table(map(received, events), "seq").numberings
    assert (found.event, found.repeated) == ("", (Range(0, 2),))


def test_of_many_events_the_last_ones_are_remembered() -> None:
    kept = Ledger(remembered=10)
    kept.add_all(received(event(k=each)) for each in range(50))
    assert not kept.table().is_complete
    kept.add(received(event(k=49)))
    kept.add(received(event(k=0)))
    assert kept.table().total.alike == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["event", "properties", "seq", "token", "$insert_id", "mp_lib", "x1"]),
            inner,
            max_size=4,
        )
    ),
)


@given(
    st.lists(st.tuples(JSON, st.sampled_from([1, 0, None])), max_size=8),
    st.sampled_from([None, "x1"]),
)
def test_the_counts_of_any_exchanges_add_up(
    payloads: list[tuple[Any, int | None]], number: str | None
) -> None:
    found = table((received(payload, verdict) for payload, verdict in payloads), number)
    for each in (*found.entries, found.total):
        assert each.received == each.accepted + each.refused + each.unanswered
        assert each.duplicated + each.alike <= each.received - each.refused
    assert sum(each.received for each in found.entries) == found.total.received


@recorded.HERE
def test_recorded_requests_come_once_each_and_a_second_time_as_duplicates() -> None:
    exchanges = [_as_answered(each) for each in recorded.exchanges()]
    kept = Ledger()
    kept.add_all(exchanges)
    once = kept.table()
    assert once.total.duplicated == 0
    shuffled = list(exchanges)
    random.Random(4).shuffle(shuffled)
    kept.add_all(shuffled)
    twice = kept.table()
    assert twice.total.received == 2 * once.total.received
    accepted = once.total.accepted - sum(
        each.accepted for each in once.entries if each.event.startswith(("profile", "group"))
    )
    new = twice.total.duplicated + twice.total.alike - once.total.alike
    assert new == accepted


def _as_answered(exchange: Exchange) -> Exchange:
    """The exchange with a verdict only where its answer was none of the forced failures."""
    is_failed = exchange.reply is not None and exchange.reply.status >= 400
    return replace(exchange, verdict=None) if is_failed else exchange
