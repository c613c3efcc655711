"""The lines of the reading process, and the sentences made of them."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from trackscope.session.importing import Progress, State
from trackscope.session.progress import (
    ending,
    fraction,
    problem_text,
    progress_of,
    progress_text,
)

PROGRESS = Progress(
    State.READING, "shop.har", "a HAR file", 500, 1000, 3, 4, {"no tracking request": 7}, ("cut",)
)


def test_a_line_is_read_as_it_was_written() -> None:
    line = json.dumps(asdict(PROGRESS) | {"is_whole": False}).encode()
    assert progress_of(line) == PROGRESS


@pytest.mark.parametrize(
    "line",
    [b"", b"{", b"[]", b"null", b'{"state": "dancing"}', b'{"source": "a"}', b"\xff",
     b'{"state": "done", "source": "a", "read": "many"}',
     b'{"state": "done", "source": "a", "problems": 5}'],
)  # fmt: skip
def test_a_line_that_says_nothing_of_the_kind_is_passed_over(line: bytes) -> None:
    assert progress_of(line) is None


def test_how_much_is_read_is_known_only_where_the_size_is() -> None:
    assert fraction(PROGRESS) == 0.5
    assert fraction(Progress(State.READING, "-", read=5)) is None
    assert fraction(Progress(State.READING, "grows", read=9, size=5)) == 1.0


@pytest.mark.parametrize(
    ("progress", "elapsed_s", "text"),
    [
        (PROGRESS, 0.2, "3 requests · 0.5 of 1.0 kB"),
        (Progress(State.READING, "a", read=3_000_000), 3.0, "0 requests · 3.0 MB · 1 MB/s"),
        (
            Progress(State.READING, "a", "", 600_000_000, 2_000_000_000, 4210),
            2.0,
            "4,210 requests · 0.6 of 2.0 GB · 300 MB/s · 5 s left",
        ),
        (Progress(State.READING, "a", "", 10_000, 10_000_000, 1), 2.0,
         "1 request · 0 of 10 MB · 5 kB/s · 33 min left"),
    ],
)  # fmt: skip
def test_count_amount_rate_and_time_are_said_as_far_as_they_are_known(
    progress: Progress, elapsed_s: float, text: str
) -> None:
    assert progress_text(progress, elapsed_s) == text


def test_the_end_says_what_was_found_and_what_was_passed_over() -> None:
    done = Progress(State.DONE, "a.har", exchanges=1, events=2, passed_over={"noise": 4})
    assert ending(done).startswith("Read from a.har: 1 request with 2 events")
    assert "noise" in ending(done)
    assert ending(Progress(State.CANCELLED, "a")).startswith("Stopped reading a:")
    assert ending(Progress(State.FAILED, "a")).startswith("Could not read all of a:")


def test_a_reading_without_problems_has_no_banner() -> None:
    assert problem_text(Progress(State.DONE, "a")) == ""
    one = Progress(State.DONE, "a", problems=("The file is cut off.",))
    three = Progress(State.DONE, "a", problems=("Cut.", "Wrong.", "Odd."))
    assert problem_text(one) == "a: The file is cut off."
    assert problem_text(three) == "a: Cut. And 2 more problems."
