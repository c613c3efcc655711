"""Rules on known faults of recognised SDKs that show in the request (`sdk.*`).

The faults of events that say who made them are told by `named_faults`, on the fast path too. The
others need the sender, and follow a symptom for which no glance is enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from trackscope.wire.edit import RenameMember, SetParam
from trackscope.wire.endpoint import Kind, kind_of
from trackscope.wire.json_text import escape_pointer
from trackscope.wire.rules.case import Case, Raw, fix
from trackscope.wire.sender import LIBRARIES, Sender, sender_of

BROWSER = "mixpanel-browser"

_SERVERS = frozenset({"python", "node", "ruby", "php", "jdk", "go"})
"""Libraries (`mp_lib`) that run on servers: the address they send from is no user's."""

_IDENTIFYING = {
    "web": "; from 2.38 on it gives each its own",
    "python": "; from 4.8 on it gives each its own",
}
"""Libraries of which newer versions add an `$insert_id` (sdk-facts, "Paths, params, order")."""

_RAW_BASE64 = frozenset({"mixpanel-node", "mixpanel-php", BROWSER, "dukex/mixpanel"})
"""SDKs that put Base64 into a form without escaping it (sdk-facts, "Decoding")."""

_FIRST_HALF = re.compile(r"[\ud800-\udbff]|\\u[dD][89abAB]")
"""The first half of an emoji in a JSON text, as it is or escaped."""

_CUT_AT = 255
"""UTF-16 units after which mixpanel-browser cuts a string (sdk-facts, "Decoding" 12)."""

_MAX_LOOKED_AT = 100_000
"""Strings that are searched for half an emoji."""


class Fault(NamedTuple):
    """A fault of an event that names its library: the rule, which event, and the property."""

    rule: str
    event: int
    key: str = ""


def sdk_rules(case: Case) -> Iterator[Raw]:
    """The faults of the SDK that sent a request, each once."""
    events = case.decoded.events or ()
    is_of_events = kind_of(case.request, events) is Kind.EVENTS
    symptoms = tuple(_symptoms(case, events, is_of_events=is_of_events))
    if symptoms:
        sender = sender_of(case.request, case.decoded)
        yield from (raw for raw in symptoms if _explains(raw.rule, sender))
    if is_of_events:
        for fault in named_faults(events, lambda: case.decoded.is_on("ip")):
            yield named_finding(events, fault)


def named_faults(events: Sequence[Any], is_ip_on: Callable[[], bool]) -> list[Fault]:
    """What is wrong with events that name an official SDK, each rule once: at its first event.

    `is_ip_on` tells whether the parameter `ip` is 1; it is asked only where that matters.
    """
    found: list[Fault] = []
    has_id_fault = has_ip_fault = False
    for index, event in enumerate(events):
        properties = event.get("properties") if type(event) is dict else None
        if type(properties) is not dict or "mp_lib" not in properties:
            continue
        library = properties["mp_lib"]
        if type(library) is not str or library not in LIBRARIES:
            continue
        if "$insert_id" not in properties and not has_id_fault:
            has_id_fault = True
            found.append(Fault("sdk.insert-id", index))
        if has_ip_fault:
            continue
        if library in _SERVERS and is_ip_on():
            has_ip_fault = True
            found.append(Fault("sdk.ip", index))
        elif "$ip" in properties:
            has_ip_fault = True
            found.append(Fault("sdk.ip", index, "$ip"))
    return found


def named_finding(events: Sequence[Any], fault: Fault) -> Raw:
    """The finding on a fault that these events have (see `named_faults`)."""
    properties = events[fault.event]["properties"]
    library = properties["mp_lib"]
    name, at = LIBRARIES[library], f"/{fault.event}/properties"
    if fault.rule == "sdk.insert-id":
        newer = _IDENTIFYING.get(library, "")
        message = (
            f"{name} gave the event no $insert_id, so that one sent twice counts twice: add an "
            f"$insert_id of your own, the same at every attempt{newer}"
        )
        return Raw(fault.rule, at, message)
    if fault.key:
        message = (
            "$ip is how profiles spell it: in an event the address is the property ip, and $ip "
            "is not looked at"
        )
        is_free = "ip" not in properties
        mend = fix("Rename to ip", RenameMember(f"{at}/$ip", "ip")) if is_free else None
        return Raw(fault.rule, f"{at}/$ip", message, fix=mend)
    message = (
        f"{name} runs on a server, whose own address ip=1 takes for the user's: send ip=0, and "
        "the user's address as the property ip"
    )
    return Raw(fault.rule, "?ip", message, fix=fix("Set to 0", SetParam("ip", "0")))


