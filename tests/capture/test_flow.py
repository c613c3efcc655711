from __future__ import annotations

import gzip
import random
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from tests.capture.expected import expected_of, found_in, read_capture
from tests.capture.flow_writer import flow, netstring, old_flow, response

from trackscope.capture import flow as flow_
from trackscope.capture.flow import FLOW
from trackscope.capture.found import Captured
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream


def read(content: bytes) -> tuple[list[Captured], Report]:
    report = Report()
    return list(FLOW.read(Stream(BytesIO(content)), report)), report


def one(written: dict[Any, Any]) -> Captured:
    (captured,), report = read(netstring(written))
    assert report.is_whole
    return captured


@pytest.fixture
def sample(captures: Path) -> Path:
    return captures / "captures" / "flow" / "mitmproxy11_mixed-A.flow"


def test_a_recorded_file_gives_every_request_of_it(sample: Path) -> None:
    reading, requests = read_capture(sample)
    assert reading.kind == "flow"
    assert found_in(requests) == expected_of(sample)
    assert requests[17].position == "flow 53"
    assert sum(reading.report.passed_over.values()) == 42
    assert reading.report.is_whole


def test_a_flow_gives_request_answer_times_and_peer() -> None:
    captured = one(flow())
    assert captured.request.url == "https://api.mixpanel.com/track/?data=W10%3D"
    assert (captured.at, captured.took_ms) == (1700000000.25, 500.0)
    assert (captured.peer, captured.position) == ("192.0.2.7:51000", "flow 1")
    assert captured.reply is not None
    assert (captured.reply.status, captured.reply.body) == (200, b"1")


def test_a_flow_of_python_2_days_is_read_the_same() -> None:
    captured = one(old_flow())
    assert captured.request.method == "POST"
    assert captured.request.url == "http://127.0.0.1:8080/track"
    assert captured.request.body == b"data=W10%3D"
    assert (captured.at, captured.took_ms, captured.peer) == (1300000000.0, 125.0, "[::1]:40000")
    assert captured.reply is not None
    assert captured.reply.body == b"0"


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        ({"headers": []}, "https://10.0.0.1/t"),
        ({"headers": [], "port": 8443}, "https://10.0.0.1:8443/t"),
        ({"headers": [], "host": "2001:db8::1"}, "https://[2001:db8::1]/t"),
        ({"headers": [[b"host", b"h:81"]]}, "https://h:81/t"),
        ({"headers": [[b"host", b"evil/?x"]]}, "https://10.0.0.1/t"),
        ({"authority": b"h2.example"}, "https://h2.example/t"),
        ({"path": b"http://h/t"}, "http://h/t"),
        ({"scheme": b"javascript"}, "http://api.mixpanel.com/t"),
        ({"headers": [], "port": 10**30}, "https://10.0.0.1/t"),
    ],
)
def test_the_url_is_the_one_that_the_client_meant(changes: dict[str, Any], url: str) -> None:
    assert one(flow(**{"path": b"/t", **changes})).request.url == url


def test_secrets_are_left_out_and_named() -> None:
    captured = one(flow(headers=[[b"Cookie", b"a=b"], [b"X-A", b"1"]]))
    assert captured.request.headers == (("X-A", "1"),)
    assert captured.notes == ("Cookie is left out: it is a secret",)


def test_a_packed_body_stays_packed_and_a_packed_answer_is_unpacked() -> None:
    packed = gzip.compress(b"data=W10%3D")
    coding = [b"Content-Encoding", b"gzip"]
    written = flow(method=b"POST", content=packed, headers=[coding])
    written["response"] = response(gzip.compress(b"1"), coding)
    captured = one(written)
    assert captured.request.body == packed
    assert captured.request.header("content-encoding") == "gzip"
    assert captured.reply is not None
    assert captured.reply.body == b"1"


def test_a_body_that_was_streamed_past_the_file_is_missed() -> None:
    captured = one(flow(method=b"POST", content=None, headers=[[b"Content-Length", b"5"]]))
    assert captured.problem == "its body is not in the file"


def test_a_flow_that_failed_says_why_there_is_no_answer() -> None:
    captured = one({**flow(), "response": None, "error": {"msg": "Connection lost"}})
    assert captured.reply is None
    assert captured.notes == ("no answer: Connection lost",)


