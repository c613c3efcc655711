"""What leaves the program: masked in every byte, whole, and opened again as the same events."""

from __future__ import annotations

import base64
import csv
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.session import recorded
from tests.wire.json_values import VALUES

from trackscope.capture.exchange import Exchange, Origin
from trackscope.capture.found import Captured
from trackscope.capture.opening import Reading
from trackscope.capture.stream import Stream
from trackscope.errors import UsageError
from trackscope.session.export import FORMATS, Exported, Options, export
from trackscope.session.masked import LEFT_OUT
from trackscope.session.masking import Masking
from trackscope.wire.decoding import decode
from trackscope.wire.editing import TRANSPORTS, with_payload, with_transport
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.reply import PIXEL, Reply
from trackscope.wire.request import TrackRequest

TOKEN = "e3bc4100330c35722740fb8c6f5abddc"
EVENT = {"event": "a", "properties": {"token": TOKEN, "distinct_id": "d"}}
REQUEST = with_payload(TrackRequest("GET", "http://h.io/track/?ip=1"), json.dumps(EVENT))
EXCHANGE = Exchange(
    REQUEST,
    Origin.RECEIVED,
    12.5,
    Reply(200, (("Content-Type", "text/plain"),), b"1"),
    id=7,
    took_ms=1.5,
    verdict=1,
    page="http://shop/",
)
KINDS = [form.kind for form in FORMATS]
AGAIN = ("ndjson", "har", "curl", "urls")
"""The formats that are opened again."""

OPEN = Options(Masking(frozenset(), frozenset()))


def written(kind: str, *exchanges: Exchange, options: Options = OPEN) -> tuple[bytes, Exported]:
    file = BytesIO()
    done = export(exchanges, file, kind, options)
    return file.getvalue(), done


def opened(kind: str, content: bytes) -> list[Captured]:
    """What the program's own reader finds in an export, which it is to know for what it is."""
    reading = Reading(Stream(BytesIO(content)), hosts={"h.io"})
    found = list(reading)
    assert reading.report.problems == []
    assert reading.kind == kind or kind in ("curl", "urls")
    return found


def meaning(request: TrackRequest) -> tuple[str, list[tuple[str, str]]]:
    """What a request says: its events as JSON text, and its other parameters in any order."""
    decoded = decode(request)
    others = sorted((each.name, each.value) for each in decoded.params if each.name != "data")
    return json.dumps(decoded.events), others


@recorded.HERE
@pytest.mark.parametrize("kind", AGAIN)
def test_every_recorded_request_opens_again_as_the_same_events(kind: str) -> None:
    exchanges = recorded.exchanges()
    content, done = written(kind, *exchanges)
    assert (done.count, done.left_out) == (len(exchanges), {})
    again = [each.request for each in opened(kind, content)]
    assert list(map(meaning, again)) == [meaning(each.request) for each in exchanges]
    if kind in ("ndjson", "har"):
        assert [(each.method, each.url, each.body) for each in again] == [
            (each.request.method, each.request.url, each.request.body) for each in exchanges
        ]


@recorded.HERE
@pytest.mark.parametrize("kind", KINDS)
def test_no_token_of_the_recorded_requests_is_in_a_masked_export(kind: str) -> None:
    content, done = written(kind, *recorded.exchanges(), options=Options())
    assert done.count > 800
    raw = TOKEN.encode()
    cores = [base64.b64encode(bytes(before) + raw)[4:-4] for before in range(3)]
    assert [each for each in (raw, raw.hex().encode(), *cores) if each in content] == []


