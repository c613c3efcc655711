"""Starting, stopping, and where the collector listens."""

from __future__ import annotations

import asyncio
import socket

import httpx
import pytest
from tests.collector.conftest import QUICK, Wire, target

from trackscope.collector.server import Collector
from trackscope.errors import CollectorError, PortInUseError


async def test_it_listens_on_loopback_at_a_free_port(start_collector):
    collector = await start_collector()
    scheme, host, port = collector.address.split(":")
    assert (scheme, host) == ("http", "//127.0.0.1")
    assert int(port) > 0


async def test_a_port_that_is_taken_is_named_with_one_that_is_free(store):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortInUseError, match=f"Port {port} .* taken") as caught:
            await Collector(store, port=port).start()
    free = int(caught.value.next_step.split()[1])
    collector = Collector(store, port=free)
    assert await collector.start() == f"http://127.0.0.1:{free}"
    await collector.stop()


@pytest.mark.parametrize("port", [70_000, -1])
async def test_a_port_that_does_not_exist_is_said_so(store, port):
    with pytest.raises(CollectorError, match=f"no port {port}"):
        await Collector(store, port=port).start()


async def test_an_address_of_another_machine_is_an_error_in_words(store):
    with pytest.raises(CollectorError, match=r"cannot listen on 192\.0\.2\.1"):
        await Collector(store, host="192.0.2.1").start()


async def test_the_port_is_free_again_after_a_stop(store):
    collector = Collector(store, limits=QUICK)
    address = await collector.start()
    port = int(address.rpartition(":")[2])
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get(f"{address}/")
        await collector.stop()
        with pytest.raises(httpx.TransportError):
            await client.get(f"{address}/")
    again = Collector(store, port=port)
    await again.start()
    await again.stop()


async def test_stopping_twice_or_before_the_start_does_nothing(store):
    collector = Collector(store)
    await collector.stop()
    await collector.start()
    await collector.stop()
    await collector.stop()


async def test_it_serves_until_the_event_is_set(store):
    collector = Collector(store)
    stop = asyncio.Event()
    serving = asyncio.create_task(collector.serve_until(stop))
    stop.set()
    await serving
    assert collector.address


async def test_a_request_in_flight_is_answered_before_it_stops(start_collector, connect, store):
    collector = await start_collector()
    store.gate.clear()
    wire: Wire = await connect(collector)
    wire.send(b"GET " + target().encode() + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get(collector.address)  # the other request was read before this one
    stopping = asyncio.create_task(collector.stop())
    await asyncio.sleep(0)
    store.gate.set()
    assert (await wire.rest()).endswith(b"\r\n\r\n1")
    await stopping


async def test_a_store_that_hangs_does_not_keep_it_from_stopping(start_collector, connect, store):
    collector = await start_collector(limits=QUICK)
    store.gate.clear()
    wire: Wire = await connect(collector)
    wire.send(b"GET " + target().encode() + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await collector.stop()
    assert b"\r\n\r\n1" not in await wire.rest()
    store.gate.set()


async def test_another_collector_on_the_machine_is_no_obstacle(start_collector):
    first, second = await start_collector(), await start_collector()
    assert first.address != second.address
