"""Reads what a test suite asks for out of the query of a URL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from trackscope.collector.arrivals import Wanted
from trackscope.errors import UsageError
from trackscope.wire.json_text import parse
from trackscope.wire.request import TrackRequest, params
from trackscope.wire.shown import short

LIMIT = 1_000
MAX_LIMIT = 10_000
MAX_TIMEOUT_S = 600.0
TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Question:
    """Which arrivals are meant, how many are expected, and how long that is waited for."""

    wanted: Wanted = field(default_factory=Wanted)
    is_any_verdict: bool = False
    count: int = 1
    timeout_s: float = TIMEOUT_S
    limit: int = LIMIT

    def wanted_if(self, *, is_good: bool) -> Wanted:
        """What is meant, if it is good or bad as well."""
        return replace(self.wanted, is_good=is_good)


def read_question(url: str) -> Question:
    """The question in a URL; UsageError names the parameter that cannot be used.

    >>> read_question("/expect?event=A&property=plan=pro&timeout=2").wanted.properties
    (('plan', 'pro'),)
    """
    question = Question()
    for param in params(TrackRequest("GET", url)):
        reader = _READERS.get(param.name)
        if reader is None:
            raise UsageError(
                f"There is no parameter {short(param.name)}.", f"There are: {', '.join(_READERS)}."
            )
        question = reader(question, param.value)
    return question


def _event(question: Question, value: str) -> Question:
    return replace(question, wanted=replace(question.wanted, event=value))


def _token(question: Question, value: str) -> Question:
    return replace(question, wanted=replace(question.wanted, token=value))


def _endpoint(question: Question, value: str) -> Question:
    return replace(question, wanted=replace(question.wanted, endpoint=value.strip("/")))


def _property(question: Question, value: str) -> Question:
    """`NAME`: it is there; `NAME=VALUE`: it is that, read as JSON where it is JSON."""
    wanted = question.wanted
    name, mark, text = value.partition("=")
    if not mark:
        return replace(question, wanted=replace(wanted, has=(*wanted.has, name)))
    pair = (name, _value(text))
    return replace(question, wanted=replace(wanted, properties=(*wanted.properties, pair)))


def _value(text: str) -> Any:
    parsed = parse(text)
    return text if parsed.defect is not None else parsed.value


def _verdict(question: Question, value: str) -> Question:
    if value == "any":
        return replace(question, is_any_verdict=True)
    if value in ("0", "1"):
        return replace(question, wanted=replace(question.wanted, is_good=value == "1"))
    raise UsageError("verdict is 1, 0 or any.")


def _count(question: Question, value: str) -> Question:
    return replace(question, count=_whole("count", value))


def _limit(question: Question, value: str) -> Question:
    return replace(question, limit=_whole("limit", value))


def _whole(name: str, value: str) -> int:
    if value.isascii() and value.isdecimal() and len(value) < 6 and int(value) <= MAX_LIMIT:
        return int(value)
    raise UsageError(f"{name} is a whole number up to {MAX_LIMIT:,}.")


def _timeout(question: Question, value: str) -> Question:
    is_number = value.isascii() and value.replace(".", "", 1).isdecimal()
    if is_number and float(value) <= MAX_TIMEOUT_S:
        return replace(question, timeout_s=float(value))
    raise UsageError(f"timeout is in seconds, at most {MAX_TIMEOUT_S:.0f}.")


_READERS: Mapping[str, Callable[[Question, str], Question]] = {
    "event": _event,
    "token": _token,
    "property": _property,
    "endpoint": _endpoint,
    "verdict": _verdict,
    "count": _count,
    "timeout": _timeout,
    "limit": _limit,
}
