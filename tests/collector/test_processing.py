"""What becomes of events after their answer, and in which order."""

from __future__ import annotations

from dataclasses import replace

import httpx
from tests.collector.conftest import NOW, base64_of, event, target
from tests.collector.memory_store import MemoryStore

from trackscope.capture.exchange import Exchange, Origin
from trackscope.collector.judging import Logged, judgement
from trackscope.collector.processing import EXPRESS_PER_SECOND, TURN_BYTES, Processor
from trackscope.collector.server import Collector
from trackscope.errors import HistoryError
from trackscope.wire.era import rule_book
from trackscope.wire.request import TrackRequest


def received(exchange_id: int, path: str) -> Exchange:
    request = TrackRequest("GET", f"http://localhost{path}")
    return Exchange(request, Origin.RECEIVED, NOW, id=exchange_id, verdict=1, peer="127.0.0.1:5000")


def logged(exchange: Exchange) -> Logged:
    return judgement(exchange.request, rule_book(), NOW).logged


async def test_an_event_gets_its_stored_form_after_the_answer(client, collector, store):
    await client.get(target(event(mp_page="x", mp_name_tag="Ann"), ip=1))
    await collector.drained()
    assert store.exchanges[0].stored == (
        {
            "event": "game",
            "properties": {
                "token": "e3bc41",
                "time": int(NOW),
                "mp_name_tag": "Ann",
                "ip": "127.0.0.1",
                "distinct_id": "127.0.0.1",
            },
        },
    )


async def test_what_was_refused_gets_no_stored_form(client, collector, store):
    await client.get(target({"event": "game"}))
    await client.get(target())
    await collector.drained()
    assert [kept.stored is None for kept in store.exchanges] == [True, False]


class CountsCalls(MemoryStore):
    """Counts how often it is given stored forms."""

    calls = 0

    async def add_stored(self, forms):
        self.calls += 1
        await super().add_stored(forms)


async def test_what_waits_is_kept_together_though_others_are_served_in_between(start_collector):
    store = CountsCalls()
    large = target(event(long="x" * TURN_BYTES))
    store.exchanges = [received(1, target()), received(2, large), received(3, target())]
    collector = await start_collector(store=store)
    for exchange in store.exchanges:
        collector._processor.add(exchange, logged(exchange))
    await collector.drained()
    assert store.processed == [1, 2, 3]
    assert store.calls == 1


async def test_tests_are_processed_before_all_others(collector, store):
    processor = collector._processor
    for number in range(1, 4):
        store.exchanges.append(received(number, target()))
    store.exchanges.append(received(4, target(test=1)))
    for exchange in store.exchanges:
        processor.add(exchange, logged(exchange))
    await processor.drained()
    assert store.processed == [4, 1, 2, 3]


async def test_the_hundred_and_first_test_of_a_second_is_an_ordinary_request(store):
    collector = Collector(store, clock=lambda: NOW)
    collector._processor = processor = Processor(store, monotonic=lambda: 7.0)
    await collector.start()
    ids = range(1, EXPRESS_PER_SECOND + 2)
    store.exchanges += [received(number, target(test=1)) for number in ids]
    other = received(len(ids) + 1, target(event(token="another"), test=1))
    store.exchanges.append(other)
    for exchange in list(store.exchanges):
        processor.add(exchange, logged(exchange))
    await processor.drained()
    late = [number for number, found in store.findings.items() if found]
    assert late == [EXPRESS_PER_SECOND + 1]
    assert store.findings[late[0]][0].rule == "test.rate"
    assert store.processed[-1] == late[0]
    assert all(kept.stored for kept in store.exchanges)
    await collector.stop()


async def test_an_insert_id_that_was_seen_is_a_finding_and_nothing_is_dropped(
    client, collector, store
):
    same = {"$insert_id": "abc"}
    await client.get(target(event(**same)))
    await client.get(target([event(**same), event(**same, token="another")]))
    await collector.drained()
    assert store.findings[1] == ()
    [finding] = store.findings[2]
    assert (finding.rule, finding.at) == ("event.duplicate", "/0/properties/$insert_id")
    assert len(store.exchanges[1].stored or ()) == 2