@pytest.mark.parametrize("kind", ["tcp", "udp", "dns", "websocket"])
def test_other_flows_are_counted_by_their_type(kind: str) -> None:
    requests, report = read(netstring({**flow(), "type": kind}) + netstring(flow()))
    assert [captured.position for captured in requests] == ["flow 2"]
    assert report.passed_over == {f"{kind} flow": 1}


def test_missing_members_leave_what_there_is() -> None:
    captured = one({"type": "http", "request": {"path": b"/track", "host": "h"}})
    assert (captured.request.method, captured.request.url) == ("GET", "http://h/track")
    assert (captured.at, captured.peer, captured.reply) == (None, "", None)


def test_a_flow_without_a_request_is_counted() -> None:
    assert read(netstring({"type": "http"}))[1].passed_over == {"flow without a request": 1}


@pytest.mark.parametrize("moment", [-1, 0, 1e300, "yesterday", None, float("nan")])
def test_a_time_that_is_none_is_left_out(moment: Any) -> None:
    assert one(flow(timestamp_start=moment)).at is None


def test_a_clock_that_was_set_back_makes_the_answer_immediate() -> None:
    assert one(flow(timestamp_start=1700000009.0)).took_ms == 0.0


@pytest.mark.parametrize(
    "content", [b"999999999999:", b"1000000000:4:type;4:http;", b"9999999999999999:x"]
)
def test_a_hostile_length_ends_the_reading_with_a_sentence(content: bytes) -> None:
    requests, report = read(netstring(flow()) + content)
    assert len(requests) == 1
    assert len(report.problems) == 1
    assert "flow 2" in report.problems[0]


def test_a_huge_flow_is_passed_over_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow_, "MAX_FLOW", 10_000)
    large = netstring(flow(content=b"x" * 20_000))
    requests, report = read(large + netstring(flow()))
    assert [captured.position for captured in requests] == ["flow 2"]
    assert report.passed_over.total() == 1


def test_a_large_body_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow_, "MAX_BODY", 1000)
    captured = one(flow(content=b"x" * 1001))
    assert len(captured.request.body) == 1000
    assert "larger than" in captured.problem


def test_more_headers_than_anyone_sends_are_cut() -> None:
    captured = one(flow(headers=[[b"a", b"b"]] * 1001))
    assert len(captured.request.headers) == 1000
    assert "more than 1,000 headers" in captured.problem


def test_deep_nesting_is_not_followed() -> None:
    deep: Any = b""
    content = b"0:]"
    for _ in range(20_000):
        content = b"%d:%s]" % (len(content), content)
    deep = content
    member = netstring("metadata") + deep
    written = b"".join(netstring(key) + netstring(value) for key, value in flow().items()) + member
    requests, report = read(b"%d:%s}" % (len(written), written))
    assert len(requests) == 1
    assert report.is_whole


def test_every_cut_ends_quietly_and_is_never_called_whole() -> None:
    flows = [netstring(flow()), netstring(old_flow()), netstring(flow(path=b"/third"))]
    content = b"".join(flows)
    ends = list(accumulate(map(len, flows)))
    for length in range(len(content)):
        requests, report = read(content[:length])
        assert report.is_whole == (length in (0, *ends)), length
        whole = [captured for captured in requests if not captured.problem]
        assert len(whole) >= sum(end <= length for end in ends)


def test_bytes_changed_at_random_never_fail() -> None:
    rng = random.Random(3)
    content = netstring(flow()) + netstring(old_flow())
    for _ in range(3000):
        changed = bytearray(content)
        for _ in range(rng.randint(1, 4)):
            changed[rng.randrange(len(changed))] = rng.choice(b"0123456789:,;#^!~]}\x00\xffa")
        requests, report = read(bytes(changed))
        assert requests or report.problems or report.passed_over


@pytest.mark.parametrize("text", [b"", b"12:hello", b"2023-01-01 10:00:00", b"7:4:type;4:http"])
def test_what_only_looks_alike_is_no_flow_file(text: bytes) -> None:
    assert FLOW.is_it(text) == (text == b"7:4:type;4:http")  # a key and the length of its value


def test_what_is_written_is_recognised() -> None:
    assert FLOW.is_it(netstring(flow()))
    assert FLOW.is_it(netstring(old_flow()))
