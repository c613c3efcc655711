from __future__ import annotations

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture import squid
from trackscope.capture.logentry import NO_BODY
from trackscope.capture.opening import Reading
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream

URL = "http://h/track/?data=eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIn19"
SERVER = "- HIER_DIRECT/192.0.2.1 text/html"
LINES = f"""\
1795447342.123     45 10.0.0.1 TCP_MISS/200 312 GET {URL} {SERVER}
1795447343.000      0 10.0.0.1 TCP_DENIED/403 0 CONNECT h:443 - HIER_NONE/- -
1795447344.000    -12 2001:db8::1 TCP_MISS_ABORTED/000 0 POST http://h/track/ {SERVER}
"""


def test_an_entry_gives_url_time_answer_duration_and_peer() -> None:
    reading = Reading(Stream(BytesIO(LINES.encode())), hosts=["h"])
    get, post = reading
    assert reading.kind == "squid"
    assert (get.position, get.request.method, get.request.url) == ("line 1", "GET", URL)
    assert (get.at, get.took_ms, get.peer) == (1795447342.123, 45.0, "10.0.0.1")
    assert get.reply is not None
    assert get.reply.status == 200
    assert (post.request.method, post.reply, post.took_ms) == ("POST", None, 0.0)
    assert post.problem == NO_BODY
    assert reading.report.passed_over == {"no tracking request": 1}
    assert reading.report.is_whole


@given(st.binary(max_size=80), st.integers(0, len(LINES)))
def test_damaged_lines_are_borne(piece: bytes, place: int) -> None:
    changed = LINES[:place].encode() + piece + LINES[place:].encode()
    assert len(list(squid.read(Stream(BytesIO(changed)), Report()))) <= 2
