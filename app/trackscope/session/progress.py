"""How far the reading of captures is, as its process tells it, and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import orjson

MAX_REASONS = 4
"""Reasons for passing over that a sentence names; the rest is added up."""

_SLOW_S = 1.0


class Stage(StrEnum):
    """What the reading of one source has come to."""

    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Progress:
    """One source: `read` of `size` bytes (None where it is not known) and what was in them.

    `problems` are sentences about what could not be read; `is_whole` says that there is no more.
    """

    stage: Stage
    source: str
    kind: str = ""
    read: int = 0
    size: int | None = None
    exchanges: int = 0
    events: int = 0
    passed_over: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[str, ...] = ()
    is_whole: bool = False

    @property
    def fraction(self) -> float | None:
        """How much of it was read, 0 to 1; None where that is not known."""
        return min(1.0, self.read / self.size) if self.size else None


def progress_of(line: bytes) -> Progress | None:
    """What a line of the process says; None for one that says nothing of that kind.

    >>> progress_of(b'{"state":"reading","source":"shop.har","read":5,"size":10}').fraction
    0.5
    """
    try:
        told = orjson.loads(line)
        return Progress(
            Stage(told["state"]),
            str(told.get("source") or ""),
            str(told.get("kind") or ""),
            int(told.get("read") or 0),
            None if told.get("size") is None else int(told["size"]),
            int(told.get("exchanges") or 0),
            int(told.get("events") or 0),
            {str(reason): int(count) for reason, count in _items(told.get("passed_over"))},
            tuple(str(problem) for problem in told.get("problems") or ()),
            told.get("is_whole") is True,
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _items(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def progress_text(progress: Progress, elapsed_s: float) -> str:
    """Count, amount, rate and remaining time of a reading that has taken so many seconds.

    >>> text = progress_text(Progress(Stage.READING, "a", "", 50_000_000, 200_000_000, 4210), 2.0)
    >>> print(text)
    4,210 requests · 50 of 200 MB · 25 MB/s · 6 s left
    """
    parts = [counted(progress.exchanges, "request"), _amount(progress)]
    rate = progress.read / elapsed_s if elapsed_s > 0 else 0.0
    if elapsed_s >= _SLOW_S and rate > 0:
        parts.append(f"{rate / 1e6:,.0f} MB/s" if rate >= 1e6 else f"{rate / 1e3:,.0f} kB/s")
        if progress.size is not None and progress.size > progress.read:
            parts.append(f"{_time_text((progress.size - progress.read) / rate)} left")
    return " · ".join(parts)


def summary(progress: Progress) -> str:
    """One sentence for the end of a reading: what it found, and what it passed over and why.

    >>> print(summary(Progress(Stage.DONE, "shop.har", "a HAR file", exchanges=2, events=3,
    ...                        passed_over={"no tracking request": 7}, is_whole=True)))
    Read 2 requests with 3 events from shop.har; 7 passed over: no tracking request (7).
    """
    found = f"{counted(progress.exchanges, 'request')} with {counted(progress.events, 'event')}"
    verb = {Stage.CANCELLED: "Stopped after", Stage.FAILED: "Failed after"}
    text = f"{verb.get(progress.stage, 'Read')} {found} from {progress.source}"
    passed_over = passed_over_text(progress.passed_over)
    return f"{text}; {passed_over}." if passed_over else f"{text}."


def passed_over_text(passed_over: Mapping[str, int]) -> str:
    """What was passed over, the commonest reason first; empty where nothing was."""
    reasons = sorted(passed_over.items(), key=lambda item: -item[1])
    if not reasons:
        return ""
    named = [f"{reason} ({count:,})" for reason, count in reasons[:MAX_REASONS]]
    rest = sum(count for _, count in reasons[MAX_REASONS:])
    if rest:
        named.append(f"other reasons ({rest:,})")
    total = sum(passed_over.values())
    return f"{total:,} passed over: {', '.join(named)}"


def problem_text(progress: Progress) -> str:
    """What a banner says of a reading that is not whole; empty for one that is.

    >>> problem_text(Progress(Stage.FAILED, "a.har", problems=("The file is cut off.",)))
    'a.har: The file is cut off.'
    """
    if not progress.problems:
        return ""
    more = len(progress.problems) - 1
    text = f"{progress.source}: {progress.problems[0]}"
    return f"{text} And {counted(more, 'more problem')}." if more else text


def counted(count: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "request"), counted(4210, "request")
    ('1 request', '4,210 requests')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _amount(progress: Progress) -> str:
    if progress.size is None:
        return size_text(progress.read)
    unit = size_text(progress.size).rpartition(" ")[2]
    scale = {"bytes": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}[unit]
    digits = 1 if unit == "GB" else 0
    return f"{progress.read / scale:,.{digits}f} of {size_text(progress.size)}"


def size_text(size: int) -> str:
    """A number of bytes as people read it.

    >>> size_text(900), size_text(200_000_000), size_text(2_100_000_000)
    ('900 bytes', '200 MB', '2.1 GB')
    """
    for scale, unit, digits in ((1e9, "GB", 1), (1e6, "MB", 0), (1e3, "kB", 0)):
        if size >= scale:
            return f"{size / scale:,.{digits}f} {unit}"
    return f"{size} bytes"


def _time_text(seconds: float) -> str:
    if seconds >= 90:
        return f"{seconds / 60:,.0f} min"
    return f"{max(1, round(seconds))} s"
