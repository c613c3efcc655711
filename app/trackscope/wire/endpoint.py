"""The endpoints of the protocol, and what kind of records a request to them carries."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from trackscope.wire.request import TrackRequest, endpoint_of

ENDPOINTS = ("track", "engage", "groups", "import")
"""The last parts of their paths (wire-facts, §2)."""

RECORDING = (*ENDPOINTS, "people")
"""Those that take records: mixpanel-python 2.0.0 posts profiles to `/people` (sdk-facts, "Paths").
That name is no sign of the protocol, as the others are.
"""


class Kind(StrEnum):
    """What the records of a payload are."""

    EVENTS = "events"
    PROFILES = "profiles"
    GROUPS = "groups"


_BY_ENDPOINT = {
    "track": Kind.EVENTS,
    "import": Kind.EVENTS,
    "engage": Kind.PROFILES,
    "groups": Kind.GROUPS,
}


def endpoint_name(request: TrackRequest) -> str:
    """The last part of the path: `track` also for a proxy's `/mp-proxy/track/`."""
    return endpoint_of(request).rpartition("/")[2]


def kind_of(request: TrackRequest, records: Sequence[Any]) -> Kind:
    """What the records are: as the endpoint says, or for any other path as they look.

    >>> kind_of(TrackRequest("GET", "http://h/people/"), [{"$token": "t", "$set": {}}])
    <Kind.PROFILES: 'profiles'>
    """
    known = _BY_ENDPOINT.get(endpoint_name(request))
    if known is not None:
        return known
    first = records[0] if records else None
    if not isinstance(first, dict) or "event" in first or "$token" not in first:
        return Kind.EVENTS
    return Kind.GROUPS if "$group_key" in first else Kind.PROFILES


def is_import(request: TrackRequest) -> bool:
    """Whether events are imported: they may be old, and the project is named beside them.

    (wire-facts, §2, §3, §7)
    """
    return endpoint_name(request) == "import"


def asks_validation(request: TrackRequest, strict: str | None) -> bool:
    """Whether the parameter `strict` asks for an answer by record (wire-facts, §3).

    /track has no such parameter.
    """
    return strict == "1" and endpoint_name(request) in ("import", "engage", "groups")


def shows_credentials(request: TrackRequest, api_key: str | None) -> bool:
    """Whether a request says who is importing; looked at for its form only.

    That is `api_key`, or Authorization: Basic with a user (a service account, a secret or a
    token), or a bearer token (wire-facts, §3).

    >>> shows_credentials(TrackRequest("POST", "/", (("Authorization", "Basic dDo="),)), None)
    True
    """
    if api_key:
        return True
    scheme, _, value = (request.header("authorization") or "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return bool(value.strip())
    return scheme.lower() == "basic" and _has_user(value.strip())


def _has_user(encoded: str) -> bool:
    try:
        user, colon, _ = base64.b64decode(encoded, validate=True).partition(b":")
    except ValueError:
        return False
    return bool(user and colon)


def token_of(record: Any) -> str:
    """The token of an event or a profile; empty where there is none, as in an import.

    >>> token_of({"event": "a", "properties": {"token": "t"}}), token_of({"$token": "t"})
    ('t', 't')
    """
    if not isinstance(record, dict):
        return ""
    properties = record.get("properties")
    token = properties.get("token") if isinstance(properties, dict) else record.get("$token")
    return token if isinstance(token, str) else ""


def record_names(request: TrackRequest, records: Sequence[Any]) -> tuple[str, ...]:
    """What each record is called in a list: an event's name, or what is done to a profile.

    >>> record_names(TrackRequest("GET", "http://h/engage"), [{"$token": "t", "$set": {}}])
    ('profile $set',)
    """
    kind = kind_of(request, records)
    return tuple(_name(record, kind) for record in records)


def _name(record: Any, kind: Kind) -> str:
    if not isinstance(record, dict):
        return "not an event"
    if kind is Kind.EVENTS:
        name = record.get("event")
        return name if isinstance(name, str) and name else "no name"
    done = [key for key in record if key in OPERATIONS]
    return f"{kind.value[:-1]} {', '.join(done)}" if done else kind.value[:-1]


OPERATIONS = (
    "$set", "$set_once", "$add", "$append", "$union", "$remove", "$unset", "$delete",
)  # fmt: skip
"""What can be done to a profile or group (wire-facts, §2)."""
