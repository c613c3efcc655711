from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture import logfmt
from trackscope.capture.found import Captured
from trackscope.capture.logentry import NO_BODY
from trackscope.capture.opening import Reading
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream

DATA = "eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIn19"
TARGET = f"/track/?data={DATA}&ip=1"
PAIRS = (
    f'at=info method=GET path="{TARGET}" host=h.example fwd="192.0.2.1" status=200 protocol=https'
)


def one(line: str) -> Captured:
    reading = Reading(Stream(BytesIO(f"{line}\n".encode())), hosts=["h.example"])
    (found,) = reading
    assert reading.kind == "logfmt"
    return found


@pytest.mark.parametrize(
    "line",
    [
        f"2026-11-23T15:22:22+00:00 heroku[router]: {PAIRS}",
        f'time=2026-11-23T15:22:22Z level=info msg="a \\"b\\" c=d" {PAIRS.replace("at=info ", "")}',
        f"ts=1795447342 {PAIRS.replace('at=info ', '')} empty= odd",
    ],
)
def test_pairs_are_read_whoever_wrote_them(line: str) -> None:
    found = one(line)
    assert (found.request.method, found.request.url) == ("GET", f"https://h.example{TARGET}")
    assert found.at == 1_795_447_342.0
    assert found.reply is not None
    assert found.reply.status == 200


def test_of_a_post_the_log_lacks_the_body() -> None:
    found = one(PAIRS.replace("GET", "POST").replace(TARGET, "/track/"))
    assert found.request.method == "POST"
    assert found.problem == NO_BODY


@pytest.mark.parametrize(
    "text",
    [
        f"http://h/track/?data={DATA}&a=1&b=2&c=3",
        "a=1 b=2 c=3 d=4",
        f'10.0.0.1 - - [23/Nov/2026:15:22:22 +0000] "GET {TARGET} HTTP/1.1" 200 1 a=1 b=2 c=3 d=4',
    ],
)
def test_other_texts_are_no_such_log(text: str) -> None:
    assert Reading(Stream(BytesIO(text.encode()))).kind != "logfmt"


@given(st.binary(max_size=80), st.integers(0, len(PAIRS)))
def test_damaged_lines_are_borne(piece: bytes, place: int) -> None:
    changed = PAIRS[:place].encode() + piece + PAIRS[place:].encode()
    assert len(list(logfmt.read(Stream(BytesIO(changed)), Report()))) <= 2
