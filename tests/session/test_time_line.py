"""The time line in words."""

from __future__ import annotations

from datetime import datetime

from trackscope.history.overview import Bucket, Timeline
from trackscope.session.time_line import (
    TimeLine,
    counts_text,
    described,
    moment_text,
    range_text,
)

NOON = datetime(2011, 11, 24, 12).timestamp()
LINE = TimeLine(NOON, 60.0, (Bucket(3), Bucket(), Bucket(1, 2, 4)))


def test_it_is_described_by_its_range_and_its_counts() -> None:
    assert described(LINE) == "12:00 to 12:03: 10 requests, 4 with 1, 2 with 0, 4 neither."
    assert described(TimeLine()) == "No exchanges."


def test_a_range_is_as_exact_as_its_steps() -> None:
    assert range_text(LINE, 0, 0) == "12:00 to 12:01"
    assert range_text(TimeLine(NOON, 0.5, LINE.steps), 0, 1) == "12:00:00 to 12:00:01"
    days = TimeLine(NOON, 86_400.0, LINE.steps)
    assert range_text(days, 0, 1) == "2011-11-24 12:00 to 2011-11-26 12:00"


def test_counts_name_only_what_there_is() -> None:
    assert counts_text(Bucket()) == "0 requests"
    assert counts_text(Bucket(0, 1)) == "1 request, 1 with 0"


def test_a_moment_that_no_calendar_has_is_a_question_mark() -> None:
    assert moment_text(1e300, "%H") == moment_text(float("nan"), "%H") == "?"


def test_the_last_exchange_is_on_the_time_line_of_a_history() -> None:
    line = TimeLine.of(Timeline(NOON, NOON + 10, (Bucket(1), Bucket(1))))
    assert line.start_s == NOON
    assert line.end_s > NOON + 10
    assert len(line.steps) == 2


def test_what_happened_at_one_moment_is_one_step() -> None:
    line = TimeLine.of(Timeline(NOON, NOON, (Bucket(5), Bucket())))
    assert line.steps == (Bucket(5),)
    assert line.end_s > NOON
    assert TimeLine.of(Timeline()).steps == ()