async def test_two_equal_events_are_both_logged(client, collector, store):
    for _ in range(2):
        assert (await client.get(target())).content == b"1"
    await collector.drained()
    assert [len(kept.stored or ()) for kept in store.exchanges] == [1, 1]


async def test_what_an_earlier_run_left_behind_is_processed_at_the_start(start_collector):
    store = MemoryStore()
    store.exchanges = [received(1, target()), received(2, target(event("second")))]
    collector = await start_collector(store=store, unprocessed=list(store.exchanges))
    await collector.drained()
    assert [kept.stored[0]["event"] for kept in store.exchanges if kept.stored] == [
        "game",
        "second",
    ]


class FailsOnce(MemoryStore):
    """Cannot keep the first stored form."""

    async def add_stored(self, forms):
        if 1 in [form.exchange_id for form in forms]:
            raise HistoryError("the disk is full")
        await super().add_stored(forms)


async def test_a_stored_form_that_cannot_be_kept_stops_nothing(start_collector, expect_log):
    expect_log("not processed: 1. the disk is full")
    store = FailsOnce()
    collector = await start_collector(store=store)
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(2):
            await client.get(collector.address + target())
            await collector.drained()
    assert store.processed == [2]


async def test_who_follows_is_told_of_every_exchange_once_it_is_stored(start_collector, store):
    told: list[Exchange] = []
    collector = await start_collector(on_exchange=told.append)
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get(collector.address + target())
        await client.post(collector.address + "/track", data={"data": base64_of([])})
    await collector.stop()
    assert [(each.id, each.verdict) for each in told] == [(1, 1), (2, 0)]
    assert told[0] == replace(store.exchanges[0], stored=None)


async def test_a_listener_that_fails_keeps_nobody_from_being_answered(start_collector, expect_log):
    expect_log("could not be reported")

    def fail(_exchange: Exchange) -> None:
        raise BrokenPipeError

    collector = await start_collector(on_exchange=fail)
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(2):
            assert (await client.get(collector.address + target())).content == b"1"


async def test_of_a_batch_taken_in_parts_only_the_good_events_are_stored(start_collector, store):
    collector = await start_collector(era="current")
    async with httpx.AsyncClient(trust_env=False) as client:
        batch = target([event("a"), event(" "), event("c", time="x"), event("d")])
        assert (await client.get(collector.address + batch)).content == b"1"
    await collector.drained()
    stored = store.exchanges[0].stored or ()
    assert [each["event"] for each in stored] == ["a", "d"]


async def test_what_an_earlier_run_left_behind_is_processed_by_its_own_era(start_collector):
    store = MemoryStore()
    batch = target([event("a"), event(" ")])
    store.exchanges = [replace(received(1, batch), era="current")]
    collector = await start_collector(store=store, unprocessed=list(store.exchanges))
    await collector.drained()
    assert [each["event"] for each in store.exchanges[0].stored or ()] == ["a"]


async def test_what_a_later_version_left_behind_in_an_era_of_its_own_stops_nothing(start_collector):
    store = MemoryStore()
    store.exchanges = [replace(received(1, target()), era="2031"), received(2, target())]
    collector = await start_collector(store=store, unprocessed=list(store.exchanges))
    await collector.drained()
    assert store.processed == [1, 2]


async def test_profiles_and_imports_without_a_token_have_a_stored_form_too(store):
    profile = {"$token": "t", "$distinct_id": "u", "$set": {"mp_a": 1}}
    imported = {"event": "a", "properties": {"time": 7, "$insert_id": "i", "distinct_id": "u"}}
    store.exchanges = [
        received(1, target(profile, path="/engage", test=1)),
        received(2, target([imported, imported], path="/import", test=1)),
    ]
    collector = Collector(store, clock=lambda: NOW, unprocessed=list(store.exchanges))
    await collector.start()
    await collector.drained()
    assert [each.stored for each in store.exchanges] == [(profile,), (imported, imported)]
    assert [each.at for each in store.findings[2]] == ["/1/properties/$insert_id"]
    await collector.stop()
