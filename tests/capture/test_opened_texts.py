from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from tests.capture.seeds import EVENT, SEEDS, URL

from trackscope.capture.opening import FORMATS, Reading
from trackscope.capture.stream import Stream
from trackscope.wire.decoding import decode


def _reading(source: bytes, **given: Any) -> Reading:
    return Reading(Stream(BytesIO(source)), **given)


def _events(reading: Reading) -> list[Any]:
    return [event for each in reading for event in decode(each.request).events or ()]


@pytest.mark.parametrize(
    ("seed", "kind"),
    [("export", "ndjson"), ("events", "ndjson"), ("table", "table"), ("mail", "mail"),
     ("http", "http"), ("json", "json"), ("array", "json"), ("curl", "curl"), ("html", "html"),
     ("urls", "urls")],
)  # fmt: skip
def test_a_capture_is_known_by_its_content(seed: str, kind: str) -> None:
    reading = _reading(SEEDS[seed])
    assert EVENT in _events(reading)
    assert reading.kind == kind


def test_each_seed_is_of_one_format_at_most() -> None:
    for name, seed in SEEDS.items():
        assert len([each.kind for each in FORMATS if each.is_it(seed)]) <= 1, name


def test_what_is_passed_over_is_counted_by_reason() -> None:
    reading = _reading(f"id,url\n1,{URL}\n2,http://h/x\n3,nothing\n".encode())
    assert len(list(reading)) == 1
    assert reading.report.passed_over == {"no tracking request": 2}
    assert reading.report.is_whole


def test_hosts_that_the_user_names_need_no_event() -> None:
    line = f'{{"url": "{URL}"}}\n{{"url": "http://collector.example/track?x=1"}}\n'.encode()
    assert len(list(_reading(line))) == 1
    assert len(list(_reading(line, hosts=["Collector.Example"]))) == 2


def test_where_nothing_is_found_a_sentence_says_so() -> None:
    reading = _reading(b"hello")
    assert list(reading) == []
    assert "No tracking request was found" in reading.report.problems[0]


def _expected(path: Path) -> tuple[list[Any], list[Any]]:
    record = json.loads(path.with_name(f"{path.name}.expected.json").read_text("utf-8"))
    if "events" not in record:
        return [event for each in record["requests"] for event in each["events"]], []
    required = [each["payload"] for each in record["events"]]
    return required, [each["payload"] for each in record["optional"]]


def _with_line_ends(source: bytes) -> bytes:
    return source.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _text(source: bytes) -> str:
    return source.decode("utf-8-sig")


VARIANTS: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda source: source,
    "CRLF": _with_line_ends,
    "marked UTF-8": lambda source: codecs.BOM_UTF8 + source.removeprefix(codecs.BOM_UTF8),
    "UTF-16": lambda source: _text(source).encode("utf-16"),
    "big-endian UTF-16": lambda source: codecs.BOM_UTF16_BE + _text(source).encode("utf-16-be"),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("folder", ["text", "curl"])
def test_recorded_texts_hold_all_the_events_they_should(
    folder: str, variant: str, captures: Path
) -> None:
    paths = [
        path
        for path in sorted((captures / "captures" / folder).iterdir())
        if not path.name.endswith(".expected.json")
    ]
    assert paths
    for path in paths:
        events = _events(_reading(VARIANTS[variant](path.read_bytes())))
        required, optional = _expected(path)
        assert [event for event in events if event in required] == required, path.name
        assert sorted(map(str, events)) == sorted(map(str, required + optional)), path.name
