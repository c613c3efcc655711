from __future__ import annotations

import pytest
from tests.capture.seeds import BODY, EVENT, TARGET, URL

from trackscope.capture import http_text
from trackscope.capture.detect import read_text
from trackscope.capture.found import Captured
from trackscope.wire.decoding import decode

POST = f"POST /track/ HTTP/1.1\nHost: api.mixpanel.com\nX: y\n\n{BODY}\n"


def _read(source: str) -> list[Captured]:
    assert http_text.place(source) >= 0
    return list(http_text.read(source, "http://unused/"))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_message_is_read_with_headers_and_body(line_end: str) -> None:
    [found] = _read(POST.replace("\n", line_end))
    assert found.request.url == "http://api.mixpanel.com/track/"
    assert found.request.headers == (("X", "y"),)
    assert found.request.body == BODY.encode()
    assert found.notes == ("http:// added",)


def test_many_messages_have_their_answers() -> None:
    answer = "\nHTTP/1.1 200 OK\nServer: nginx\nContent-Length: 1\n\n1\n\n"
    found = _read(POST + answer + POST + POST + answer)
    replies = [each.reply.body if each.reply else None for each in found]
    assert replies == [b"1", None, b"1"]
    assert [each.position for each in found] == ["message 1", "message 2", "message 3"]


@pytest.mark.parametrize(
    ("line", "headers", "url"),
    [
        (f"GET {TARGET} HTTP/2", "Host: api.mixpanel.com", "https://api.mixpanel.com"),
        (f"GET {TARGET} HTTP/1.1", "Host: h\nOrigin: https://shop.example", "https://h"),
        (f"GET {TARGET} HTTP/1.1", "Host: h:443", "https://h:443"),
        (f"GET http://h{TARGET} HTTP/1.1", "Host: other", "http://h"),
        (f"GET {TARGET} HTTP/1.0", "A: b", "http://"),
    ],
)
def test_the_url_is_put_together_from_what_is_known(line: str, headers: str, url: str) -> None:
    [found] = _read(f"{line}\n{headers}\n\n")
    assert found.request.url == url + TARGET


def test_chunks_are_put_together() -> None:
    head = "POST /track HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = f"5\r\n{BODY[:5]}\r\n{len(BODY) - 5:x};x=y\r\n{BODY[5:]}\r\n0\r\n\r\n"
    [found] = _read(head + chunks)
    assert found.request.body == BODY.encode()
    [cut] = _read(head + chunks[:30])
    assert BODY.encode().startswith(cut.request.body)


def test_of_what_curl_shows_the_marks_are_taken_off() -> None:
    shown = f"* Trying\n> GET {TARGET} HTTP/1.1\n> Host: h\n>\n< HTTP/1.1 200 OK\n< A: b\n<\n1"
    [found] = _read(shown)
    assert found.request.url == f"http://h{TARGET}"
    assert found.reply is not None
    assert found.reply.headers == (("A", "b"),)


def test_the_length_counts_bytes_and_ends_the_body() -> None:
    body = '{"event": "é", "properties": {}}'
    length = len(body.encode())
    [found] = _read(f"POST /track HTTP/1.1\nHost: h\nContent-Length: {length}\n\n{body}and prose")
    assert found.request.body == body.encode()
    assert found.span is not None


def test_prose_around_and_urls_in_it_are_kept_apart() -> None:
    found = read_text(
        f"I sent\n\n{POST}\nand saw {URL} too, then\n\nGET {TARGET} HTTP/1.1\nHost: h\n"
    )
    assert found.kind == "http"
    assert [each.position for each in found.requests] == ["message 1", "line 9", "message 2"]
    assert all(decode(each.request).events == (EVENT,) for each in found.requests)


@pytest.mark.parametrize("text", ["", "GET up and go", "POST it", '"GET / HTTP/1.1" 200'])
def test_other_texts_hold_no_message(text: str) -> None:
    assert http_text.place(text) == -1
