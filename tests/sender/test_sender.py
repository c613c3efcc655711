"""A sender brings back what was answered, within a time and a size."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
import zlib

import pytest
from tests.sender.conftest import Serve
from tests.sender.scripted_server import (
    CERTIFICATE,
    LOGGED,
    closing,
    dripping,
    endless,
    endless_head,
    reset,
    silent,
)

from trackscope.errors import AnswerError, ConnectError, SendError, SendTimeoutError
from trackscope.sender.sender import Sender
from trackscope.wire.content_coding import MAX_BODY
from trackscope.wire.request import TrackRequest


def get(url: str) -> TrackRequest:
    return TrackRequest("GET", url)


async def test_an_answer_comes_back_as_it_was_sent(serve: Serve, sender: Sender) -> None:
    answer = (
        b"HTTP/1.1 200 OK\r\nX-b: 2\r\nX-A: \xc3\xa9\r\nX-b: 1\r\nContent-Length: 3\r\n\r\n0\r\n"
    )
    server = await serve(answer)
    received = await sender.send(get(server.url()))
    assert received.reply.status == 200
    assert received.reply.headers[:3] == (("X-b", "2"), ("X-A", "é"), ("X-b", "1"))
    assert received.reply.body == b"0\r\n"


async def test_both_ends_and_the_time_are_told(serve: Serve, sender: Sender) -> None:
    server = await serve(LOGGED)
    received = await sender.send(get(server.url()))
    assert received.peer == f"127.0.0.1:{server.port}"
    assert received.local.startswith("127.0.0.1:")
    assert received.took_ms > 0
    assert (received.proxy, received.truncated, received.remark) == (None, False, "")


@pytest.mark.parametrize(
    "location",
    ["javascript:alert(1)", "data:text/html,x", "http://[::bad/", "//", "http://h/\xff", ""],
)
async def test_a_redirect_is_shown_and_not_followed(
    serve: Serve, sender: Sender, location: str
) -> None:
    head = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    server = await serve(head.encode())
    received = await sender.send(get(server.url()))
    assert received.reply.status == 302
    assert received.reply.header("location") == location
    assert len(server.requests) == 1


async def test_a_cookie_is_not_given_back(serve: Serve, sender: Sender) -> None:
    server = await serve(b"HTTP/1.1 204 No Content\r\nSet-Cookie: a=b\r\n\r\n")
    for _ in range(2):
        received = await sender.send(get(server.url()))
        assert (received.reply.status, received.reply.body) == (204, b"")
    assert b"cookie" not in b"".join(server.requests).lower()


async def test_an_endless_body_is_read_up_to_the_limit(serve: Serve, sender: Sender) -> None:
    server = await serve(endless)
    received = await sender.send(get(server.url()))
    assert len(received.reply.body) == MAX_BODY
    assert received.truncated
    assert "longer than 1,000,000 bytes" in received.remark
    await asyncio.wait_for(server.left.wait(), 5)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"1")),
        ("deflate", zlib.compress(b"1")),
        ("DEFLATE", zlib.compress(b"1", wbits=-15)),
    ],
)
async def test_a_compressed_body_is_unpacked_though_none_was_asked_for(
    serve: Serve, sender: Sender, encoding: str, packed: bytes
) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(packed)}"
    server = await serve(head.encode() + b"\r\n\r\n" + packed)
    received = await sender.send(get(server.url()))
    assert received.reply.body == b"1"
    assert "compressed" in received.remark


async def test_a_gzip_bomb_is_unpacked_up_to_the_limit(serve: Serve, sender: Sender) -> None:
    bomb = gzip.compress(bytes(200_000_000), 1)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    server = await serve(head.encode() + bomb)
    received = await sender.send(get(server.url()))
    assert received.reply.body == bytes(MAX_BODY)
    assert received.truncated


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("gzip", "is said to be compressed"), ("br", "(br)"), ("gzip, gzip", "(gzip, gzip)")],
)
async def test_a_body_that_cannot_be_unpacked_is_shown_as_it_came(
    serve: Serve, sender: Sender, encoding: str, said: str
) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: 1\r\n\r\n1"
    server = await serve(head.encode())
    received = await sender.send(get(server.url()))
    assert received.reply.body == b"1"
    assert said in received.remark


CLOSED = "closed the connection before it answered."
LATE = "did not answer within 0.3 s."
NO_HTTP = "does not answer in HTTP"


@pytest.mark.parametrize(
    ("script", "kind", "said"),
    [
        (silent, SendTimeoutError, LATE),
        (dripping(b"HTTP/1.1 200 OK\r\nX-A: "), SendTimeoutError, LATE),
        (dripping(b"HTTP/1.1 200 OK\r\n\r\n"), SendTimeoutError, "did not finish its answer"),
        (closing(b""), AnswerError, CLOSED),
        (reset, AnswerError, CLOSED),
        (closing(b"HTTP/1.1 200 OK\r\n"), AnswerError, CLOSED),
        (closing(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), AnswerError, NO_HTTP),
        (closing(b"\x15\x03\x01\x00\x02\x02\x16\n\n"), AnswerError, NO_HTTP),
        (closing(b"HTTP/1.1 099 X\r\n\r\n"), AnswerError, NO_HTTP),
        (closing(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), AnswerError, NO_HTTP),
        (
            closing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            AnswerError,
            NO_HTTP,
        ),
        (
            closing(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1"),
            AnswerError,
            "cut its answer off",
        ),
        (
            closing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n1"),
            AnswerError,
            "cut its answer off",
        ),
        (endless_head, AnswerError, "are too long."),
        (
            closing(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 70_000 + b"\r\n\r\n"),
            AnswerError,
            "are too long.",
        ),
    ],
)
async def test_a_request_without_a_whole_answer_says_why(
    serve: Serve, sender: Sender, script: object, kind: type[SendError], said: str
) -> None:
    server = await serve(script)
    with pytest.raises(kind) as caught:
        await sender.send(get(server.url()), timeout_s=0.3 if kind is SendTimeoutError else 10)
    assert type(caught.value) is kind
    assert said in caught.value.message
    assert f"127.0.0.1:{server.port}" in caught.value.message
    assert caught.value.next_step
    await asyncio.wait_for(server.left.wait(), 5)


async def test_a_port_where_nothing_listens_is_said_to_be_so(serve: Serve, sender: Sender) -> None:
    server = await serve(LOGGED)
    await server.stop()
    with pytest.raises(ConnectError) as caught:
        await sender.send(get(server.url()))
    assert caught.value.message == f"Nothing is listening on 127.0.0.1:{server.port}."
    assert caught.value.next_step == "Start the collector, or choose another target."


async def test_a_name_is_tried_with_each_of_its_addresses(serve: Serve, sender: Sender) -> None:
    # localhost is ::1 first on many machines, where this server does not listen
    server = await serve(LOGGED)
    received = await sender.send(get(f"http://localhost:{server.port}/"))
    assert received.reply.body == b"1"


@pytest.mark.parametrize("host", ["a" * 64 + ".invalid", "a..b"])
async def test_an_unknown_host_is_said_to_be_so(sender: Sender, host: str) -> None:
    with pytest.raises(ConnectError) as caught:
        await sender.send(get(f"http://{host}/"))
    assert caught.value.message == f"The host {host} is not known."


async def test_cancelling_closes_the_connection(serve: Serve, sender: Sender) -> None:
    server = await serve(silent)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(sender.send(get(server.url())))
        await server.asked.wait()
        task.cancel()
        await asyncio.wait_for(server.left.wait(), 5)
    assert task.cancelled()


async def test_cancelling_at_any_moment_leaves_no_connection_behind(
    serve: Serve, sender: Sender
) -> None:
    server = await serve(LOGGED)
    for turn in range(200):  # more than httpcore's pool has places
        task = asyncio.create_task(sender.send(get(server.url())))
        for _ in range(turn % 50):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    assert (await sender.send(get(server.url()))).reply.body == b"1"
    await sender.aclose()
    async with asyncio.timeout(5):
        while server.connections:
            server.left.clear()
            await server.left.wait()


async def test_a_sender_goes_on_after_a_failure(serve: Serve, sender: Sender) -> None:
    answers = iter([reset, closing(LOGGED), closing(LOGGED)])

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await next(answers)(reader, writer)

    server = await serve(play)
    with pytest.raises(AnswerError):
        await sender.send(get(server.url()))
    for _ in range(2):
        assert (await sender.send(get(server.url()))).reply.body == b"1"


async def test_a_connection_is_used_again(serve: Serve, sender: Sender) -> None:
    server = await serve(LOGGED)
    ends = {(await sender.send(get(server.url()))).local for _ in range(3)}
    assert len(ends) == 1


async def test_a_certificate_of_ones_own_is_trusted_by_the_environment(
    serve: Serve, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    server = await serve(LOGGED, is_tls=True)
    received = await sender.send(get(server.url()))
    assert received.reply.body == b"1"


async def test_a_certificate_nobody_vouches_for_is_refused(
    serve: Serve, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    server = await serve(LOGGED, is_tls=True)
    with pytest.raises(ConnectError, match=r"is not trusted: self.signed certificate") as caught:
        await sender.send(get(server.url()))
    assert "SSL_CERT_FILE" in caught.value.next_step
    assert server.requests == []


async def test_certificates_that_cannot_be_read_are_named_by_their_setting(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    with pytest.raises(ConnectError, match="that SSL_CERT_FILE or SSL_CERT_DIR names"):
        await sender.send(get("https://127.0.0.1:1/"))


async def test_https_to_a_server_without_tls_suggests_http(serve: Serve, sender: Sender) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ConnectError, match="No secure connection") as caught:
            await sender.send(get(f"https://127.0.0.1:{port}/"))
    assert "http://" in caught.value.next_step


def _python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )


def test_a_name_server_that_stays_silent_keeps_nothing_waiting() -> None:
    done = _python(
        "import asyncio, socket, threading\n"
        "from trackscope.errors import SendError\n"
        "from trackscope.sender.sender import Sender\n"
        "from trackscope.wire.request import TrackRequest\n"
        "socket.getaddrinfo = lambda *_, **__: threading.Event().wait()\n"
        "async def main():\n"
        "    async with Sender() as sender:\n"
        "        try:\n"
        "            request = TrackRequest('GET', 'http://slow.example/')\n"
        "            await sender.send(request, timeout_s=0.1)\n"
        "        except SendError as error:\n"
        "            print(error.message)\n"
        "asyncio.run(main())\n"
    )
    assert done.stdout == "slow.example:80 took no connection within 0.1 s.\n", done.stderr


def test_importing_the_sender_does_not_load_httpx() -> None:
    done = _python(
        "import sys, trackscope.sender.many, trackscope.sender.proxy, trackscope.sender.sender\n"
        "print([name for name in ('httpx', 'httpcore', 'anyio') if name in sys.modules])\n"
    )
    assert done.stdout == "[]\n", done.stderr


async def test_it_is_told_whether_the_request_may_have_arrived(
    serve: Serve, sender: Sender
) -> None:
    gone = await serve(LOGGED)
    await gone.stop()
    for script, may_have_arrived in ((reset, True), (silent, True), (endless_head, True)):
        server = await serve(script)
        with pytest.raises(SendError) as caught:
            await sender.send(get(server.url()), timeout_s=0.2)
        assert caught.value.may_have_arrived is may_have_arrived
    for url in (gone.url(), "http://nowhere.invalid/track/", "no URL"):
        with pytest.raises(SendError) as caught:
            await sender.send(get(url))
        assert not caught.value.may_have_arrived


async def test_a_server_that_takes_no_tls_handshake_got_nothing(
    serve: Serve, sender: Sender
) -> None:
    server = await serve(silent)
    with pytest.raises(SendTimeoutError) as caught:
        await sender.send(get(server.url().replace("http:", "https:")), timeout_s=0.2)
    assert not caught.value.may_have_arrived


@pytest.mark.parametrize("is_warm", [False, True])
def test_httpx_is_loaded_by_the_first_request_or_when_that_is_asked_for(is_warm: bool) -> None:
    done = _python(
        "import sys\n"
        "from trackscope.sender.sender import Sender\n"
        "sender = Sender()\n"
        f"{'sender.warm_up()' if is_warm else ''}\n"
        "print('httpx' in sys.modules)\n"
    )
    assert done.stdout == f"{is_warm}\n"
