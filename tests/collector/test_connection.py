"""HTTP as strangers speak it: limits, deadlines, and that the others are served meanwhile."""

from __future__ import annotations

import asyncio
import os
import socket
import zlib
from dataclasses import replace

import httpx
import pytest
from tests.collector.conftest import QUICK, Wire, base64_of, event, target

from trackscope.collector.limits import Limits

HOST = b"Host: localhost\r\n"


def get(path: str | None = None, version: str = "1.1", more: bytes = b"") -> bytes:
    return f"GET {path or target()} HTTP/{version}\r\n".encode() + HOST + more + b"\r\n"


def post(body: bytes, more: bytes = b"") -> bytes:
    length = f"Content-Length: {len(body)}\r\n".encode()
    return b"POST /track HTTP/1.1\r\n" + HOST + length + more + b"\r\n" + body


async def is_served(address: str) -> bool:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        return (await client.get(address + target())).content == b"1"


async def test_requests_on_one_connection_are_answered_in_order(collector, connect, store):
    wire: Wire = await connect(collector)
    names = [f"event {number}" for number in range(20)]
    wire.send(b"".join(get(target(event(name))) for name in names))
    for _ in names:
        assert (await wire.answer()).endswith(b"\r\n\r\n1")
    assert [kept.names for kept in store.exchanges] == [(name,) for name in names]


async def test_http_1_0_is_answered_and_closed(collector, connect):
    wire: Wire = await connect(collector)
    wire.send(f"GET {target()} HTTP/1.0\r\n\r\n".encode())
    assert (await wire.rest()).endswith(b"\r\n\r\n1")


async def test_a_client_may_ask_before_it_sends_its_body(collector, connect):
    wire: Wire = await connect(collector)
    body = b"data=" + base64_of(event()).replace("+", "%2B").encode()
    request = post(body, b"Expect: 100-continue\r\n")
    wire.send(request[: -len(body)])
    assert (await wire.answer()).startswith(b"HTTP/1.1 100 Continue")
    wire.send(body)
    assert (await wire.answer()).endswith(b"\r\n\r\n1")


async def test_a_chunked_body_is_read_whole(collector, connect, store):
    wire: Wire = await connect(collector)
    body = f"data={base64_of(event())}".encode()
    wire.send(b"POST /track HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n")
    for start in range(0, len(body), 10):
        part = body[start : start + 10]
        wire.send(f"{len(part):x}\r\n".encode() + part + b"\r\n")
    wire.send(b"0\r\nX-Trailer: ignored\r\n\r\n")
    assert (await wire.answer()).endswith(b"\r\n\r\n1")
    [kept] = store.exchanges
    assert kept.request.body == body
    assert kept.request.header("x-trailer") is None


async def test_a_url_of_nearly_a_mebibyte_is_read(collector, connect, store):
    wire: Wire = await connect(collector)
    path = target(event(long="x" * 770_000))
    assert len(path) > 1_000_000
    wire.send(get(path))
    assert (await wire.answer()).endswith(b"\r\n\r\n1")
    assert store.exchanges[0].request.url == f"http://localhost{path}"


@pytest.mark.parametrize(
    "stuff",
    [
        b"GET /track?data=" + b"a" * 1_200_000,
        b"GET /track HTTP/1.1\r\nX: " + b"a" * 1_200_000,
        b"GET /track HTTP/1.1\r\n" + b"X: y\r\n" * 300,
    ],
    ids=["url", "header", "headers"],
)
async def test_a_head_that_does_not_end_is_refused(collector, connect, stuff):
    wire: Wire = await connect(collector)
    wire.send(stuff)
    assert (await wire.rest())[:12] in (b"HTTP/1.1 431", b"")
    assert await is_served(collector.address)


async def test_large_heads_have_a_limit_together_and_small_ones_do_not_count(
    start_collector, connect
):
    collector = await start_collector(limits=Limits(held_bytes=1_000_000))
    large = b"GET /track?data=" + b"a" * 700_000
    first: Wire = await connect(collector)
    first.send(large)
    second: Wire = await connect(collector)
    second.send(large)
    ends = {asyncio.create_task(wire.rest()) for wire in (first, second)}
    done, waiting = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    assert len(done) == len(waiting) == 1
    assert done.pop().result()[:12] in (b"HTTP/1.1 503", b"")
    assert await is_served(collector.address)
    for wire in (first, second):
        wire.writer.close()
    await asyncio.wait(waiting)
    third: Wire = await connect(collector)
    third.send(get(target(event(long="x" * 500_000))))
    assert (await third.answer()).endswith(b"\r\n\r\n1")


async def test_a_body_that_says_it_is_too_large_is_413_at_once(collector, connect):
    wire: Wire = await connect(collector)
    wire.send(
        b"POST /track HTTP/1.1\r\n" + HOST + b"Origin: http://a.test\r\n"
        b"Content-Length: 999999999999\r\n\r\n"
    )
    answer = await wire.answer()
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"10,000,000 bytes" in answer
    assert b"http://a.test" in answer