@given(
    st.dictionaries(st.text(), VALUES, max_size=4),
    st.text(),
    st.sampled_from(TRANSPORTS),
    st.sampled_from(AGAIN),
    st.booleans(),
)
def test_any_event_opens_again(
    properties: dict[str, Any], name: str, transport: str, kind: str, is_masked: bool
) -> None:
    event = {"event": name, "properties": {"token": TOKEN, **properties}}
    bare = TrackRequest("GET", "http://h.io/track/?ip=1&verbose=1")
    request = with_transport(with_payload(bare, json.dumps(event)), transport)
    options = Options() if is_masked else OPEN
    content, done = written(kind, replace(EXCHANGE, request=request), options=options)
    assert (done.count, done.left_out) == (1, {})
    (again,) = (each.request for each in opened(kind, content))
    events = decode(again).events
    assert events is not None
    if not is_masked:
        assert meaning(again) == meaning(request)
    elif "token" not in properties:
        assert events[0]["properties"]["token"] == "e3bc…dc"
    assert not is_masked or TOKEN.encode() not in content


@pytest.mark.parametrize("kind", ["ndjson", "har"])
@pytest.mark.parametrize("body", [b"1", PIXEL], ids=["text", "picture"])
def test_answer_moment_and_page_open_again_too(kind: str, body: bytes) -> None:
    reply = Reply(200, (("Content-Type", "text/plain"),), body)
    (found,) = opened(kind, written(kind, replace(EXCHANGE, reply=reply))[0])
    assert (found.reply, found.at, found.took_ms) == (reply, EXCHANGE.at, EXCHANGE.took_ms)
    assert found.page == EXCHANGE.page


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_of_nothing_is_a_file_of_its_kind(kind: str) -> None:
    content, done = written(kind)
    assert done == Exported(0, {})
    assert {
        "ndjson": content == b"",
        "json": content == b"[]\n",
        "csv": content.startswith(b"exchange_id,at,"),
        "har": b'"entries":[\n]' in content,
        "curl": content == b"",
        "urls": content.startswith(b"# One URL an exchange."),
        "parquet": content.startswith(b"PAR1"),
    }[kind]


def test_the_lines_hold_the_whole_exchange() -> None:
    binary = TrackRequest("POST", "http://h/track/?a=\udcff", (("A", "b"),), b"\xff")
    odd = replace(EXCHANGE, request=binary, reply=Reply(200, (), PIXEL), note="n")
    (first, second) = map(json.loads, written("ndjson", EXCHANGE, odd)[0].splitlines())
    assert (first["url"], first["headers"], first["body"]) == (REQUEST.url, [], "")
    assert (first["id"], first["at"], first["origin"], first["page"]) == (
        7, 12.5, "received", "http://shop/",
    )  # fmt: skip
    assert (first["answer"]["status"], first["answer"]["body"], first["answer"]["took_ms"]) == (
        200, "1", 1.5,
    )  # fmt: skip
    assert (second["url"], second["headers"]) == (binary.url, [["A", "b"]])
    assert "body" not in second
    assert base64.b64decode(second["body_base64"]) == b"\xff"
    assert bytes.fromhex(second["answer"]["body_hex"]) == PIXEL
    assert second["note"] == "n"


def test_json_is_one_array_of_the_same_objects() -> None:
    lines = written("ndjson", EXCHANGE, EXCHANGE)[0].splitlines()
    assert json.loads(written("json", EXCHANGE, EXCHANGE)[0]) == list(map(json.loads, lines))


@pytest.mark.parametrize("kind", ["ndjson", "csv"])
def test_verdict_and_findings_stay_those_of_the_original(kind: str) -> None:
    finding = Finding("time.too-old", Severity.ERROR, "/0/properties/time", f"for {TOKEN}")
    refused = replace(EXCHANGE, verdict=0, predicted=1, findings=(finding,))
    content, _ = written(kind, refused, options=Options())
    if kind == "csv":
        (row,) = csv.DictReader(StringIO(content.decode(), newline=""))
        assert (row["verdict"], row["predicted"], row["findings"]) == ("0", "1", "time.too-old")
        return
    line = json.loads(content)
    assert (line["verdict"], line["predicted"]) == (0, 1)
    (found,) = line["findings"]
    assert (found["rule"], found["message"]) == ("time.too-old", "for e3bc…dc")


