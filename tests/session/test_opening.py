from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture.exchange import Origin
from trackscope.capture.found import Captured
from trackscope.capture.shape import Recognised, recognise
from trackscope.errors import SourceError
from trackscope.session.arrival import Arrival
from trackscope.session.explanation import findings_of
from trackscope.session.opening import Judging, examine, exchange_of, opened
from trackscope.wire.decoding import decode
from trackscope.wire.era import rule_book
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest, form_encode

DATA = "eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIiwidGltZSI6MTMyMjA5MjgwMH19"
URL = f"http://api.mixpanel.com/track/?data={DATA}"
SENT = 1_322_092_801.0
LATE = 1_800_000_000.0

JUDGING = Judging(rule_book(), LATE)


def test_what_was_captured_is_judged_as_of_when_it_was_sent() -> None:
    request = TrackRequest("GET", URL)
    assert examine(Captured(request, "entry 0", at=SENT), JUDGING).predicted == 1
    assert examine(Captured(request, "entry 0"), JUDGING).predicted == 0
    fixed = Judging(rule_book(), LATE, arrival=Arrival(LATE))
    assert examine(Captured(request, "entry 0", at=SENT), fixed).predicted == 0


def test_an_exchange_has_the_answer_that_was_captured_beside_the_prediction() -> None:
    captured = Captured(
        TrackRequest("GET", URL), "entry 7", at=SENT, reply=Reply(200, (), b"0"), page="Shop"
    )
    exchange = exchange_of(captured, recognise(captured.request), JUDGING, "shop.har")
    assert (exchange.verdict, exchange.predicted) == (0, 1)
    assert (exchange.origin, exchange.names) == (Origin.OPENED, ("game",))
    assert (exchange.source, exchange.position, exchange.page) == ("shop.har", "entry 7", "Shop")


def test_without_an_answer_there_is_no_verdict_but_a_prediction() -> None:
    captured = Captured(TrackRequest("GET", URL), "URL 1")
    exchange = exchange_of(captured, Recognised(""), JUDGING)
    assert (exchange.reply, exchange.verdict, exchange.predicted) == (None, None, 0)


def test_of_a_request_that_the_capture_lacks_a_part_of_nothing_is_predicted() -> None:
    problem = "the log does not hold the body of a POST"
    request = TrackRequest("POST", "http://api.mixpanel.com/track/")
    examined = examine(Captured(request, "line 3", problem=problem), JUDGING)
    assert examined.predicted is None
    assert [(each.rule, each.message) for each in examined.findings] == [
        ("capture.incomplete", problem)
    ]


def test_what_was_changed_to_read_a_request_is_a_finding() -> None:
    captured = Captured(TrackRequest("GET", URL), "line 1", notes=("&amp; read as &",), at=SENT)
    finding = examine(captured, JUDGING).findings[-1]
    assert (finding.rule, finding.message) == ("capture.changed", "&amp; read as &")


def test_what_the_sdk_makes_of_the_answer_is_found_when_the_exchange_is_opened() -> None:
    data = base64.b64encode(b'{"event":"a","properties":{"token":"t","mp_lib":"web"}}').decode()
    request = TrackRequest("GET", f"http://api.mixpanel.com/track/?data={form_encode(data)}")
    captured = Captured(request, "entry 1", reply=Reply(200, (), b"0"))
    assert examine(captured, JUDGING).findings[-1].rule == "sdk.dropped"
    exchange = exchange_of(captured, recognise(request), JUDGING)
    assert exchange.findings[-1].rule == "sdk.dropped"  # so that a filter finds it
    found = findings_of(exchange, decode(request))
    assert [each.rule for each in found].count("sdk.dropped") == 1
    by_us = exchange.findings[:-1]  # this program forgets nothing that was answered 0
    sent = replace(exchange, origin=Origin.SENT, findings=by_us)
    assert "sdk.dropped" not in [each.rule for each in findings_of(sent, decode(request))]


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.mkdir(), "a folder"),
    ],
)
def test_what_cannot_be_opened_gets_a_sentence(
    tmp_path: Path, prepare: Callable[[Path], None], words: str
) -> None:
    prepare(tmp_path / "capture")
    with pytest.raises(SourceError, match=words), opened(tmp_path / "capture"):
        pass


def test_what_fails_while_it_is_used_is_not_taken_for_a_failure_of_the_file(
    tmp_path: Path,
) -> None:
    (tmp_path / "capture").write_bytes(b"x")

    def use() -> None:
        with opened(tmp_path / "capture") as stream:
            assert (stream.size, stream.head) == (1, b"x")
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        use()


def test_a_file_that_shrinks_while_it_is_read_just_ends(tmp_path: Path) -> None:
    path = tmp_path / "capture"
    path.write_bytes(b"x" * 1_000_000)
    with opened(path) as stream:
        stream.read(10)
        path.write_bytes(b"")
        rest = b"".join(iter(lambda: stream.read(), b""))
    assert len(rest) < 1_000_000


EVENTS = st.lists(
    st.dictionaries(
        st.sampled_from(["event", "properties", "$token", "user"]),
        st.one_of(st.text(max_size=3), st.dictionaries(st.text(max_size=5), st.integers())),
    ),
    max_size=3,
)


@given(EVENTS, st.sampled_from(["track", "engage", "import", "t"]))
def test_a_glance_comes_to_the_same_exchange_as_a_close_look(
    events: list[dict[str, object]], endpoint: str
) -> None:
    data = form_encode(base64.b64encode(json.dumps(events).encode()).decode())
    request = TrackRequest("GET", f"http://api.mixpanel.com/{endpoint}/?data={data}")
    captured = Captured(request, "URL 1", at=SENT)
    glanced = exchange_of(captured, recognise(request), JUDGING)
    close = exchange_of(captured, Recognised(""), JUDGING)
    assert glanced.names == close.names
    assert glanced.predicted == close.predicted
    assert [(each.rule, each.severity) for each in glanced.findings] == [
        (each.rule, each.severity) for each in close.findings
    ]
    assert findings_of(glanced, decode(request)) == close.findings
