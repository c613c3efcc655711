"""What is forwarded where: the settings, and the request that goes out for one received."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from trackscope.capture.exchange import Exchange
from trackscope.collector.faults import is_withheld
from trackscope.errors import SendError, UsageError
from trackscope.sender.outgoing import address_of, prepare
from trackscope.session.resending import as_sent, resent
from trackscope.session.target import is_loopback
from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.endpoint import RECORDING, endpoint_name
from trackscope.wire.request import TrackRequest
from trackscope.wire.tokens import with_tokens

UNREADABLE = "Its payload cannot be read."
LOOP = "It was forwarded from here before: it would go round for ever."


@dataclass(frozen=True, slots=True)
class ForwardSettings:
    """Where what is received goes: `target` is scheme, host and, before the paths, a path.

    `tokens` maps tokens to others (see `trackscope.wire.tokens`). `only` are names of events: a
    request goes if it has one of them; none: whatever its events are. `is_accepted_only` leaves
    out what was not answered 1. `is_again`: what may have arrived already is sent once more.
    """

    target: str
    tokens: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    only: frozenset[str] = frozenset()
    is_accepted_only: bool = False
    is_again: bool = False

    @property
    def leaves_machine(self) -> bool:
        """Whether the target is elsewhere, so that what is sent there is out of hand."""
        return not is_loopback(self.target)


@dataclass(frozen=True, slots=True)
class Onward:
    """What goes out for a request, and what was received as `decoded`.

    Without `request` nothing does: `why` is the reason, empty where it was not chosen to.
    """

    request: TrackRequest | None = None
    why: str = ""
    decoded: Decoded | None = None


def checked_target(url: str, host: str, port: int) -> str:
    """The target as it is kept; UsageError where it cannot be one, or is the collector itself.

    `host` and `port` are where the collector is about to listen (0: any free port).
    """
    target = url.rstrip("/")
    try:
        address = address_of(target)
    except SendError as problem:
        raise UsageError(
            f"Nothing can be forwarded there. {problem.message}", problem.next_step
        ) from problem
    if "@" in target or "?" in target or "#" in target:
        raise UsageError(
            f"{url} says more than where to forward to.", "Name scheme, host and port alone."
        )
    if endpoint_name(TrackRequest("GET", target)) in RECORDING:
        raise UsageError(
            f"{url} ends with an endpoint, but each request keeps the path it came with.",
            "Name scheme, host and port alone.",
        )
    if address.port == port and (address.is_loopback or address.host == host):
        raise UsageError(
            f"{url} is this collector itself: what it received would go round for ever.",
            "Forward to another address, or listen on another port.",
        )
    return target


def onward(exchange: Exchange, settings: ForwardSettings, name: str) -> Onward:
    """What goes out for a received exchange: path, parameters and payload as they came.

    Host and what belongs to a connection are made anew; cookies and the id that links exchanges
    stay here. Credentials go along, and so does an X-Forwarded-For that came with it: none is
    added, for an address of this machine or its network means nothing elsewhere. `name` is what
    this forwarder is called in `Via`.
    """
    if settings.is_accepted_only and exchange.verdict != 1:
        return Onward()
    if is_withheld(exchange):
        return Onward()  # who was told so sends it again: it would be there twice
    if endpoint_name(exchange.request) not in RECORDING:
        return Onward()  # a question of the SDK, whose answer would have nowhere to go
    if settings.only and settings.only.isdisjoint(exchange.names):
        return Onward()
    if any(name in value for key, value in exchange.request.headers if key.lower() == "via"):
        return Onward(why=LOOP)
    decoded = decode(exchange.request)
    if decoded.events is None:
        return Onward(why=UNREADABLE)
    request = _addressed(exchange.request, settings.target, name)
    if settings.tokens:
        request = with_tokens(request, settings.tokens, decoded)
    try:
        prepare(request)
    except SendError as problem:
        return Onward(why=str(problem))
    return Onward(request, decoded=decoded)


def _addressed(request: TrackRequest, target: str, name: str) -> TrackRequest:
    named = [
        each.strip().lower()
        for key, value in request.headers
        if key.lower() == "connection"
        for each in value.split(",")
    ]
    # what a Connection header names belongs to the connection as well (RFC 9110, 7.6.1)
    headers = [pair for pair in request.headers if pair[0].lower() not in named]
    credentials = [pair for pair in headers if pair[0].lower() == "authorization"]
    onward = resent(replace(request, headers=tuple(headers)), target)
    added = (*credentials, ("Via", f"1.1 {name}"))
    return as_sent(replace(onward, headers=(*onward.headers, *added)))


def is_repeatable(decoded: Decoded) -> bool:
    """Whether what is sent twice counts once: the target knows each event again by `$insert_id`,
    and by its time, which would otherwise be that of its arrival (wire-facts, §8).
    """
    return bool(decoded.events) and all(map(_is_known_again, decoded.events or ()))


def _is_known_again(event: object) -> bool:
    properties = event.get("properties") if isinstance(event, dict) else None
    if not isinstance(properties, dict):
        return False
    insert_id = properties.get("$insert_id")
    return isinstance(insert_id, str) and bool(insert_id) and "time" in properties
