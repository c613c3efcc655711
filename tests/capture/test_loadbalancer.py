from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture import loadbalancer
from trackscope.capture.logentry import CUT
from trackscope.capture.opening import Reading
from trackscope.capture.report import NOT_TRACKING, Report
from trackscope.capture.stream import Stream

DATA = "eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIn19"
URL = f"https://t.example:443/track/?data={DATA}"
APPLICATION = (
    "https 2026-11-23T15:22:22.500000Z app/lb/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 "
    f'0.000 0.001 0.002 200 200 34 366 "GET {URL} HTTP/1.1" "Mozilla/5.0 \\x22x\\x22" '
    "ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:1:targetgroup/a/b "
    '"Root=1-58337281-1d84f3d73c47ec4e58577259" "t.example" "arn:aws:acm:us-east-2:1:certificate/'
    '1" 1 2026-11-23T15:22:22.364000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"'
)
CLASSIC = (
    "2026-11-23T15:22:22.500000Z my-lb 192.168.131.39:2817 10.0.0.1:80 0.000 0.001 0.002 200 200 "
    f'0 29 "GET {URL} HTTP/1.1" "curl/7.38.0" - -'
)


def read(*lines: str) -> Reading:
    return Reading(Stream(BytesIO("\n".join(lines).encode())))


@pytest.mark.parametrize(
    ("line", "agent"), [(APPLICATION, 'Mozilla/5.0 "x"'), (CLASSIC, "curl/7.38.0")]
)
def test_both_kinds_are_read_with_all_they_say(line: str, agent: str) -> None:
    reading = read(line)
    assert reading.kind == "loadbalancer"
    [found] = reading
    assert found.request.url == URL
    assert found.request.headers == (("User-Agent", agent),)
    assert (found.at, found.peer) == (1_795_447_342.5, "192.168.131.39")
    assert found.took_ms == pytest.approx(3.0)
    assert found.reply is not None
    assert found.reply.status == 200


def test_a_target_that_did_not_answer_leaves_time_and_status_out() -> None:
    line = APPLICATION.replace("0.000 0.001 0.002 200 200", "-1 -1 -1 - -")
    [found] = read(line)
    assert (found.took_ms, found.reply) == (None, None)


def test_a_cut_line_gets_a_row_and_others_are_counted() -> None:
    other = APPLICATION.replace("/track/", "/x").replace("data=", "")
    cut = APPLICATION[: APPLICATION.index("data=") + 20]
    reading = read(APPLICATION, other, cut, "data=")
    assert [each.problem for each in reading] == ["", CUT]
    assert reading.report.passed_over == {NOT_TRACKING: 1, "a line without a request": 1}


@given(st.integers(0, 150), st.binary(max_size=4) | st.sampled_from([b".", b"-", b'"', b"\\"]))
def test_no_change_to_a_line_can_break_the_reading(place: int, piece: bytes) -> None:
    line = APPLICATION.encode()
    changed = line[:place] + piece + line[place + len(piece) // 2 :]
    assert len(list(loadbalancer.read(Stream(BytesIO(changed)), Report()))) <= 1
