from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture import w3clog
from trackscope.capture.loglines import NO_REQUEST
from trackscope.capture.opening import Reading
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream
from trackscope.wire.decoding import decode

DATA = "eyJldmVudCI6ImdhbWVzIiwicHJvcGVydGllcyI6eyJ0b2tlbiI6ImFiYyJ9fQ%3D%3D"
AT = 1_795_447_342.0

CLOUDFRONT = (
    "#Version: 1.0\n"
    "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status "
    "cs(Referer) cs(User-Agent) cs-uri-query x-host-header cs-protocol\n"
)
IIS = (
    "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n"
    "#Date: 2026-11-23 15:22:22\n"
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
    "cs(User-Agent) cs(Referer) sc-status time-taken\n"
)


def read(text: str) -> Reading:
    return Reading(Stream(BytesIO(text.encode("utf-8", "surrogateescape"))))


def cloudfront(query: str) -> str:
    fields = (
        "2026-11-23", "15:22:22", "FRA2", "200", "10.0.0.1", "GET", "d1.cloudfront.net", "/track/",
        "200", "-", "Mozilla/5.0%20(X11)", query, "t.example", "https",
    )  # fmt: skip
    return CLOUDFRONT + "\t".join(fields) + "\n"


@pytest.mark.parametrize("query", [f"data={DATA}&ip=1", f"data={DATA.replace('%', '%25')}&ip=1"])
def test_cloudfront_is_read_in_both_ages_of_its_escapes(query: str) -> None:
    reading = read("\ufeff" + cloudfront(query))
    assert reading.kind == "w3clog"
    [found] = reading
    assert found.request.url == f"https://t.example/track/?data={DATA}&ip=1"
    assert found.request.headers == (("User-Agent", "Mozilla/5.0 (X11)"),)
    assert (found.position, found.at, found.peer) == ("line 3", AT, "10.0.0.1")
    assert found.reply is not None
    assert len(decode(found.request).events or ()) == 1
    assert bool(found.notes) == ("%25" in query)


def test_iis_is_read_and_new_columns_count_from_where_they_are_named() -> None:
    line = f"2026-11-23 15:22:22 10.0.0.9 GET /track data={DATA} 80 - 10.0.0.1 a+b - 200 3\n"
    other = f"#Fields: cs-uri-stem cs-uri-query cs-method\n/track data={DATA} GET\n"
    reading = read(IIS + line + "2026-11-23 15:22:22 /track\n" + other)
    first, second = reading
    assert (first.position, first.at, first.peer) == ("line 5", AT, "10.0.0.1")
    assert first.request.header("User-Agent") == "a b"
    assert not first.has_host
    assert (second.position, second.at) == ("line 8", None)
    assert second.request.url == f"http://api.mixpanel.com/track?data={DATA}"
    assert reading.report.passed_over == {
        NO_REQUEST: 1,
        "no tracking request": 3,
    }


def test_lines_before_the_columns_are_named_are_counted() -> None:
    report = read("").report
    stream = Stream(BytesIO(f"/track?data={DATA}\n{cloudfront('data=' + DATA)}".encode()))
    assert len(list(w3clog.read(stream, report))) == 1
    assert report.passed_over["a line before #Fields names its columns"] == 1


@pytest.mark.parametrize(
    "text",
    ["", "#Fields: a b\n", "# a comment\nhttp://h/track\n#Fields: cs-uri-stem\n", "#Fields", "\0#"],
)
def test_what_names_no_columns_for_requests_is_left_to_others(text: str) -> None:
    assert not w3clog.is_it(text.encode())


@given(st.integers(0, 400), st.binary(max_size=4) | st.sampled_from([b"\t", b" ", b"%25", b"-"]))
def test_no_change_to_a_log_can_break_the_reading(place: int, piece: bytes) -> None:
    log = cloudfront(f"data={DATA}").encode()
    changed = log[:place] + piece + log[place + len(piece) // 2 :]
    assert len(list(w3clog.read(Stream(BytesIO(changed)), Report()))) <= 2