async def test_a_client_that_waits_for_100_is_told_413_instead(collector, connect):
    wire: Wire = await connect(collector)
    wire.send(
        b"POST /track HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\n"
        b"Content-Length: 20000000\r\n\r\n"
    )
    assert (await wire.rest()).startswith(b"HTTP/1.1 413")


async def test_a_body_that_turns_out_too_large_is_413(start_collector):
    collector = await start_collector(limits=Limits(max_body=100_000))

    async def parts():
        for _ in range(11):
            yield b"x" * 10_000

    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(collector.address + "/track", content=parts())
        assert answer.status_code == 413
        exact = await client.post(collector.address + "/track", content=b"x" * 100_000)
        assert exact.content == b"0"


async def test_a_body_without_end_is_cut_off(start_collector, connect):
    collector = await start_collector(limits=Limits(max_body=100_000))
    wire: Wire = await connect(collector)
    wire.send(b"POST /track HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n")
    chunk = b"2710\r\n" + b"x" * 10_000 + b"\r\n"

    async def send_for_ever():
        while True:
            wire.send(chunk)
            await wire.writer.drain()

    with pytest.raises(ConnectionError):
        await send_for_ever()
    assert await is_served(collector.address)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
        b"hello\r\n\r\n",
        b"GET /track HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET /track HTTP/1.1\r\nHost: localhost\r\n folded: yes\r\n\r\n",
        b"GET /track HTTP/1.1\nHost: localhost\n\n",
        b"GET /track HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"GET /track HTTP/1.1\r\nHost: localhost\r\nA b: c\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        os.urandom(5000),
    ],
    ids=["tls", "text", "version", "folded", "bare-lf", "length", "name", "http2", "random"],
)
async def test_what_is_not_http_is_refused(start_collector, connect, store, garbage):
    collector = await start_collector(limits=QUICK)
    wire: Wire = await connect(collector)
    wire.send(garbage)
    received = await wire.rest()
    assert received[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 408", b"")
    assert store.exchanges == []
    assert await is_served(collector.address)


async def test_two_lengths_at_once_are_refused_and_nothing_behind_them_is_read(
    collector, connect, store
):
    wire: Wire = await connect(collector)
    smuggled = get()
    wire.send(
        b"POST /track HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled
    )
    received = await wire.rest()
    assert received.startswith(b"HTTP/1.1 400")
    assert received.count(b"HTTP/1.1") == 1
    assert store.exchanges == []


async def test_a_good_request_before_garbage_is_still_answered(collector, connect, store):
    wire: Wire = await connect(collector)
    wire.send(get() + b"\x00garbage\r\n\r\n")
    received = await wire.rest()
    first, second = received.split(b"HTTP/1.1 ")[1:]
    assert first.startswith(b"200")
    assert first.endswith(b"\r\n\r\n1")
    assert second.startswith(b"400")
    assert len(store.exchanges) == 1


async def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind(collector, connect, store):
    wire: Wire = await connect(collector)
    wire.send(post(b"data=abc")[:-3])
    wire.writer.close()
    assert await is_served(collector.address)
    assert len(store.exchanges) == 1


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"", b""),
        (b"\r\n\r\n", b""),
        (b"GET /track HTTP/1.1\r\nHost: local", b"HTTP/1.1 408"),
        (post(b"data=abc")[:-1], b"HTTP/1.1 408"),
        (get() + b"GET /tra", b"HTTP/1.1 200"),
    ],
    ids=["nothing", "blank lines", "half a head", "half a body", "half a second head"],
)
async def test_a_client_that_stalls_is_let_go(start_collector, connect, sent, expected):
    collector = await start_collector(limits=QUICK)
    wire: Wire = await connect(collector)
    wire.send(sent)
    assert (await asyncio.wait_for(wire.rest(), 5)).startswith(expected)


async def test_an_idle_connection_is_closed_after_its_time(start_collector, connect):
    collector = await start_collector(limits=QUICK)
    wire: Wire = await connect(collector)
    wire.send(get())
    await wire.answer()
    assert await asyncio.wait_for(wire.rest(), 5) == b""


async def test_a_busy_connection_outlives_its_idle_time(start_collector, connect):
    collector = await start_collector(limits=replace(QUICK, idle_s=0.2))
    wire: Wire = await connect(collector)
    until = asyncio.get_running_loop().time() + 0.5
    while asyncio.get_running_loop().time() < until:
        wire.send(get())
        assert (await wire.answer()).endswith(b"\r\n\r\n1")


async def test_others_are_served_while_a_crowd_sends_its_heads_slowly(start_collector, connect):
    collector = await start_collector(limits=Limits(connections=20, waiting=20))
    for _ in range(60):
        wire: Wire = await connect(collector)
        wire.send(b"GET /track?data=slo")
    for _ in range(3):
        assert await is_served(collector.address)


