"""Faulty answers on demand: which requests get one, and what it is.

A fault is written as one line: what is done, then to which requests.

    500                         every request is answered with status 500 (any from 400 to 599)
    429 2 first 3               the first three with 429 and Retry-After: 2
    0 event "Order Placed"      those with an event of this name with 0
    error "token, missing"      {"status": 0, "error": "token, missing"}, whether asked for or not
    slow 5 token abc            those of a token five seconds late
    cut every 3                 every third gets no answer: the connection is closed
    type text/html              the answer says that it is HTML
    no-cors                     the answer has no CORS headers

What is answered by `0`, `error`, a status or `cut` is not logged; the others are, if they are good.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.collector import answers
from trackscope.errors import UsageError
from trackscope.wire.endpoint import token_of
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.json_text import dumps
from trackscope.wire.reply import Reply
from trackscope.wire.shown import short

RULE = "collector.fault"
"""The finding that an exchange with such an answer has."""

MAX_DELAY_S = 600
MAX_COUNT = 1_000_000
MAX_TEXT = 200
MAX_FAULTS = 100

_ON_DEMAND = "a faulty answer on demand: "
_ABOUT_BODY = ("content-type", "content-length", "cache-control", "x-content-type-options")


class Act(StrEnum):
    """What is done to the answer; the value is how it is written."""

    ZERO = "0"
    ERROR = "error"
    STATUS = "status"
    SLOW = "slow"
    CUT = "cut"
    TYPE = "type"
    NO_CORS = "no-cors"


_UNLOGGED = frozenset({Act.ZERO, Act.ERROR, Act.STATUS, Act.CUT})


@dataclass(frozen=True, slots=True)
class Fault:
    """A faulty answer, and to which requests it is given.

    `seconds` is how late the answer is, or what Retry-After says; `text` the error's sentence or
    the content type. A request is meant that has an event of that name and that token; of these
    every `every`-th, and none after the `first` ones (None: no end).

    >>> str(parse_fault("429 2 every 03"))
    '429 2 every 3'
    """

    act: Act
    status: int = 0
    seconds: int | float | None = None
    text: str = ""
    event: str | None = None
    token: str | None = None
    every: int = 1
    first: int | None = None

    def __str__(self) -> str:
        words: list[object] = [self.status if self.act is Act.STATUS else self.act]
        words += [] if self.seconds is None else [self.seconds]
        words += [self.text] if self.text else []
        for name in ("event", "token", "first"):
            value = getattr(self, name)
            words += [] if value is None else [name, value]
        words += [] if self.every == 1 else ["every", self.every]
        return shlex.join(map(str, words))

    @property
    def is_logging(self) -> bool:
        """Whether a good event is logged all the same."""
        return self.act not in _UNLOGGED

    @property
    def delay_s(self) -> float:
        """How late the answer leaves, in seconds."""
        return self.seconds or 0.0 if self.act is Act.SLOW else 0.0

    def is_meant_for(self, records: Iterable[Any]) -> bool:
        """Whether a request with these records is one of those that are counted."""
        if self.event is None and self.token is None:
            return True
        return any(
            (self.event is None or record.get("event") == self.event)
            and (self.token is None or token_of(record) == self.token)
            for record in records
            if isinstance(record, dict)
        )

    def is_due(self, count: int) -> bool:
        """Whether the `count`-th such request (from 1) gets the answer."""
        return count % self.every == 0 and (self.first is None or count <= self.first)


@dataclass(slots=True)
class Faults:
    """The faults of a collector, and how many requests each has been meant for so far."""

    rules: tuple[Fault, ...] = ()
    _counts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._counts = [0] * len(self.rules)

    def __bool__(self) -> bool:
        return bool(self.rules)

    def next_for(self, records: Iterable[Any]) -> Fault | None:
        """The first fault that is due for a request; every fault counts it that is meant for it."""
        found = None
        records = tuple(records)
        for index, fault in enumerate(self.rules):
            if fault.is_meant_for(records):
                self._counts[index] += 1
                if found is None and fault.is_due(self._counts[index]):
                    found = fault
        return found


def spoiled(exchange: Exchange, fault: Fault, refused: Callable[[str], Reply]) -> Exchange:
    """The exchange with the faulty answer, and a finding that says so.

    `refused` gives the ordinary answer 0 for an error's sentence. `predicted` keeps what the
    rules would have answered.
    """
    severity = Severity.NOTE if fault.is_logging else Severity.ERROR
    finding = Finding(RULE, severity, "", f"{_ON_DEMAND}{fault}")
    answered = exchange.verdict
    if not fault.is_logging:
        answered = 0 if fault.act in (Act.ZERO, Act.ERROR) else None
    is_cut = fault.act is Act.CUT
    return replace(
        exchange,
        reply=None if is_cut else _reply(exchange.reply, fault, refused),
        failure="The connection was cut on demand, without an answer." if is_cut else None,
        verdict=answered,
        predicted=exchange.verdict,
        findings=(*exchange.findings, finding),
    )


def demanded(exchange: Exchange) -> str | None:
    """The fault, as it is written, by which an exchange was answered; None for an honest answer."""
    found = next((each for each in exchange.findings if each.rule == RULE), None)
    return found.message.removeprefix(_ON_DEMAND) if found else None


def is_withheld(exchange: Exchange) -> bool:
    """Whether a faulty answer said that nothing was logged: its sender may send it again."""
    return any(each.rule == RULE and each.severity is Severity.ERROR for each in exchange.findings)


def _reply(honest: Reply | None, fault: Fault, refused: Callable[[str], Reply]) -> Reply:
    if fault.act is Act.ZERO:
        return refused(fault.text or "refused on demand")
    honest = honest or Reply(200)
    others = tuple(each for each in honest.headers if each[0].lower() not in _ABOUT_BODY)
    if fault.act is Act.ERROR:
        body = dumps({"status": 0, "error": fault.text or "refused on demand"}).encode()
        return answers.as_json(body, headers=others)
    if fault.act is Act.STATUS:
        retry = () if fault.seconds is None else (("Retry-After", str(fault.seconds)),)
        phrase = HTTPStatus(fault.status).phrase
        return answers.plain(fault.status, f"{phrase} (on demand).", (*retry, *others))
    if fault.act is Act.TYPE:
        headers = tuple(
            (name, fault.text if name.lower() == "content-type" else value)
            for name, value in honest.headers
        )
        return replace(honest, headers=headers)
    if fault.act is Act.NO_CORS:
        headers = tuple(
            each for each in honest.headers if not each[0].lower().startswith("access-control-")
        )
        return replace(honest, headers=headers)
    return honest


# --- reading the line ---


def parse_faults(lines: Iterable[str]) -> tuple[Fault, ...]:
    """The faults of several lines; UsageError names the one that is none."""
    faults = tuple(map(parse_fault, lines))
    if len(faults) > MAX_FAULTS:
        raise UsageError(f"{len(faults)} faults are too many.", f"Give at most {MAX_FAULTS}.")
    return faults


def parse_fault(line: str) -> Fault:
    """The fault that a line stands for; UsageError says what is wrong with it."""
    try:
        words = shlex.split(line)
    except ValueError as problem:
        raise _bad(line, "a quotation mark is not closed") from problem
    if not words:
        raise _bad(line, "it is empty")
    fault = _act(line, words)
    while words:
        fault = _with_condition(line, fault, words)
    return fault


def _act(line: str, words: list[str]) -> Fault:
    """What is done, taken off the beginning of the words."""
    name = words.pop(0)
    argument = words.pop(0) if words and words[0] not in _CONDITIONS else None
    if name in ("0", "error"):
        return Fault(Act(name), text=_text(line, argument or ""))
    if name == "type":
        return Fault(Act.TYPE, text=_text(line, argument or "text/html"))
    if name == "slow":
        return Fault(Act.SLOW, seconds=_seconds(line, argument or ""))
    if name in ("cut", "no-cors"):
        if argument is not None:
            raise _bad(line, f"{short(argument)} is not expected after {name}")
        return Fault(Act(name))
    if len(name) == 3 and name.isdecimal() and name.isascii() and "400" <= name <= "599":
        status = int(name)
        if status in {each.value for each in HTTPStatus}:
            wait_s = None if argument is None else _whole(line, argument, MAX_DELAY_S)
            return Fault(Act.STATUS, status, wait_s)
    raise _bad(line, f"{short(name)} is no faulty answer")


def _with_condition(line: str, fault: Fault, words: list[str]) -> Fault:
    name = words.pop(0)
    if name not in _CONDITIONS:
        raise _bad(line, f"{short(name)} is not expected there")
    if name == "all":
        return fault
    if not words:
        raise _bad(line, f"nothing follows {name}")
    value = words.pop(0)
    if name == "event":
        return replace(fault, event=_text(line, value))
    if name == "token":
        return replace(fault, token=_text(line, value))
    count = _whole(line, value, MAX_COUNT)
    if not count:
        raise _bad(line, f"{name} 0 means no request at all")
    return replace(fault, every=count) if name == "every" else replace(fault, first=count)


_CONDITIONS = ("all", "event", "token", "every", "first")


def _text(line: str, word: str) -> str:
    if len(word) > MAX_TEXT or not word.isprintable():
        raise _bad(line, f"a text has more than {MAX_TEXT} characters, or some that do not print")
    return word


def _seconds(line: str, word: str) -> float:
    is_number = word.isascii() and word.replace(".", "", 1).isdecimal()
    if not is_number or not float(word) <= MAX_DELAY_S:
        raise _bad(line, f"slow is followed by seconds, at most {MAX_DELAY_S}")
    seconds = float(word)
    return int(seconds) if seconds.is_integer() else seconds


def _whole(line: str, word: str, largest: int) -> int:
    if not (word.isascii() and word.isdecimal() and len(word) < 10 and int(word) <= largest):
        raise _bad(line, f"{short(word)} is no whole number up to {largest:,}")
    return int(word)


def _bad(line: str, why: str) -> UsageError:
    return UsageError(
        f'The fault "{short(line, 100)}" cannot be read: {why}.',
        'Write what is done, then to which requests, as in: 500 every 3, or 0 event "Sign up". '
        "What there is: 0, error TEXT, a status from 400 to 599 (with seconds for Retry-After), "
        "slow SECONDS, cut, type TYPE, no-cors; all, event NAME, token TOKEN, every N, first N.",
    )
