"""How far the reading of captures is, as its process tells it, and in words."""

from __future__ import annotations

from typing import Any

import orjson

from trackscope.session.importing import Progress, State, summary

_SLOW_S = 1.0


def progress_of(line: bytes) -> Progress | None:
    """What a line of the process says; None for one that says nothing of that kind.

    >>> progress_of(b'{"state":"reading","source":"shop.har","read":5,"size":10}').read
    5
    """
    try:
        told = orjson.loads(line)
        return Progress(
            State(told["state"]),
            str(told.get("source") or ""),
            str(told.get("kind") or ""),
            int(told.get("read") or 0),
            None if told.get("size") is None else int(told["size"]),
            int(told.get("exchanges") or 0),
            int(told.get("events") or 0),
            {str(reason): int(count) for reason, count in _items(told.get("passed_over"))},
            tuple(str(problem) for problem in told.get("problems") or ()),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _items(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def progress_text(progress: Progress, elapsed_s: float) -> str:
    """Count, amount, rate and remaining time of a reading that has taken so many seconds.

    >>> text = progress_text(Progress(State.READING, "a", "", 50_000_000, 200_000_000, 4210), 2.0)
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


def ending(progress: Progress) -> str:
    """One sentence for the end of a reading: what it found, and what it passed over and why.

    >>> ending(Progress(State.DONE, "shop.har", exchanges=2, events=3))
    'Read from shop.har: 2 requests with 3 events.'
    """
    words = {State.CANCELLED: "Stopped reading", State.FAILED: "Could not read all of"}
    return f"{words.get(progress.state, 'Read from')} {progress.source}: {summary(progress)}"


def fraction(progress: Progress) -> float | None:
    """How much of it was read, 0 to 1; None where that is not known."""
    return min(1.0, progress.read / progress.size) if progress.size else None


def problem_text(progress: Progress) -> str:
    """What a banner says of a reading that is not whole; empty for one that is.

    >>> problem_text(Progress(State.FAILED, "a.har", problems=("The file is cut off.",)))
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
    scale, unit, digits = _unit(progress.size)
    read, size = progress.read / scale, progress.size / scale
    return f"{read:,.{digits}f} of {size:,.{digits}f} {unit}"


def size_text(size: int) -> str:
    """A number of bytes as people read it.

    >>> size_text(900), size_text(200_000_000), size_text(2_100_000_000)
    ('900 bytes', '200 MB', '2.1 GB')
    """
    scale, unit, digits = _unit(size)
    return f"{size / scale:,.{digits}f} {unit}"


def _unit(size: int) -> tuple[float, str, int]:
    """By what a number of bytes is divided, what that is called, and how many digits it has."""
    for scale, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= scale:
            return scale, unit, 1 if size < 10 * scale else 0
    return 1.0, "bytes", 0


def _time_text(seconds: float) -> str:
    if seconds >= 90:
        return f"{seconds / 60:,.0f} min"
    return f"{max(1, round(seconds))} s"