async def test_others_are_served_while_a_crowd_keeps_idle_connections(start_collector, connect):
    collector = await start_collector(limits=Limits(connections=10, waiting=10))
    for _ in range(10):
        wire: Wire = await connect(collector)
        wire.send(get())
        await wire.answer()
    assert await is_served(collector.address)


async def test_who_finds_every_place_busy_waits_and_is_refused_in_the_end(
    start_collector, connect, store
):
    collector = await start_collector(limits=replace(QUICK, connections=3, seat_wait_s=0.2))
    store.gate.clear()
    wires = [await connect(collector) for _ in range(3)]
    for wire in wires:
        wire.send(get())
    late: Wire = await connect(collector)
    late.send(get())
    assert (await late.rest())[:12] in (b"HTTP/1.1 503", b"")
    patient: Wire = await connect(collector)
    patient.send(get())
    store.gate.set()
    for wire in [*wires, patient]:
        assert (await wire.answer()).endswith(b"\r\n\r\n1")


async def test_a_client_that_reads_no_answers_is_let_go(start_collector):
    collector = await start_collector(limits=replace(QUICK, connections=1))
    loop = asyncio.get_running_loop()
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.setblocking(False)
        port = int(collector.address.rpartition(":")[2])
        await loop.sock_connect(client, ("127.0.0.1", port))

        async def ask_for_ever():
            while True:
                await loop.sock_sendall(client, get("/" + "x" * 100) * 1000)

        with pytest.raises(ConnectionError):
            await ask_for_ever()
    assert await is_served(collector.address)


async def test_an_upgrade_is_not_followed(collector, connect):
    wire: Wire = await connect(collector)
    wire.send(get(more=b"Connection: Upgrade\r\nUpgrade: h2c\r\n"))
    received = await wire.rest()
    assert received.endswith(b"\r\n\r\n1")
    assert b"connection: close" in received.lower()


async def test_the_requesters_address_is_not_what_a_header_says(collector, connect, store):
    wire: Wire = await connect(collector)
    wire.send(get(target(ip=1), more=b"X-Forwarded-For: 203.0.113.9\r\n"))
    await wire.answer()
    assert store.exchanges[0].peer.startswith("127.0.0.1:")


async def test_a_request_that_costs_much_does_not_hold_up_the_others(collector, connect):
    batch = [event(f"e{number}", long="x" * 200) for number in range(20_000)]
    wire: Wire = await connect(collector)
    wire.send(post(b"data=" + base64_of(batch).replace("+", "%2B").encode()))
    answered = asyncio.create_task(wire.answer())
    served = 0
    while not answered.done():
        assert await is_served(collector.address)
        served += 1
    assert (await answered).endswith(b"\r\n\r\n1")
    assert served > 0


async def test_a_client_that_closes_its_half_after_asking_is_answered(collector, connect, store):
    store.gate.clear()
    wire: Wire = await connect(collector)
    wire.send(get() + get())
    wire.writer.write_eof()
    assert await is_refused_elsewhere(collector.address)  # what was sent has been read by now
    store.gate.set()
    received = await wire.rest()
    assert received.count(b"\r\n\r\n1") == 2
    assert received.lower().count(b"connection: close") == 1


async def is_refused_elsewhere(address: str) -> bool:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        return (await client.get(f"{address}/elsewhere")).status_code == 404


@pytest.mark.parametrize("half", [b"", b"GET /track HTTP/1.1\r\nHost: l", post(b"data=abc")[:-1]])
async def test_a_client_that_closes_its_half_before_it_has_asked_is_let_go(
    collector, connect, store, half
):
    wire: Wire = await connect(collector)
    wire.send(half)
    wire.writer.write_eof()
    assert await wire.rest() == b""
    assert store.exchanges == []


@pytest.mark.parametrize("is_form", [True, False])
async def test_a_gzip_bomb_is_answered_413_and_holds_up_nobody(collector, connect, store, is_form):
    packer = zlib.compressobj(9, wbits=31)
    bomb = packer.compress(b"data=" if is_form else b"[")
    bomb += b"".join(packer.compress(b" " * 1_000_000) for _ in range(500)) + packer.flush()
    assert len(bomb) < 1_000_000
    wires = [await connect(collector) for _ in range(4)]
    for wire in wires:
        wire.send(post(bomb, b"Content-Encoding: gzip\r\n"))
    assert await is_served(collector.address)
    for wire in wires:
        assert (await wire.answer()).startswith(b"HTTP/1.1 413 ")
    bombs = [kept for kept in store.exchanges if kept.request.body]
    assert [kept.request.body == bomb for kept in bombs] == [True] * 4
    assert all(kept.findings for kept in bombs)
