"""The mixpanel package of PyPI sends to the collector, unchanged but for the address."""

from __future__ import annotations

import asyncio
import time

import mixpanel
from tests.collector.memory_store import MemoryStore

from trackscope.collector.server import Collector


def names(store: MemoryStore) -> list[str]:
    return [name for kept in store.exchanges for name in kept.names]


async def test_each_event_of_the_plain_consumer_arrives_once(start_collector, store):
    collector: Collector = await start_collector(clock=time.time)

    def send() -> None:
        consumer = mixpanel.Consumer(events_url=f"{collector.address}/track")
        tracker = mixpanel.Mixpanel("e3bc41", consumer=consumer)
        for number in range(5):
            tracker.track("13793", f"event {number}", {"price": 1.5, "emoji": "😀+/"})

    await asyncio.to_thread(send)
    await collector.drained()
    assert names(store) == [f"event {number}" for number in range(5)]
    assert [kept.verdict for kept in store.exchanges] == [1] * 5
    assert store.exchanges[0].stored[0]["properties"]["emoji"] == "😀+/"


async def test_each_event_of_the_buffered_consumer_arrives_once(start_collector, store):
    collector: Collector = await start_collector(clock=time.time)

    def send() -> None:
        consumer = mixpanel.BufferedConsumer(max_size=50, events_url=f"{collector.address}/track")
        tracker = mixpanel.Mixpanel("e3bc41", consumer=consumer)
        for number in range(120):
            tracker.track("13793", f"event {number}")
        consumer.flush()

    await asyncio.to_thread(send)
    await collector.drained()
    assert names(store) == [f"event {number}" for number in range(120)]
    assert [len(kept.names) for kept in store.exchanges] == [50, 50, 20]
    assert [kept.verdict for kept in store.exchanges] == [1, 1, 1]
