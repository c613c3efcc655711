"""The fast path from what was seen at a glance to its verdict: only which rules are broken.

The rules here are those of `event.py` and `parameter.py` without sentences, places and fixes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from trackscope.wire.era import ERAS, Era, RuleBook
from trackscope.wire.glance import Glance, Params
from trackscope.wire.json_text import depth_of
from trackscope.wire.reply import is_callback, redirect_target
from trackscope.wire.rules.event import is_address, time_rule
from trackscope.wire.rules.parameter import FLAG_VALUES, FLAGS, KNOWN, ONCE
from trackscope.wire.rules.sdk import named_faults

MAX_KEPT = 4096
"""Bytes of a payload of which the names of the properties are kept for the next."""

_NUMBERS = (int, float)

MAX_RULES = 9_000
"""Broken rules that are told; with more, `judge` may leave some out."""


class QuickVerdict(NamedTuple):
    """What a request deserves: 1 or 0, and the rule of every finding, in the order of `judge`."""

    value: int
    rules: tuple[str, ...]


def has_quick_verdicts(book: RuleBook) -> bool:
    """Whether the rules of a book are known here: only those of 2011 are."""
    return book.era is ERAS["2011"]


def quick_verdict(url: str, seen: Glance, book: RuleBook, now: float) -> QuickVerdict | None:
    """The verdict on a request, as `judge` gives it; None where that takes a closer look.

    The rules of 2011 only are known here: captures are opened by them unless another era is asked
    for.
    It is the request to this URL that was `seen`, and that arrives at `now` (seconds since 1970).
    """
    params, is_usual, _, json, repair, events, _, kinds = seen
    era = book.era
    if not has_quick_verdicts(book) or len(json) > era.event_limit:
        return None
    if [] in kinds or _may_be_no_events(url, events):
        return None  # among others, who sent events without properties takes a closer look
    found = [repair] if repair else []
    if len(events) != 1:
        if not events:
            found.append("json.empty-batch")
        elif len(events) > era.batch_limit:
            found.append("batch.size")
    for event, types in zip(events, kinds):  # noqa: B905 (of one length, and strict costs time)
        _add_event(found, event, types, seen, era, now)
    for fault in named_faults(events, lambda: _is_on(params, "ip")):
        found.append(fault.rule)
    if not is_usual:
        _add_parameters(found, params)
    if len(url) > era.url_limit:
        found.append("url.length")
    if len(found) > MAX_RULES:
        return None
    return QuickVerdict(1 if book.errors.isdisjoint(found) else 0, tuple(found))


def _may_be_no_events(url: str, records: list[Any]) -> bool:
    """Whether other rules apply: those of profiles, groups or imports."""
    if "/engage" in url or "/groups" in url or "/import" in url:
        return True
    return bool(records) and "event" not in records[0]


def _add_event(
    found: list[str],
    event: dict[str, Any],
    kinds: list[type],
    seen: Glance,
    era: Era,
    now: float,
) -> None:
    name, properties = event.get("event"), event.get("properties")
    if type(name) is not str:
        found.append("event.name-type" if "event" in event else "event.name-missing")
    elif len(name) > era.name_limit or not name or name.isspace():
        found.append("event.name-length" if name.strip() else "event.name-blank")
    if len(event) != 2 or name is None or properties is None:
        known = ("event" in event) + ("properties" in event)
        found += ["event.unknown-key"] * (len(event) - known)
    if type(properties) is not dict:
        found.append("properties.type" if "properties" in event else "properties.missing")
        return
    others = len(kinds) - kinds.count(str)
    token = properties.get("token")
    if type(token) is not str or not token:
        found.append("token.missing" if token is None or token == "" else "token.type")
        others -= "token" in properties and type(token) is not str
    if "time" in properties:
        time = properties["time"]
        others -= type(time) is not str
        if type(time) not in _NUMBERS or not 0 <= now - time <= era.window_s:
            rule = time_rule(time, era, now)
            if rule:
                found.append(rule)
    if "ip" in properties:
        others -= type(properties["ip"]) is not str
        _add_ip(found, properties["ip"], seen.params)
    name_rules = _kept_name_rules if len(seen.json) < MAX_KEPT else _name_rules
    found += name_rules(tuple(properties), era.name_limit, era.property_limit)
    if others:
        if dict in kinds or list in kinds:
            containers = [each for each in properties.values() if type(each) in (dict, list)]
            deep = sum(depth_of(each) > era.nesting_limit for each in containers)
            found += ["properties.nesting"] * deep
        found.append("property.value-type")


def _add_ip(found: list[str], address: Any, params: Params) -> None:
    if _is_on(params, "ip"):
        found.append("ip.overridden")
    if not is_address(address):
        found.append("ip.address")


def _is_on(params: Params, flag: str) -> bool:
    return next((value for name, value in params if name == flag), "") == "1"


def _name_rules(names: tuple[str, ...], name_limit: int, count_limit: int) -> list[str]:
    found = ["properties.count"] if len(names) > count_limit else []
    for name in names:
        if name.startswith("mp_") and name != "mp_name_tag":
            found.append("property.reserved-prefix")
        if len(name) > name_limit:
            found.append("property.name-length")
    return found


_kept_name_rules = lru_cache(maxsize=512)(_name_rules)
"""The same, remembered: an SDK sends nearly the same names again and again."""


def _add_parameters(found: list[str], params: Params) -> None:
    values: dict[str, str] = {}
    repeated = set()
    for name, value in params:
        if name in values:
            if name in ONCE and name not in repeated:
                repeated.add(name)
                found.append("param.duplicate")
            continue
        values[name] = value
        if name in FLAGS:
            if value not in FLAG_VALUES:
                found.append("param.value")
        elif name not in KNOWN:
            found.append("param.unknown")
    if values.get("redirect") and redirect_target(values["redirect"]) is None:
        found.append("redirect.scheme")
    if values.get("callback") and not is_callback(values["callback"]):
        found.append("callback.name")
