"""Changes to a running collector, as lines of JSON: what is asked for, and what is answered.

The window writes such lines to its child's standard input, and reads one line for each on its
standard output, in the same order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from trackscope.collector.faults import Fault, parse_faults
from trackscope.errors import TrackscopeError, UsageError
from trackscope.wire.era import ERAS
from trackscope.wire.json_text import dumps, parse
from trackscope.wire.shown import escaped, short

CHANGED = "changed "
REFUSED = "not changed "
"""How the answers begin; an object of JSON follows."""

MAX_LINE = 64 * 1024
"""Bytes of a line that are read."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be otherwise from the next request on; None stays as it is.

    `id` comes back in the answer.
    """

    id: int | None = None
    era: str | None = None
    strict: bool | None = None
    faults: tuple[Fault, ...] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """By what a collector judges and answers."""

    era: str
    strict: bool
    faults: tuple[Fault, ...] = ()

    def after(self, change: Change) -> Standing:
        """How it stands once the change is made."""
        return Standing(
            self.era if change.era is None else change.era,
            self.strict if change.strict is None else change.strict,
            self.faults if change.faults is None else change.faults,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change: how the collector stands now, or why it stands as before."""

    id: int | None = None
    standing: Standing | None = None
    error: str = ""


def write_change(change: Change) -> bytes:
    """The line that asks for a change.

    >>> write_change(Change(7, era="2011", strict=True))
    b'{"id":7,"era":"2011","strict":true}\\n'
    """
    values = {"id": change.id, "era": change.era, "strict": change.strict}
    line: dict[str, Any] = {key: value for key, value in values.items() if value is not None}
    if change.faults is not None:
        line["faults"] = list(map(str, change.faults))
    return dumps(line).encode() + b"\n"


def read_change(line: bytes, what: str = "line") -> Change:
    """The change that a line asks for; UsageError says what is wrong with it, and calls it so."""
    if len(line) > MAX_LINE:
        raise UsageError(f"The {what} is longer than {MAX_LINE:,} bytes.", "Change less at once.")
    asked = _object(line, what)
    change = Change()
    for key, value in asked.items():
        if key not in _READERS:
            raise UsageError(
                f"{short(key)} cannot be changed.", f"What can: {', '.join(_READERS)}."
            )
        change = replace(change, **{key: _READERS[key](key, value)})
    return change


def carry_out(line: bytes, change: Callable[[Change], Standing]) -> Outcome:
    """Make the change that a line asks for; what is wrong with the line is said in the outcome."""
    try:
        asked = read_change(line)
    except UsageError as problem:
        return Outcome(_id_of(line), error=str(problem))
    return Outcome(asked.id, change(asked))


def _id_of(line: bytes) -> int | None:
    """The id of a line that asks for something that cannot be done."""
    try:
        return _id("id", _object(line[: MAX_LINE + 1]).get("id"))
    except UsageError:
        return None


def write_outcome(outcome: Outcome) -> str:
    """The answering line, without its end.

    >>> write_outcome(Outcome(7, Standing("2011", False)))
    'changed {"id":7,"era":"2011","strict":false,"faults":[]}'
    """
    if outcome.standing is None:
        return REFUSED + escaped(dumps({"id": outcome.id, "error": outcome.error}))
    return CHANGED + escaped(dumps({"id": outcome.id, **as_record(outcome.standing)}))


def read_outcome(line: str) -> Outcome | None:
    """What an answering line says; None for any other line."""
    try:
        if line.startswith(REFUSED):
            said = json.loads(line.removeprefix(REFUSED))
            return Outcome(said["id"], error=said["error"])
        if line.startswith(CHANGED):
            said = json.loads(line.removeprefix(CHANGED))
            faults = parse_faults(said["faults"])
            return Outcome(said["id"], Standing(said["era"], said["strict"], faults))
    except (ValueError, KeyError, TypeError, TrackscopeError):
        return None
    return None


def as_record(standing: Standing) -> dict[str, Any]:
    """How a collector stands, for JSON."""
    faults = list(map(str, standing.faults))
    return {"era": standing.era, "strict": standing.strict, "faults": faults}


def _object(line: bytes, what: str = "line") -> dict[str, Any]:
    try:
        parsed = parse(line.decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise UsageError(f"The {what} is not UTF-8.", _FORM) from problem
    if parsed.defect is not None:
        raise UsageError(f"The {what} is not JSON: {parsed.defect.message}.", _FORM)
    if not isinstance(parsed.value, dict):
        raise UsageError(f"The {what} is no object of JSON.", _FORM)
    return parsed.value


_FORM = 'Write one object, as in {"strict": true}.'


def _id(key: str, value: Any) -> int | None:
    if value is None or (type(value) is int and abs(value) < 2**53):
        return value
    raise UsageError(f"{key} is a whole number.")


def _era(key: str, value: Any) -> str:
    if isinstance(value, str) and value in ERAS:
        return value
    raise UsageError(f"{key} is one of {', '.join(ERAS)}.")


def _strict(key: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise UsageError(f"{key} is true or false.")


def _faults(key: str, value: Any) -> tuple[Fault, ...]:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return parse_faults(value)
    raise UsageError(f'{key} is a list of texts, as in ["500 every 3"].')


_READERS: Mapping[str, Any] = {"id": _id, "era": _era, "strict": _strict, "faults": _faults}
