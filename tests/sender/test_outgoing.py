"""What goes out is what is written: target, headers and body, byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sender.conftest import Serve
from tests.sender.scripted_server import LOGGED

from trackscope import __version__
from trackscope.errors import BadTargetError, SendError
from trackscope.sender.outgoing import address_of, prepare
from trackscope.sender.sender import Sender
from trackscope.wire.request import TrackRequest

AGENT = f"User-Agent: Trackscope/{__version__}\r\n".encode()
REST = AGENT + b"Accept: */*\r\nAccept-Encoding: identity\r\n"


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("/track/?data=a+b%2b%2B%3d", b"/track/?data=a+b%2b%2B%3d"),
        ("//track//../x/./?a//b", b"//track//../x/./?a//b"),
        ("/track?a=|^`{}\"'<>\\[]", b"/track?a=|^`{}\"'<>\\[]"),
        ("/track?a=%zz%&b=100%", b"/track?a=%zz%&b=100%"),
        ("/track?name=Zoë 日\t\r\n", b"/track?name=Zo%C3%AB%20%E6%97%A5%09%0D%0A"),
        ("/track?a=1#top?b=2", b"/track?a=1"),
        ("?a=1", b"/?a=1"),
        ("", b"/"),
        ("/track?", b"/track?"),
        ("/track?a=\udcff", b"/track?a=%FF"),
        ("/track?a=\ud83d", b"/track?a=%ED%A0%BD"),
    ],
)
async def test_the_target_goes_out_as_it_is_written(
    serve: Serve, sender: Sender, written: str, sent: bytes
) -> None:
    server = await serve(LOGGED)
    await sender.send(TrackRequest("GET", server.url(written)))
    assert server.requests[0].startswith(b"GET " + sent + b" HTTP/1.1\r\n")


async def test_a_get_has_the_fewest_headers_that_servers_expect(
    serve: Serve, sender: Sender
) -> None:
    server = await serve(LOGGED)
    await sender.send(TrackRequest("GET", server.url("/track/?data=e30%3D")))
    host = f"Host: 127.0.0.1:{server.port}\r\n".encode()
    assert server.requests == [b"GET /track/?data=e30%3D HTTP/1.1\r\n" + host + REST + b"\r\n"]


async def test_given_headers_keep_their_order_case_and_repeats(
    serve: Serve, sender: Sender
) -> None:
    server = await serve(LOGGED)
    headers = (("x-B", "2"), ("X-a", "é"), ("x-B", "1"), ("user-agent", "me"), ("Cookie", "a=b"))
    await sender.send(TrackRequest("GET", server.url("/"), headers))
    _, _, *lines = server.requests[0].split(b"\r\n")
    assert lines[:5] == [b"x-B: 2", b"X-a: \xc3\xa9", b"x-B: 1", b"user-agent: me", b"Cookie: a=b"]
    assert AGENT.strip() not in lines


async def test_a_body_goes_out_unchanged_as_a_form(serve: Serve, sender: Sender) -> None:
    server = await serve(LOGGED)
    body = b"data=e30=+%2b\x00\xff&ip=1"
    await sender.send(TrackRequest("POST", server.url("/track/"), body=body))
    head, _, sent = server.requests[0].partition(b"\r\n\r\n")
    assert sent == body
    assert b"\r\nContent-Type: application/x-www-form-urlencoded" in head
    assert b"\r\nContent-Length: %d" % len(body) in head


async def test_a_length_from_before_the_body_was_edited_does_not_go_out(
    serve: Serve, sender: Sender
) -> None:
    server = await serve(LOGGED)
    old = (("Content-Length", "999"), ("Transfer-Encoding", "chunked"), ("Content-Type", "a/b"))
    await sender.send(TrackRequest("POST", server.url("/"), old, b"data=1"))
    head = server.requests[0].partition(b"\r\n\r\n")[0]
    assert head.lower().count(b"content-length") == 1
    assert b"Content-Length: 6" in head
    assert b"Transfer-Encoding" not in head
    assert b"Content-Type: a/b" in head


async def test_what_is_shown_as_going_out_is_what_goes_out(serve: Serve, sender: Sender) -> None:
    server = await serve(LOGGED)
    headers = (("X-A", "1"), ("Host", "api.example"), ("accept", "image/gif"))
    request = TrackRequest("post", server.url("/a?b=%2b|"), headers, b"data=\xff")
    await sender.send(request)
    assert server.requests == [prepare(request).wire]


def test_user_and_password_of_the_url_become_basic_authorization() -> None:
    headers = dict(prepare(TrackRequest("GET", "http://api%20secret:@h/import")).headers)
    assert headers[b"Authorization"] == b"Basic YXBpIHNlY3JldDo="
    assert headers[b"Host"] == b"h"


@pytest.mark.parametrize(
    ("url", "server", "host"),
    [
        ("http://API.example.COM/", "api.example.com:80", "api.example.com"),
        ("HTTPS://h:8443", "h:8443", "h:8443"),
        ("https://h:443/", "h:443", "h"),
        ("http://h:/", "h:80", "h"),
        ("http://[::1]:8700/", "[::1]:8700", "[::1]:8700"),
        ("http://bücher.example/", "xn--bcher-kva.example:80", "xn--bcher-kva.example"),
    ],
)
def test_the_address_is_read_out_of_the_url(url: str, server: str, host: str) -> None:
    assert (address_of(url).server, address_of(url).host_header) == (server, host)


@pytest.mark.parametrize(
    ("url", "is_loopback"),
    [
        ("http://localhost/", True),
        ("http://collector.localhost:1/", True),
        ("http://127.8.9.1/", True),
        ("http://[::1]/", True),
        ("http://[::ffff:127.0.0.1]/", True),
        ("http://0.0.0.0/", True),
        ("http://localhost.evil/", False),
        ("http://127.0.0.1.evil/", False),
        ("http://localhost@evil/", False),
        ("http://10.0.0.1/", False),
    ],
)
def test_loopback_is_told_by_the_whole_host(url: str, is_loopback: bool) -> None:
    assert address_of(url).is_loopback is is_loopback


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "Nothing is not a complete URL."),
        ("/track/?data=1", "/track/?data=1 is not a complete URL."),
        ("api.mixpanel.com/track", "is not a complete URL."),
        ("javascript://x/", "javascript: is not a scheme"),
        ("ftp://h/", "ftp: is not a scheme"),
        ("http:///track", "The URL has no host."),
        ("http://:80/", "The URL has no host."),
        ("http://a b/", "contains a space"),
        ("http://a\nb/", r"contains '\n'"),
        ("http://a%41/", "contains '%'"),
        ("http://good\\@evil/", "The host good\\@evil contains"),
        ("http://h:0/", "0 is not a port."),
        ("http://h:65536/", "65536 is not a port."),
        ("http://h:" + "9" * 5000 + "/", "is not a port."),
        ("http://h:8x/", "h:8x is not a host and port."),
        ("http://a:b:80/", "is not a host and port."),
        ("http://[::1/", "is not a host and port."),
        ("http://[:::1]/", "[:::1] is not an IPv6 address."),
        ("http://ü..example/", "is not a host's name."),
    ],
)
def test_a_url_that_leads_nowhere_is_refused_with_the_reason(url: str, said: str) -> None:
    with pytest.raises(BadTargetError) as caught:
        prepare(TrackRequest("GET", url))
    assert said in caught.value.message
    assert caught.value.next_step


@pytest.mark.parametrize(
    "request_",
    [
        TrackRequest("GET", "http://h/", (("X-A", "1\r\nX-Evil: 1"),)),
        TrackRequest("GET", "http://h/", (("X-A", "a\x00"),)),
        TrackRequest("GET", "http://h/", (("X A", "1"),)),
        TrackRequest("GET", "http://h/", (("", "1"),)),
        TrackRequest("GET", "http://h/", (("Host", "a"), ("host", "b"))),
        TrackRequest("GET / HTTP/1.1\r\nX:", "http://h/"),
        TrackRequest("CONNECT", "http://h/"),
        TrackRequest("", "http://h/"),
    ],
)
def test_what_would_break_the_request_apart_is_refused(request_: TrackRequest) -> None:
    with pytest.raises(SendError) as caught:
        prepare(request_)
    assert caught.value.next_step
    assert "\n" not in caught.value.message


@given(st.text(), st.text(), st.text())
def test_no_request_goes_out_with_more_lines_than_it_has_headers(
    url: str, name: str, value: str
) -> None:
    try:
        outgoing = prepare(TrackRequest("GET", f"http://h/{url}", ((name, value),)))
    except SendError:
        return
    assert outgoing.wire.count(b"\n") == outgoing.wire.count(b"\r\n") == len(outgoing.headers) + 2
    assert b" " not in outgoing.target