_EXPLAINED_BY = {
    "sdk.pixel": frozenset({BROWSER}),
    "sdk.cesu8": frozenset({BROWSER}),
    "sdk.half-emoji": frozenset({BROWSER}),
    "sdk.length": frozenset({BROWSER}),
    "sdk.raw-base64": _RAW_BASE64,
    "sdk.not-finite": frozenset({"mixpanel-python"}),
}
"""The SDKs by whose fault a symptom comes; of any other symptom, every SDK."""


def _explains(rule: str, sender: Sender) -> bool:
    known = _EXPLAINED_BY.get(rule)
    return sender.name is not None if known is None else sender.name in known


def _symptoms(case: Case, events: Sequence[Any], *, is_of_events: bool) -> Iterator[Raw]:
    """What is found where one of the faults was at work; each needs a closer look than a glance."""
    flaw = case.decoded.flaw
    if flaw is not None and flaw.rule == "data.missing" and case.decoded.is_on("img"):
        yield _pixel()
    yield from _repaired(case)
    if any(notice.rule == "json.not-finite" for notice in case.decoded.notices):
        yield _not_finite(case)
    yield from _half_emoji(case, events)
    if is_of_events:
        yield from _emptied(events)
    else:
        yield from _profile_ip(events)


def _pixel() -> Raw:
    message = (
        "mixpanel-browser from 2.38 on asks for the pixel of img: true without the data, and the "
        'event is lost: set api_method to "GET" as well, or leave img out'
    )
    return Raw("sdk.pixel", "?img", message)


def _repaired(case: Case) -> Iterator[Raw]:
    repairs = {repair.rule for repair in case.decoded.repairs}
    if "data.cesu8" in repairs:
        message = (
            "every mixpanel-browser writes an emoji in Base64 as two halves, which readers of "
            "UTF-8 refuse: join the halves where you read it yourself, or set "
            'api_payload_format to "json"'
        )
        yield Raw("sdk.cesu8", "?data", message)
    if "data.space" in repairs:
        message = (
            "this SDK puts its Base64 into the form as it is, so that each + arrives as a space: "
            "turn spaces back into + where you read it yourself; nothing is to be done in the app"
        )
        yield Raw("sdk.raw-base64", "?data", message)


def _not_finite(case: Case) -> Raw:
    notice = next(each for each in case.decoded.notices if each.rule == "json.not-finite")
    message = (
        "mixpanel-python writes NaN and Infinity as they are, which is no JSON: check a number "
        "with math.isfinite before tracking it, and send None or nothing instead"
    )
    return Raw("sdk.not-finite", notice.at, message)


def _half_emoji(case: Case, events: Sequence[Any]) -> Iterator[Raw]:
    if not _FIRST_HALF.search(case.decoded.json_text or ""):
        return
    for at, value in _strings(events):
        if _is_cut(value):
            message = (
                "mixpanel-browser cuts strings at 255 UTF-16 units, here in the middle of an "
                "emoji: half of it is left, which many databases refuse. Shorten the text before "
                "tracking it"
            )
            yield Raw("sdk.half-emoji", at, message)
            return


def _is_cut(value: str) -> bool:
    is_half = "\ud800" <= value[-1:] <= "\udbff"
    return is_half and len(value.encode("utf-16-le", "surrogatepass")) == 2 * _CUT_AT


def _strings(events: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """The first strings of the events, each with its pointer; names of properties are left out."""
    waiting: list[tuple[str, Any]] = [(f"/{index}", event) for index, event in enumerate(events)]
    waiting.reverse()
    looked_at = 0
    while waiting and looked_at < _MAX_LOOKED_AT:
        at, value = waiting.pop()
        looked_at += 1
        if isinstance(value, str):
            yield at, value
        elif isinstance(value, dict):
            inner = [(f"{at}/{escape_pointer(key)}", each) for key, each in value.items()]
            waiting += reversed(inner)
        elif isinstance(value, list):
            inner = [(f"{at}/{index}", each) for index, each in enumerate(value)]
            waiting += reversed(inner)


def _emptied(events: Sequence[Any]) -> Iterator[Raw]:
    for index, event in enumerate(events):
        if isinstance(event, dict) and event.get("properties") == {}:
            message = (
                "mixpanel-browser sends no properties at all, not even the token, where one of "
                "them is called length: rename that property in the app"
            )
            yield Raw("sdk.length", f"/{index}/properties", message)
            return


def _profile_ip(records: Sequence[Any]) -> Iterator[Raw]:
    """An address among the properties of a profile, where only `$ip` beside them is looked at."""
    for index, record in enumerate(records):
        if not isinstance(record, dict):
            continue
        for operation in ("$set", "$set_once"):
            properties = record.get(operation)
            if isinstance(properties, dict) and "$ip" in properties:
                message = (
                    f"$ip within {operation} is a property like any other: to say where a user "
                    f"is, it stands beside {operation}"
                )
                yield Raw("sdk.ip", f"/{index}/{operation}/$ip", message)
                return
