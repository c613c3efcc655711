"""The environment's proxy carries what leaves the machine, is shown, and nothing else."""

from __future__ import annotations

import pytest
from tests.sender.conftest import Serve
from tests.sender.scripted_server import LOGGED, closing

from trackscope.errors import ConnectError
from trackscope.sender.proxy import proxy_for
from trackscope.sender.sender import Sender
from trackscope.wire.request import TrackRequest

NOBODY = "http://127.0.0.1:1"


async def test_what_goes_to_this_machine_goes_through_no_proxy(
    serve: Serve, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, NOBODY)
    server = await serve(LOGGED)
    for host in ("127.0.0.1", "localhost"):
        received = await sender.send(TrackRequest("GET", f"http://{host}:{server.port}/"))
        assert (received.reply.body, received.proxy) == (b"1", None)


async def test_a_request_through_a_proxy_is_as_literal_and_names_it(
    serve: Serve, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = await serve(LOGGED)
    monkeypatch.setenv("http_proxy", f"http://me:secret@127.0.0.1:{proxy.port}")
    received = await sender.send(TrackRequest("GET", "http://api.example/a//../b?x=%2b|#top"))
    assert received.proxy == f"http://127.0.0.1:{proxy.port}"
    head = proxy.requests[0]
    assert head.startswith(b"GET http://api.example/a//../b?x=%2b| HTTP/1.1\r\n")
    assert b"\r\nHost: api.example\r\n" in head
    assert b"\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n" in head


async def test_https_asks_the_proxy_for_a_tunnel_to_the_host_alone(
    serve: Serve, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = await serve(closing(b"HTTP/1.1 407 Who Are You\r\nContent-Length: 0\r\n\r\n"))
    monkeypatch.setenv("https_proxy", f"127.0.0.1:{proxy.port}")
    with pytest.raises(ConnectError, match=r"did not let the request through: 407 Who Are You\."):
        await sender.send(TrackRequest("GET", "https://api.example/track/?data=secret"))
    assert proxy.requests[0].startswith(b"CONNECT api.example:443 HTTP/1.1\r\n")
    assert b"secret" not in proxy.requests[0]


async def test_a_proxy_that_is_down_is_named(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", NOBODY)
    with pytest.raises(
        ConnectError, match=r"Nothing is listening on the proxy http://127\.0\.0\.1:1"
    ):
        await sender.send(TrackRequest("GET", "http://api.example/"))


@pytest.mark.parametrize("value", ["http://", "http://h:port", "ftp://h:1", "socks5://h:1", "a b"])
def test_a_proxy_that_cannot_be_one_is_said_to_be_so(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", value)
    with pytest.raises(ConnectError) as caught:
        proxy_for("http://api.example/")
    assert "HTTP_PROXY" in caught.value.next_step


def test_no_proxy_excepts_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert proxy_for("http://a.inside.example/") is None
    assert proxy_for("http://api.example/") == "http://proxy:3128"
    assert proxy_for("https://api.example/") is None
    assert proxy_for("not a url") is None
