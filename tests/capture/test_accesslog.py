from __future__ import annotations

import gzip
import json
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ending import ends

from trackscope.capture import accesslog
from trackscope.capture.found import Captured
from trackscope.capture.logentry import CUT, NO_BODY
from trackscope.capture.loglines import NO_REQUEST
from trackscope.capture.opening import Reading
from trackscope.capture.report import NOT_TRACKING
from trackscope.capture.shape import NO_EVENT
from trackscope.capture.stream import Stream
from trackscope.wire.decoding import decode

DATA = "eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIn19"
TARGET = f"/track/?data={DATA}&ip=1"
COMMON = f'127.0.0.1 - - [23/Nov/2026:15:22:22 +0000] "GET {TARGET} HTTP/1.1" 200 175'
COMBINED = f'{COMMON} "http://r.example/" "Mozilla/5.0"'
AT = 1_795_447_342.0


def read(*lines: str | bytes) -> Reading:
    encoded = (line.encode() if isinstance(line, str) else line for line in lines)
    return Reading(Stream(BytesIO(b"\n".join(encoded) + b"\n")))


def one(line: str | bytes) -> Captured:
    reading = read(line)
    assert reading.kind == "accesslog"
    [found] = reading
    return found


def test_a_combined_line_is_read_with_all_it_says() -> None:
    found = one(COMBINED)
    assert found.request.method == "GET"
    assert found.request.url == f"http://api.mixpanel.com{TARGET}"
    assert dict(found.request.headers) == {
        "Referer": "http://r.example/",
        "User-Agent": "Mozilla/5.0",
    }
    assert (found.position, found.at, found.peer) == ("line 1", AT, "127.0.0.1")
    assert found.reply is not None
    assert found.reply.status == 200
    assert not found.has_host


@pytest.mark.parametrize(
    ("line", "host", "peer"),
    [
        (COMMON, "", "127.0.0.1"),
        (f"{COMBINED} 0.004 -", "", "127.0.0.1"),
        (f'{COMBINED} "1.2.3.4, 5.6.7.8"', "", "127.0.0.1"),
        (COMBINED.replace("127.0.0.1", "2001:db8::7"), "", "2001:db8::7"),
        (COMBINED.replace("- - [", "- John Doe ["), "", "127.0.0.1"),
        (f"t.example:443 {COMBINED}", "t.example:443", "127.0.0.1"),
        (f"localhost {COMBINED}", "localhost", "127.0.0.1"),
        (f"<134>Nov 23 15:22:22 web nginx: {COMBINED}", "", "127.0.0.1"),
        (f"web-1  | {COMBINED}", "", "127.0.0.1"),
        (f"2026-11-23T15:22:22.1Z stdout F {COMBINED}", "", "127.0.0.1"),
        (COMBINED.replace(" HTTP/1.1", ""), "", "127.0.0.1"),
        (COMBINED.replace("200 175", "- -"), "", "127.0.0.1"),
        (f'INFO:     127.0.0.1:5 - "GET {TARGET} HTTP/1.1" 200 OK', "", ""),
        (
            f"2026/11/23 15:22:22 [error] 29#29: *1 upstream timed out, client: 10.0.0.1, "
            f'server: _, request: "GET {TARGET} HTTP/1.1", host: "t.example"',
            "t.example",
            "10.0.0.1",
        ),
    ],
)
def test_what_was_made_of_the_common_format_is_read_too(line: str, host: str, peer: str) -> None:
    found = one(line)
    assert found.request.url.endswith(f"//{host or 'api.mixpanel.com'}{TARGET}")
    assert (found.has_host, found.peer) == (bool(host), peer)


def test_an_absolute_target_is_the_url() -> None:
    found = one(COMBINED.replace("GET /", "GET http://proxied.example/"))
    assert found.request.url == f"http://proxied.example{TARGET}"
    assert found.has_host


def test_escapes_are_undone_and_bytes_are_kept() -> None:
    line = COMBINED.replace("ip=1", r"a=\"\x22\\&b=\xFF").replace("Mozilla/5.0", r"say \"hi\"")
    found = one(line.encode() + b"\xfe")
    assert found.request.url.endswith('a=""\\&b=\udcff')
    assert found.request.header("User-Agent") == 'say "hi"'
    assert one(COMBINED.encode().replace(b"ip=1", b"a=\xe9")).request.url.endswith("a=\udce9")


