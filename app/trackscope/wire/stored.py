"""What the service keeps of an event "after the request is received"."""

from __future__ import annotations

from typing import Any


def as_stored(
    event: dict[str, Any], *, requester_ip: str, at: float, ip_flag: bool
) -> dict[str, Any]:
    """The event as it is stored; the event itself is left alone.

    Properties beginning with `mp_` are left out, except `mp_name_tag`. A missing time becomes the
    time of arrival. With `ip=1` the requester's address becomes `ip`, and `distinct_id` where
    there is none (decisions, "Storing").

    >>> event = {"event": "a", "properties": {"mp_x": 1}}
    >>> as_stored(event, requester_ip="::1", at=5.5, ip_flag=True)["properties"]
    {'time': 5, 'ip': '::1', 'distinct_id': '::1'}
    """
    kept = {
        name: value
        for name, value in event["properties"].items()
        if not name.startswith("mp_") or name == "mp_name_tag"
    }
    kept.setdefault("time", int(at))
    if ip_flag:
        kept["ip"] = requester_ip
        if kept.get("distinct_id") in (None, ""):
            kept["distinct_id"] = requester_ip
    return {"event": event["event"], "properties": kept}
