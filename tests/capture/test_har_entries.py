from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from tests.capture.hars import LAYOUTS, as_bytes, data, entry, har

from trackscope.capture import har_entries, har_window
from trackscope.capture.har_entries import MAX_DAMAGED, Entries
from trackscope.capture.har_window import Window
from trackscope.capture.report import Report

TRACK = entry(f"https://api.mixpanel.com/track/?data={data()}")
NOISE = entry("https://cdn.example/a.js")


def walk(content: bytes) -> tuple[list[int], Entries, Report]:
    window, report = Window(BytesIO(content).read), Report()
    window.grow()
    entries = Entries(window, report)
    return [each.index for each in entries], entries, report


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What is parsed while nothing is read before the hurry."""
    monkeypatch.setattr(har_entries, "HURRY_AFTER", 1)
    parsed: list[bytes] = []
    quickly = har_entries._quickly

    def noted(raw: bytes) -> Any:
        parsed.append(raw)
        return quickly(raw)

    monkeypatch.setattr(har_entries, "_quickly", noted)
    return parsed


@pytest.mark.parametrize("layout", sorted(set(LAYOUTS) - {"a line each"}))
def test_noise_is_not_parsed_in_a_hurry(hurried: list[bytes], layout: str) -> None:
    value = har([NOISE] * 50 + [TRACK] + [NOISE] * 50)
    content = LAYOUTS[layout](value)
    found, entries, report = walk(content[content.index(b'"entries"') :].partition(b"[")[2])
    assert (found, entries.index, entries.is_closed) == ([50], 101, True)
    assert report.passed_over.total() == 100
    assert sum(map(len, hurried)) < len(content) / 10


def test_a_file_whose_entries_differ_is_never_hurried(hurried: list[bytes]) -> None:
    odd = {**NOISE, "_first": {"request": 1}}
    content = as_bytes([odd] + [NOISE] * 50 + [TRACK])
    found, _, _ = walk(content[1:])
    assert found == [51]
    assert sum(map(len, hurried)) > len(content) / 2


def test_a_long_line_is_leapt_over_and_what_follows_it_is_found(
    hurried: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(har_window, "CHUNK", 10_000)
    large = json.loads(json.dumps(NOISE))
    large["response"]["content"]["text"] = '{"request": {}}, "request"\\"' * 5_000
    content = as_bytes([NOISE, large, TRACK, large, large, TRACK, large], indent=1)
    found, entries, report = walk(content[1:])
    assert (found, entries.index, report.problems) == ([2, 5], 7, [])


def test_reading_goes_on_behind_damage_but_not_for_ever() -> None:
    broken = as_bytes(NOISE)[:-1] + b",}"
    content = b",".join([as_bytes(TRACK), *[broken] * (MAX_DAMAGED + 5), as_bytes(TRACK)]) + b"]"
    found, entries, report = walk(content)
    assert (found, entries.is_closed) == ([0], False)
    assert report.problems[-1].startswith(f"More than {MAX_DAMAGED} entries are damaged")
    assert report.passed_over["a damaged entry"] == MAX_DAMAGED + 1


@pytest.mark.parametrize("rest", [b"?", b"}", b'"abc', b"[1, 2"])
def test_what_is_no_json_ends_the_reading(rest: bytes) -> None:
    found, entries, report = walk(as_bytes(TRACK) + b"," + rest)
    assert (found, entries.is_closed) == ([0], False)
    assert report.problems[0].startswith("Entry 1, which begins at byte")


def test_an_endless_run_of_tiny_damaged_entries_ends_soon() -> None:
    found, _, report = walk(b'{"a":"},' * 200_000)
    assert found == []
    assert not report.is_whole


def test_the_place_of_damage_is_told_in_bytes_of_the_file() -> None:
    good = as_bytes(TRACK)
    _, _, report = walk(good + b"," + good[:50])
    assert report.problems == [
        f"Entry 1, which begins at byte {len(good) + 1:,}, is cut off or damaged: "
        "what came before was read. Export the file anew."
    ]