def test_a_payload_that_cannot_be_masked_is_left_out_and_said() -> None:
    broken = replace(EXCHANGE, request=TrackRequest("GET", "http://h/track/?data=eyJ0b2tlbiI6"))
    content, done = written("ndjson", EXCHANGE, broken, options=Options())
    assert (done.count, done.left_out, done.without_payload) == (2, {}, 1)
    assert done.sentences == [
        "1 without their payload: it cannot be read, so nothing in it could be masked. "
        "Include secrets to keep it."
    ]
    line = json.loads(content.splitlines()[1])
    assert (line["url"], line["note"]) == ("http://h/track/?data=", LEFT_OUT)


def test_equal_tokens_are_masked_alike_and_others_differently() -> None:
    other = TOKEN.replace("e3bc", "f4cd")
    event = {"event": "a", "properties": {"token": other}}
    second = replace(EXCHANGE, request=with_payload(REQUEST, json.dumps(event)))
    content, _ = written("csv", EXCHANGE, second, EXCHANGE, options=Options())
    rows = csv.DictReader(StringIO(content.decode(), newline=""))
    assert [row["token"] for row in rows] == ["e3bc…dc", "f4cd…dc", "e3bc…dc"]


@pytest.mark.parametrize(
    ("kind", "columns"), [("har", ("a",)), ("ndjson", ("a",)), ("csv", ("token",)), ("doc", ())]
)
def test_options_that_do_not_fit_are_refused_before_anything_is_written(
    kind: str, columns: tuple[str, ...]
) -> None:
    file = BytesIO()
    with pytest.raises(UsageError):
        export([EXCHANGE], file, kind, Options(columns=columns))
    assert file.getvalue() == b""


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_is_passed_on(kind: str) -> None:
    class Full(BytesIO):
        def write(self, _: Any) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        export([EXCHANGE], Full(), kind, Options())


@pytest.mark.parametrize("kind", KINDS)
def test_exchanges_are_not_kept_in_memory(kind: str) -> None:
    class Away(BytesIO):
        def write(self, content: Any) -> int:
            return len(content)

        def tell(self) -> int:
            return 0

    large = {"event": "a", "properties": {"token": TOKEN, "x": "y" * 100_000}}
    request = with_payload(REQUEST, json.dumps(large))

    def many() -> Iterator[Exchange]:
        return (replace(EXCHANGE, request=request, id=number) for number in range(60))

    export(many(), Away(), kind, OPEN)  # imports and caches are no part of it
    tracemalloc.start()
    export(many(), Away(), kind, OPEN)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    limit = 20_000_000 if kind == "parquet" else 4_000_000
    assert peak < limit


HOSTILE = {
    "zero byte": '{"event":"a\\u0000b","properties":{"token":"t","x":"\\u0000"}}',
    "half a pair": '{"event":"\\ud800","properties":{"\\udfff":"\\ud83d"}}',
    "no number": '{"event":"a","properties":{"x":NaN,"y":[-Infinity],"z":1e999}}',
    "formula": '{"event":"=1+1","properties":{"token":"@t","distinct_id":"+1"}}',
    "large": f'{{"event":"a","properties":{{"x":"{"y" * 1_000_000}"}}}}',
    "deep": f'{{"event":"a","properties":{{"x":{"[" * 190}{"]" * 190}}}}}',
    "digits": f'{{"event":"a","properties":{{"time":{"9" * 4000}}}}}',
    "broken": '{"event":',
    "scalar": "5",
}


@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("options", [OPEN, Options()], ids=["open", "masked"])
def test_hostile_payloads_leave_files_that_can_be_read(
    kind: str, payload: str, options: Options
) -> None:
    request = with_payload(REQUEST, payload)
    content, done = written(kind, replace(EXCHANGE, request=request), options=options)
    assert done.count == 1
    if kind == "json":
        json.loads(content, parse_constant=pytest.fail)
    if kind in AGAIN and payload != HOSTILE["broken"]:
        (again,) = (each.request for each in opened(kind, content))
        events = decode(again).events
        assert len(events or ()) == len(decode(request).events or ())
        if options is OPEN:
            assert json.dumps(events) == json.dumps(decode(request).events)
