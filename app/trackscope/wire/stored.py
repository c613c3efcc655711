"""What the service keeps of a record "after the request is received"."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from trackscope.wire.endpoint import Kind
from trackscope.wire.era import ERAS, Era


def stored_record(
    record: dict[str, Any],
    kind: Kind,
    *,
    requester_ip: str,
    at: float,
    ip_flag: bool,
    era: Era = ERAS["2011"],
) -> dict[str, Any]:
    """A record of this kind as it is stored: an event in its stored form, a profile as it is."""
    if kind is not Kind.EVENTS:
        return record
    return as_stored(record, requester_ip=requester_ip, at=at, ip_flag=ip_flag, era=era)


def as_stored(
    event: dict[str, Any],
    *,
    requester_ip: str,
    at: float,
    ip_flag: bool,
    era: Era = ERAS["2011"],
) -> dict[str, Any]:
    """The event as it is stored; the event itself is left alone.

    Where the era drops them, properties beginning with `mp_` are left out, except `mp_name_tag`. A
    missing time becomes the time of arrival. With `ip=1` the requester's address becomes `ip`, and
    `distinct_id` where there is none; where the era uses addresses only to locate, that is a hash
    of it, and `ip` stays (decisions, "Storing"; wire-facts, §3).

    >>> event = {"event": "a", "properties": {"mp_x": 1}}
    >>> as_stored(event, requester_ip="::1", at=5.5, ip_flag=True)["properties"]
    {'time': 5, 'ip': '::1', 'distinct_id': '::1'}
    """
    kept = {
        name: value
        for name, value in event["properties"].items()
        if not (era.drops_prefixed and name.startswith("mp_")) or name in era.prefixed
    }
    kept.setdefault("time", int(at))
    if ip_flag:
        if not era.locates_by_address:
            kept["ip"] = requester_ip
        if kept.get("distinct_id") in (None, ""):
            is_hashed = era.locates_by_address
            kept["distinct_id"] = _hash(requester_ip) if is_hashed else requester_ip
    return {"event": event["event"], "properties": kept}


def _hash(address: str) -> str:
    """A name for an address that does not tell it; which hash the service takes is unknown."""
    return sha256(address.encode()).hexdigest()[:16]
