"""Reads expectations as people write them: a list of short forms, each with a few keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, NamedTuple

from trackscope.plan.condition import Condition, read_condition
from trackscope.plan.expectation import (
    UNITS,
    Counting,
    Differing,
    Expectation,
    Following,
    Having,
    Names,
    Preceding,
    Quantity,
    Wanted,
)
from trackscope.wire.json_text import dumps, escape_pointer
from trackscope.wire.shown import short

MAX_EXPECTATIONS = 1_000
MAX_NAMES = 100
"""Names, properties and conditions of one expectation."""

MAX_COUNT = 1_000_000_000

_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]+)")
_UNIT_WORDS = (
    ("ms", "milliseconds", "millisecond"),
    ("s", "sec", "second", "seconds"),
    ("min", "minute", "minutes"),
    ("h", "hour", "hours"),
    ("d", "day", "days"),
)
_SIZES = {word: UNITS.get(unit, 0.001) for unit, *more in _UNIT_WORDS for word in (unit, *more)}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with something written: where (a JSON pointer), and what to do instead."""

    at: str
    message: str


class Written(NamedTuple):
    """What was read: the expectations, and the mistakes in those that cannot be understood."""

    expectations: tuple[Expectation, ...]
    mistakes: tuple[Mistake, ...]


class _MistakeError(Exception):
    """Ends the reading of one expectation."""

    def __init__(self, step: str, message: str) -> None:
        super().__init__(message)
        self.step = step


def read_expectations(listed: Any, at: str = "/expect") -> Written:
    """The expectations of a list, in its order; `at` is the pointer to it in its file.

    >>> read_expectations([{"never": "Error"}]).expectations[0].text
    'never Error'
    >>> read_expectations([{"nevr": "Error"}]).mistakes
    (Mistake(at='/expect/0/nevr', message='There is no key nevr. Did you mean never?'),)
    """
    if not isinstance(listed, list):
        message = f"Expected is a list, each item with one of: {', '.join(_FORMS)}."
        return Written((), (Mistake(at, message),))
    if len(listed) > MAX_EXPECTATIONS:
        return Written((), (Mistake(at, f"More than {MAX_EXPECTATIONS:,} are too many."),))
    expectations: list[Expectation] = []
    mistakes: list[Mistake] = []
    for index, item in enumerate(listed):
        try:
            expectations.append(_expectation(item))
        except _MistakeError as problem:
            mistakes.append(Mistake(f"{at}/{index}{problem.step}", str(problem)))
    return Written(tuple(expectations), tuple(mistakes))


def _expectation(item: Any) -> Expectation:
    if not isinstance(item, dict) or not item:
        raise _MistakeError("", f"Expected are keys with values, one of: {', '.join(_FORMS)}.")
    for key in item:
        if key not in _KEYS:
            raise _MistakeError(_step(key), _unknown(key))
    named = [name for name in _FORMS if name in item and name != "event"]
    if len(named) > 1:
        advice = "Make two of it."
        raise _MistakeError(
            _step(named[1]), f"{named[0]} and {named[1]} exclude each other. {advice}"
        )
    if not named and "event" not in item:
        raise _MistakeError("", f"It says not what of: one of {', '.join(_FORMS)} is missing.")
    form = named[0] if named else "event"
    for key in item:
        if key != form and key not in _FORMS[form].keys:
            allowed = ", ".join(_FORMS[form].keys)
            raise _MistakeError(_step(key), f"{key} does not go with {form}. There are: {allowed}.")
    return _FORMS[form].read(item)


def _unknown(key: Any) -> str:
    shown = short(str(key))
    near = get_close_matches(str(key)[:100], _KEYS, 1)
    advice = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(_KEYS)}."
    return f"There is no key {shown}. {advice}"


def _following(item: Mapping[str, Any]) -> Expectation:
    return Following(
        _names(item, "after"),
        _wanted(item, "event", beside="after"),
        _quantity(item),
        _within_s(item),
        _properties(item, "same"),
        _title(item),
    )


def _preceding(item: Mapping[str, Any]) -> Expectation:
    return Preceding(
        _names(item, "before"),
        _wanted(item, "event", beside="before"),
        _within_s(item),
        _properties(item, "same"),
        _title(item),
    )


def _never(item: Mapping[str, Any]) -> Expectation:
    return Counting(_wanted(item, "never"), Quantity(0, 0), _title(item))


def _counting(item: Mapping[str, Any]) -> Expectation:
    return Counting(_wanted(item, "event"), _quantity(item), _title(item))


def _having(item: Mapping[str, Any]) -> Expectation:
    return Having(_optional_names(item), _properties(item, "every event has"), _title(item))