def test_a_post_whose_body_is_not_there_gets_a_row_that_says_so() -> None:
    for path in ("/track", "/engage/", "/mp/track?verbose=1"):
        found = one(COMBINED.replace(f"GET {TARGET}", f"POST {path}"))
        assert (found.request.method, found.problem) == ("POST", NO_BODY)


@pytest.mark.parametrize("cut", [60, 80, 110])
def test_a_line_that_is_cut_off_gets_a_row_that_says_so(cut: int) -> None:
    found = one(COMBINED[:cut])
    assert found.problem == CUT
    assert found.request.url.endswith(COMBINED[:cut].partition("GET ")[2])


def test_what_is_passed_over_is_counted_by_reason() -> None:
    other = COMBINED.replace(TARGET, "/health")
    stranger = COMBINED.replace(TARGET, "/groups")
    options = COMBINED.replace("GET", "OPTIONS")
    reading = read(COMBINED, other, stranger, options, "what about data=?", other, other)
    assert [each.position for each in reading] == ["line 1"]
    assert reading.report.passed_over == {
        NOT_TRACKING: 3,
        NO_EVENT: 1,
        "OPTIONS carries no event": 1,
        NO_REQUEST: 1,
    }
    assert reading.report.is_whole


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"http://h{TARGET}",
        f"curl 'http://h{TARGET}'",
        f"see:\n\n{COMBINED}\n\nwhat is it?\nand this?\n",
        f'{{"request": "GET {TARGET} HTTP/1.1"}}',
        'fetch("http://h/track")',
    ],
)
def test_what_is_no_log_is_left_to_others(text: str) -> None:
    assert not accesslog.is_it(text.encode())


def test_a_log_only_at_first_sight_is_read_as_far_as_it_is_one() -> None:
    reading = read(*[COMBINED] * 20, b"\0" * 5000, b"\xff\xfe/track\r", "{data=", COMBINED)
    assert len(list(reading)) == 21
    assert reading.report.passed_over[NO_REQUEST] == 2


def test_a_packed_log_is_read_and_a_cut_one_is_not_called_whole() -> None:
    packed = gzip.compress(f"{COMBINED}\n".encode() * 3)
    reading = Reading(Stream(BytesIO(packed)))
    assert len(list(reading)) == 3
    assert reading.report.is_whole
    reading = Reading(Stream(BytesIO(packed[:-9])))
    list(reading)
    assert not reading.report.is_whole


def test_recorded_logs_hold_the_events_they_should(captures: Path) -> None:
    paths = sorted((captures / "captures" / "logs").glob("*.log"))
    assert paths
    for path in paths:
        record = json.loads(path.with_name(f"{path.name}.expected.json").read_text("utf-8"))
        with path.open("rb") as file:
            reading = Reading(Stream(file))
            read = [(each.position, each.request) for each in reading]
        assert [position for position, _ in read] == [
            f"line {n['pos']}" for n in record["requests"]
        ]
        for (_, request), expected in zip(read, record["requests"], strict=True):
            assert list(decode(request).events or ()) == expected["events"]
        assert reading.report.is_whole


FRAGMENTS = st.sampled_from(
    ['"', "\\", "] ", "[", " ", "-", "GET ", "POST ", "/track", "?data=", "HTTP/1.1", "\\x2", "\0",
     "200", "http://", "client: ", ', host: "', COMBINED, "é", "\udcff", "\r"]
)  # fmt: skip


@given(st.lists(FRAGMENTS | st.text(max_size=3), max_size=12).map("".join))
def test_no_line_can_break_the_reading(line: str) -> None:
    found = accesslog.read_line(1, line.encode("utf-8", "surrogatepass"))
    assert found is None or "://" in found.request.url


@pytest.mark.parametrize(
    "piece", ['"GET ', '] "GET ', '\\"', "[", " - ", "\\\\", "GET /", '" "', " HTTP/1", "x "]
)
def test_a_long_line_is_read_in_bounded_time(piece: str) -> None:
    line = b'1 - - [23/Nov/2026:15:22:22 +0000] "GET /track ' + (piece * 200_000).encode()
    with ends():  # where each piece looks at all others, it takes minutes
        accesslog.read_line(1, line)
        accesslog.read_line(1, line.replace(b"] ", b"", 1))
