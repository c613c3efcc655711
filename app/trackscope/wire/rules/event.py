"""Rules on events: name, properties, token, time, sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address
from math import isfinite
from typing import Any

from trackscope.wire.edit import AddMember, RemoveMember, RenameMember, SetMember, WriteAsText
from trackscope.wire.encoding import to_bytes
from trackscope.wire.era import Era
from trackscope.wire.finding import Face, Fix, Place, Severity
from trackscope.wire.json_text import depth_of, dumps, escape_pointer, quoted
from trackscope.wire.rules.case import Case, Raw, fix
from trackscope.wire.rules.identity import HIDING, id_rules, identity_rules
from trackscope.wire.shown import short

_DIGITS = re.compile(r"[0-9]+")
_FAR_S = 1e18
"""Seconds beyond which a time need not be told apart from any other."""
_UNITS = (("milliseconds", 10**3), ("microseconds", 10**6), ("nanoseconds", 10**9))
_TOKEN_NAMES = ("Token", "TOKEN", "$token", "mp_token", "project_token", "api_token")

MERGE = "$merge"
"""The event with which two ids are said to be one user (wire-facts, §2)."""

SPECIAL = frozenset({"token", "time", "distinct_id", "ip", "mp_name_tag"})
"""The properties that the specification gives a meaning."""


def event_rules(case: Case) -> Iterator[Raw]:
    """The findings on every event of the payload, and on their number."""
    events = case.decoded.events
    if events is None:
        return
    if len(events) > case.book.era.batch_limit:
        message = f"the batch holds {len(events):,} events, more than {case.book.era.batch_limit}"
        yield Raw("batch.size", "", message, Place(Face.JSON, 0))
    text, limit = case.decoded.json_text or "", case.book.era.event_limit
    # A character has four bytes at most, so that only a long text needs counting.
    is_large = len(text) * 4 > limit and len(to_bytes(text)) > limit
    for index, event in enumerate(events):
        at = f"/{index}"
        if not isinstance(event, dict):
            yield Raw(
                "json.shape", at, "an event is expected here: an object with event and properties"
            )
            continue
        yield from _name(case, at, event)
        yield from _unknown_keys(case, at, event)
        yield from _properties(case, at, event)
        if is_large and len(to_bytes(dumps(event))) > limit:
            yield Raw("event.size", at, "the event is larger than 1 MB")


def _name(case: Case, at: str, event: dict[str, Any]) -> Iterator[Raw]:
    limit = case.book.era.name_limit
    if "event" not in event:
        yield Raw("event.name-missing", at, "the event has no name: the key event is missing")
        return
    name, at = event["event"], f"{at}/event"
    if not isinstance(name, str):
        message = f"the event's name is {_kind(name)}: a string is expected"
        yield Raw("event.name-type", at, message, fix=_as_text(at, name))
    elif not name.strip():
        yield Raw("event.name-blank", at, "the event's name is blank")
    elif len(name) > limit:
        message = f"the event's name has {len(name)} characters, more than {limit}"
        cut = fix("Cut the name", SetMember(at, quoted(name.strip()[:limit])))
        yield Raw("event.name-length", at, message, fix=cut)


def _unknown_keys(case: Case, at: str, event: dict[str, Any]) -> Iterator[Raw]:
    if len(event) == ("event" in event) + ("properties" in event):
        return
    properties = event.get("properties")
    for key in event:
        if key in ("event", "properties"):
            continue
        place = f"{at}/{escape_pointer(key)}"
        message = f"{short(key)} stands beside event and properties, where it is not looked at"
        mend = fix("Remove it", RemoveMember(place))
        if isinstance(properties, dict) and _may_become(case, key, event[key], properties):
            moved = AddMember(f"{at}/properties", key, dumps(event[key]))
            mend = fix("Move to properties", RemoveMember(place), moved)
        yield Raw("event.unknown-key", place, message, fix=mend)


def _may_become(case: Case, name: str, value: Any, properties: dict[str, Any]) -> bool:
    """Whether a property of that name can be had without a new error, and without losing one."""
    if name in properties or (name in HIDING and "property.hiding" in case.book.severities):
        return False
    if name == "token":
        return isinstance(value, str) and value != ""
    if name == "time":
        found = [case.book.severities.get(raw.rule) for raw in _time(case, "", value)]
        return Severity.ERROR not in found
    if name in ("distinct_id", "$insert_id"):
        found = [case.book.severities.get(raw.rule) for raw in id_rules("", {name: value})]
        return Severity.ERROR not in found
    return True


def _properties(case: Case, at: str, event: dict[str, Any]) -> Iterator[Raw]:
    if "properties" not in event:
        mend = fix("Add properties", AddMember(at, "properties", "{}"))
        yield Raw("properties.missing", at, "the event has no properties", fix=mend)
        return
    properties, at = event["properties"], f"{at}/properties"
    if not isinstance(properties, dict):
        message = f"properties is {_kind(properties)}: an object is expected"
        yield Raw("properties.type", at, message)
        return
    yield from _token(case, at, properties)
    if "time" in properties:
        yield from _time(case, f"{at}/time", properties["time"])
    if "ip" in properties:
        yield from _ip(case, f"{at}/ip", properties["ip"])
    yield from identity_rules(case, at, properties)
    if case.is_import and event.get("event") != MERGE:
        yield from _missing(case, at, properties)
    yield from property_rules(case, at, properties)


def property_rules(case: Case, at: str, properties: dict[str, Any]) -> Iterator[Raw]:
    """The findings on any properties whatever: their number, names and values."""
    yield from _property_names(case, at, properties)
    yield from _property_values(case, at, properties)


def _missing(case: Case, at: str, properties: dict[str, Any]) -> Iterator[Raw]:
    """What every imported event has to have; that ids were merged has none of it."""
    if "time" not in properties:
        mend = fix("Add the time", AddMember(at, "time", str(int(case.now))))
        yield Raw("time.missing", at, "the event has no time", fix=mend)
    if "distinct_id" not in properties:
        mend = fix("Say that it was nobody", AddMember(at, "distinct_id", '""'))
        message = "the event has no distinct_id: an empty one says that it was nobody"
        yield Raw("distinct-id.missing", at, message, fix=mend)
    if "$insert_id" not in properties:
        message = "the event has no $insert_id: importing it twice would count it twice"
        yield Raw("insert-id.missing", at, message)


def _token(case: Case, at: str, properties: dict[str, Any]) -> Iterator[Raw]:
    token = properties.get("token")
    if isinstance(token, str) and token:
        return
    if "token" not in properties and case.is_import:
        return
    if token is None or token == "":
        message = "token is empty" if "token" in properties else "the event has no token"
        known = next(
            (name for name in _TOKEN_NAMES if _may_become(case, "token", properties.get(name), {})),
            None,
        )
        mend = None
        if known is not None and "token" not in properties:
            mend = fix(f"Rename {known} to token", RenameMember(f"{at}/{known}", "token"))
        place = f"{at}/token" if "token" in properties else at
        yield Raw("token.missing", place, f"{message}: no project to log it to", fix=mend)
    else:
        message = f"token is {_kind(token)}: a string is expected"
        yield Raw("token.type", f"{at}/token", message, fix=_as_text(f"{at}/token", token))


def time_rule(value: Any, era: Era, now: float) -> str:
    """The rule that a time breaks on /track; empty where it breaks none."""
    seconds = _seconds(value, era)
    if seconds is None:
        return "time.type"
    age_s = now - seconds
    if -era.future_s <= age_s <= era.window_s:
        return ""
    if seconds >= era.milliseconds_from:
        return "time.milliseconds"
    return "time.too-old" if age_s > era.window_s else "time.future"


def _time(case: Case, at: str, value: Any) -> Iterator[Raw]:
    rule = time_rule(value, case.book.era, case.now)
    if not rule and not case.is_import:
        return
    seconds = _seconds(value, case.book.era)
    if case.is_import:
        rule = _rule_of_import(case, rule, seconds)
    if not rule:
        return
    if seconds is None:
        message = f"time is {_shown_time(value)}: seconds since 1970 are expected"
        yield Raw(rule, at, message, fix=_time_fix(at, value))
        return
    age_s = case.now - seconds
    to_now = fix("Set to now", SetMember(at, str(int(case.now))))
    if rule == "time.milliseconds":
        yield _too_large(case, at, seconds, to_now)
    elif rule == "time.too-old":
        yield Raw(rule, at, _too_old(case, seconds), fix=to_now)
    elif rule == "time.recent":
        limit = _duration(case.book.era.window_s)
        message = f"time is less than {limit} ago: /import is for what is older, /track for this"
        yield Raw(rule, at, message)
    else:
        message = f"time is {_moment(seconds)}, {_duration(-age_s)} in the future"
        yield Raw(rule, at, message, fix=to_now)


def _rule_of_import(case: Case, rule: str, seconds: float | None) -> str:
    """The rule that a time breaks on /import, given what it would break on /track."""
    oldest = case.book.era.oldest_import
    if rule == "time.too-old" and (oldest is None or seconds is None or seconds >= oldest):
        return ""
    return rule or "time.recent"


def _too_old(case: Case, seconds: float) -> str:
    oldest = case.book.era.oldest_import
    if case.is_import and oldest is not None:
        return f"time is {_moment(seconds)}: /import takes what happened since {_moment(oldest)}"
    return (
        f"time is {_moment(seconds)}, {_duration(case.now - seconds)} before the request arrives: "
        f"more than {_duration(case.book.era.window_s)}"
    )


def _too_large(case: Case, at: str, seconds: float, to_now: Fix) -> Raw:
    """A time that is no seconds: milliseconds, or a still smaller unit."""
    for unit, size in _UNITS:
        if seconds / size < case.book.era.milliseconds_from:
            message = f"time {seconds:.0f} is in {unit}: seconds since 1970 are expected"
            mend = fix(f"Divide by {size:,}", SetMember(at, str(int(seconds // size))))
            return Raw("time.milliseconds", at, message, fix=mend)
    message = "time is far too large: seconds since 1970 are expected"
    return Raw("time.milliseconds", at, message, fix=to_now)


def _seconds(value: Any, era: Era) -> float | None:
    """Seconds since 1970 of an integer, a fraction, or a string of digits; else None.

    Where the era takes milliseconds, what can be such is taken for them.
    """
    number = _number(value)
    if number is None or not era.takes_milliseconds:
        return number
    is_milliseconds = era.milliseconds_from <= number < era.milliseconds_from * 1000
    return number / 1000 if is_milliseconds else number


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        # A fixed number of digits, so that no hostile text costs a long conversion.
        return float(value) if len(value) <= 20 and _DIGITS.fullmatch(value) else None
    if isinstance(value, int):
        return float(max(-_FAR_S, min(value, _FAR_S)))
    if isinstance(value, float) and isfinite(value):
        return max(-_FAR_S, min(value, _FAR_S))
    return None


def _shown_time(value: Any) -> str:
    return f"“{short(value)}”" if isinstance(value, str) else _kind(value)


def _time_fix(at: str, value: Any) -> Fix:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return fix("Remove time", RemoveMember(at))
    if moment.tzinfo is None:  # "GMT time zone", says the specification
        moment = moment.replace(tzinfo=UTC)
    return fix("Turn into seconds", SetMember(at, str(int(moment.timestamp()))))


def _ip(case: Case, at: str, value: Any) -> Iterator[Raw]:
    if case.decoded.is_on("ip"):
        message = "the ip property is replaced by the requester's address, because of ip=1"
        mend = fix("Remove the property", RemoveMember(at))
        yield Raw("ip.overridden", at, message, fix=mend)
    is_off = case.book.era.locates_by_address and value in (0, "0") and value is not False
    if not is_off and not is_address(value):
        shown = f"“{short(value)}”" if isinstance(value, str) else _kind(value)
        mend = fix("Remove the property", RemoveMember(at))
        yield Raw("ip.address", at, f"ip is {shown}: an IP address is expected", fix=mend)


def is_address(value: Any) -> bool:
    """Whether a value is the text of an IP address."""
    try:
        return isinstance(value, str) and bool(ip_address(value))
    except ValueError:
        return False


def _property_names(case: Case, at: str, properties: dict[str, Any]) -> Iterator[Raw]:
    limit = case.book.era.name_limit
    if len(properties) > case.book.era.property_limit:
        message = f"{len(properties)} properties, more than {case.book.era.property_limit}"
        yield Raw("properties.count", at, message)
    for name in properties:
        if name.startswith("mp_") and name not in case.book.era.prefixed:
            place = f"{at}/{escape_pointer(name)}"
            what = "is ignored" if case.book.era.drops_prefixed else "may be one of the service's"
            message = f"{short(name)} {what}: the prefix mp_ is reserved"
            plain = name.removeprefix("mp_").removeprefix("mp_") or "property"
            mend = fix("Remove it", RemoveMember(place))
            if not plain.startswith("mp_") and _may_become(
                case, plain, properties[name], properties
            ):
                mend = fix(f"Rename to {short(plain, 30)}", RenameMember(place, plain))
            yield Raw("property.reserved-prefix", place, message, fix=mend)
        if len(name) > limit:
            place = f"{at}/{escape_pointer(name)}"
            message = f"the property's name has {len(name)} characters, more than {limit}"
            mend = fix("Remove it", RemoveMember(place))
            if name[:limit] not in properties:
                mend = fix("Cut the name", RenameMember(place, name[:limit]))
            yield Raw("property.name-length", place, message, fix=mend)


def _property_values(case: Case, at: str, properties: dict[str, Any]) -> Iterator[Raw]:
    limit = case.book.era.nesting_limit
    others = []
    for name, value in properties.items():
        if isinstance(value, str):
            continue
        if name not in ("time", "token", "ip"):
            others.append(name)
        if isinstance(value, (dict, list)) and depth_of(value) > limit:
            message = f"{short(name)} is nested deeper than {limit} levels"
            yield Raw("properties.nesting", f"{at}/{escape_pointer(name)}", message)
    if others:
        yield _not_strings(at, properties, others)


def _not_strings(at: str, properties: dict[str, Any], names: list[str]) -> Raw:
    """One note for an event: numbers are accepted, and nearly every event has some."""
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    shown = ", ".join(map(short, names[:5])) + more
    verb = "is no string" if len(names) == 1 else "are no strings"
    place = f"{at}/{escape_pointer(names[0])}" if len(names) == 1 else at
    mend = fix("Write as text", WriteAsText(at, tuple(names)))
    return Raw("property.value-type", place, f"{shown} {verb}: accepted all the same", fix=mend)


def _as_text(at: str, value: Any) -> Fix | None:
    """A number or a truth value written as a string; nothing else has an obvious text."""
    if isinstance(value, (int, float)):
        return fix("Write as text", SetMember(at, quoted(dumps(value))))
    return None


def _kind(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "a string"}
    names |= {list: "a list", dict: "an object", type(None): "null"}
    return names.get(type(value), "something else")


def _moment(seconds: float) -> str:
    """A point in time as UTC text; years outside the calendar as the number itself."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, ValueError, OSError):
        return f"{seconds:.0f} seconds since 1970"


def _duration(seconds: float) -> str:
    """A length of time in the unit that suits it: `3 days`, `50 hours`, `4 seconds`."""
    for unit, size, least in (("year", 31_557_600, 2), ("day", 86_400, 3), ("hour", 3600, 2)):
        if seconds >= size * least:
            return f"{int(seconds // size):,} {unit}s"
    if seconds >= 120:
        return f"{int(seconds // 60)} minutes"
    return f"{seconds:.0f} seconds" if seconds >= 2 else f"{seconds:.1f} seconds"