def _differing(item: Mapping[str, Any]) -> Expectation:
    return Differing(_optional_names(item), _properties(item, "never twice"), _title(item))


class _Form(NamedTuple):
    """How a kind of expectation is written: the keys beside its own, and its reader."""

    keys: tuple[str, ...]
    read: Callable[[Mapping[str, Any]], Expectation]


_QUANTITIES = ("exactly", "at least", "at most")
_FORMS: Mapping[str, _Form] = MappingProxyType(
    {
        "after": _Form(("event", *_QUANTITIES, "within", "same", "where", "title"), _following),
        "before": _Form(("event", "within", "same", "where", "title"), _preceding),
        "never": _Form(("where", "title"), _never),
        "event": _Form((*_QUANTITIES, "where", "title"), _counting),
        "every event has": _Form(("event", "title"), _having),
        "never twice": _Form(("event", "title"), _differing),
    }
)
"""The kinds of expectations, by the key that tells them apart."""

_KEYS = tuple(dict.fromkeys((*_FORMS, *(key for form in _FORMS.values() for key in form.keys))))


def _step(key: Any) -> str:
    return f"/{escape_pointer(str(key)[:100])}"


def _texts(item: Mapping[str, Any], key: str, what: str) -> tuple[str, ...]:
    """One text or a list of them; whole numbers are taken as texts, as YAML makes them of 404."""
    value = item[key]
    found = value if isinstance(value, list) else [value]
    are_texts = all(type(each) in (str, int) and str(each) for each in found)
    if not found or not are_texts or len(found) > MAX_NAMES:
        expected = f"Expected is {what}, or a list of at most {MAX_NAMES}."
        raise _MistakeError(_step(key), f"{key} is {_shown(value)}. {expected}")
    return tuple(map(str, found))


def _names(item: Mapping[str, Any], key: str) -> Names:
    return Names(_texts(item, key, "the name of an event"))


def _optional_names(item: Mapping[str, Any]) -> Names:
    return _names(item, "event") if "event" in item else Names()


def _properties(item: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return _texts(item, key, "the name of a property") if key in item else ()


def _wanted(item: Mapping[str, Any], key: str, beside: str = "") -> Wanted:
    if key not in item:
        raise _MistakeError("", f"{beside} needs a key event: what is to come {beside} it.")
    return Wanted(_names(item, key), _conditions(item))


def _conditions(item: Mapping[str, Any]) -> tuple[Condition, ...]:
    written = item.get("where", {})
    if not isinstance(written, dict) or len(written) > MAX_NAMES:
        expected = 'Expected are properties with what they have to be, as in amount: "> 0".'
        raise _MistakeError("/where", f"where is {_shown(written)}. {expected}")
    found = []
    for name, value in written.items():
        try:
            found.append(read_condition(str(name), value))
        except ValueError as problem:
            message = f"{short(str(name))} is {_shown(value)}: {problem}."
            raise _MistakeError(f"/where{_step(name)}", message) from None
    return tuple(found)


def _quantity(item: Mapping[str, Any]) -> Quantity:
    exactly, least, most = (_count(item, key) for key in _QUANTITIES)
    if exactly is not None:
        if least is not None or most is not None:
            raise _MistakeError("/exactly", "exactly goes neither with at least nor with at most.")
        return Quantity(exactly, exactly)
    if least is None:
        least = 1 if most is None else 0
    if most is not None and most < least:
        raise _MistakeError("/at most", f"at most {most} is less than at least {least}.")
    return Quantity(least, most)


def _count(item: Mapping[str, Any], key: str) -> int | None:
    if key not in item:
        return None
    value = item[key]
    if type(value) is not int or not 0 <= value <= MAX_COUNT:
        raise _MistakeError(_step(key), f"{key} is {_shown(value)}. Expected is a whole number.")
    return value


def _within_s(item: Mapping[str, Any]) -> float | None:
    if "within" not in item:
        return None
    value = item["within"]
    found = _DURATION.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if found is None or found.group(2) not in _SIZES:
        raise _MistakeError(
            "/within",
            f"within is {_shown(value)}. Expected is a duration with its unit, as in 5 s; "
            f"the units are {', '.join(unit for unit, *_ in _UNIT_WORDS)}.",
        )
    return float(found.group(1)) * _SIZES[found.group(2)]


def _title(item: Mapping[str, Any]) -> str:
    title = item.get("title", "")
    if not isinstance(title, str):
        raise _MistakeError("/title", f"title is {_shown(title)}. Expected is a text.")
    return title


def _shown(value: Any) -> str:
    try:
        return short(dumps(value))
    except (TypeError, ValueError):  # YAML has dates, and keys that are no texts
        return short(str(value))
