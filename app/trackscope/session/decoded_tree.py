"""An exchange as a tree of rows: itself, its parameters, its events, its findings, its answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.session.inspection import Inspection
from trackscope.session.stored_rows import fates, stored_rows
from trackscope.session.value_tree import MAX_CELL, JsonSource, Node, Value, value_node
from trackscope.session.watch_list import watched_in_batch, watched_in_event
from trackscope.session.wording import answer_facts, body_text, place_text, sentence_of
from trackscope.wire.decoding import Decoded, text_pointer
from trackscope.wire.encoding import Repair
from trackscope.wire.era import ERAS, era_named
from trackscope.wire.finding import Face, Finding, Place, Severity
from trackscope.wire.place import places_at
from trackscope.wire.request import Carrier, Param, TrackRequest, endpoint_of, host_of
from trackscope.wire.rules import logged_records
from trackscope.wire.sender import sender_of

_EFFECTS = {
    "data": "the payload",
    "ip": "1: the requester's address becomes the ip property",
    "img": "1: the answer is a picture of 1×1 pixels",
    "test": "1: a queue of high priority",
    "verbose": "1: the answer is JSON with status and error",
    "redirect": "the answer is 302 to this URL",
    "callback": "the answer calls this function",
    "_": "the time of the browser, against caches",
}
_ORIGINS = {"sent": "sent by this program", "received": "received by the collector"}


def decoded_tree(seen: Inspection, watched: Collection[str] = ()) -> tuple[Node, ...]:
    """The top rows of an exchange; everything beneath is made when it is asked for.

    `watched` names properties of events that come first, whether or not they are there.
    """
    severities = _severities(seen.findings)
    found = [
        *_watched(seen, watched, severities),
        _exchange(seen),
        *_parameters(seen, severities),
        *_events(seen, severities),
        *_findings(seen),
        *_repairs(seen),
        *_group("Headers", len(seen.request.headers), partial(_headers, seen.request.headers)),
        *_answer(seen),
    ]
    return tuple(found)


def _group(title: str, count: int, grow: Callable[[], Iterator[Node]]) -> Iterator[Node]:
    """The row over so many others, which are made when they are looked at; none over none."""
    if count:
        yield Node(title, f"{count:,}", size=count, grow=grow)


def _severities(findings: tuple[Finding, ...]) -> dict[str, Severity]:
    """The worst severity on each pointer and on what it lies in; findings are the worst first."""
    found: dict[str, Severity] = {}
    for finding in findings:
        at = finding.at
        found.setdefault(at, finding.severity)
        while not at.startswith("?") and "/" in at:
            at = at.rpartition("/")[0]
            found.setdefault(at, finding.severity)
    return found


def _exchange(seen: Inspection) -> Node:
    exchange, request = seen.exchange, seen.request
    origin = _ORIGINS.get(exchange.origin, "opened from a capture")
    facts = (
        ("From", exchange.peer),
        ("To", exchange.target or host_of(request)),
        ("When", _moment(exchange.at)),
        ("Source", exchange.source),
        ("Position", exchange.position),
        ("Page", exchange.page),
        ("URL", request.url),
        ("Note", exchange.note),
    )
    rows = [_fact(label, value) for label, value in facts if value]
    sender = sender_of(request, seen.decoded)
    rows += [Node("Sender", sender.title, hint=sender.why), _judged(exchange)]
    value = f"{request.method} {endpoint_of(request)}"
    return Node("Exchange", value, hint=origin, size=len(rows), grow=lambda: iter(rows))


def _judged(exchange: Exchange) -> Node:
    """By which era the exchange was judged, and whether strictly."""
    era = ERAS.get(exchange.era)
    strict = ", strictly" if exchange.strict else ""
    return Node("Judged by", f"{era.title if era else exchange.era}{strict}", hint=exchange.era)


def _fact(label: str, value: str) -> Node:
    return Node(label, value[: MAX_CELL + 1], whole=lambda: value)


def _moment(at: float) -> str:
    try:
        moment = datetime.fromtimestamp(at, UTC)
    except (OverflowError, ValueError, OSError):
        return ""
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d} UTC"


def _parameters(seen: Inspection, severities: Mapping[str, Severity]) -> Iterator[Node]:
    found = seen.decoded.params

    def grow() -> Iterator[Node]:
        names: set[str] = set()
        for param in found:
            yield _parameter(seen.request, param, severities, does_count=param.name not in names)
            names.add(param.name)

    for row in _group("Parameters", len(found), grow):
        yield replace(row, at="?")


def _parameter(
    request: TrackRequest,
    param: Param,
    severities: Mapping[str, Severity],
    *,
    does_count: bool,
) -> Node:
    def grow() -> Iterator[Node]:
        yield _fact("as it was sent", _literal(request, param))

    effect = _EFFECTS.get(param.name, "not one of the specification's")
    # A longer one was encoded: nothing else makes it so.
    is_other = param.end - param.value_start != len(param.value) or "+" in _literal(request, param)
    return Node(
        param.name,
        param.value[: MAX_CELL + 1],
        hint=effect if does_count else "a repeat: the first one counts",
        at=f"?{param.name}",
        points_at=param,
        severity=severities.get(f"?{param.name}"),
        size=int(is_other),
        whole=lambda: param.value,
        grow=grow if is_other else None,
    )


def _literal(request: TrackRequest, param: Param) -> str:
    if param.carrier is Carrier.QUERY:
        return request.url[param.value_start : param.end]
    return request.body[param.value_start : param.end].decode("utf-8", "surrogateescape")


def _events(seen: Inspection, severities: Mapping[str, Severity]) -> Iterator[Node]:
    text, events, top = seen.decoded.json_text, seen.decoded.events, seen.top
    if text is None or events is None or top is None:
        return
    source = JsonSource(text, seen.ends, severities)
    if not seen.decoded.is_batch:
        yield _event(seen, Value(source, top, events[0], "/0"), "Event", 0)
        return

    def grow() -> Iterator[Node]:
        for index, value in enumerate(Value(source, top, list(events), "").members()):
            yield _event(seen, value, f"Event {index + 1:,}", index)

    yield Node(
        "Events",
        f"{len(events):,} in a batch",
        at="/",
        severity=severities.get(""),
        points_at=top.value,
        size=len(events),
        grow=grow if events else None,
    )


def _event(seen: Inspection, value: Value, label: str, index: int) -> Node:
    """The row of an event; its properties stand directly beneath it, in their order."""
    name = value.parsed.get("event") if isinstance(value.parsed, dict) else None
    row = value_node(value, label)
    shown = name if isinstance(name, str) else row.value
    properties = value.parsed.get("properties") if isinstance(value.parsed, dict) else None
    extra = len(properties) if isinstance(properties, dict) else 0

    def grow() -> Iterator[Node]:
        kept = _kept(seen.exchange, seen.decoded, index)
        fate = fates(kept, value.parsed)
        for member in value.members():
            if member.node.step == "properties" and member.starts_with == "{":
                for each in member.members():
                    yield _with_fate(value_node(each, each.node.step, is_property=True), fate)
            else:
                yield value_node(member, member.node.step)
        yield from stored_rows(seen.exchange, kept, value.parsed)

    is_open = row.grow is not None
    return replace(
        row,
        value=shown[: MAX_CELL + 1],
        type="",
        grow=grow if is_open else None,
        size=row.size + extra,
    )


def _with_fate(row: Node, fate: Mapping[str, str]) -> Node:
    """The row of a property, with what became of it where that is something else."""
    parts = [part for part in (row.hint, fate.get(row.label, "")) if part]
    return replace(row, hint=" · ".join(parts))


def _kept(exchange: Exchange, decoded: Decoded, index: int) -> dict[str, Any] | None:
    """The stored form of the event at the index; None where it was refused or has none yet."""
    count = len(decoded.events or ())
    logged = logged_records(exchange.findings, count, era_named(exchange.era))
    stored = exchange.stored or ()
    place = logged.index(index) if index in logged else len(stored)
    return stored[place] if place < len(stored) else None


def _findings(seen: Inspection) -> Iterator[Node]:
    findings = seen.findings

    def grow() -> Iterator[Node]:
        return (_finding(each, is_batch=seen.decoded.is_batch) for each in findings)

    for row in _group("Findings", len(findings), grow):
        yield replace(row, severity=findings[0].severity)


def _finding(finding: Finding, *, is_batch: bool) -> Node:
    def grow() -> Iterator[Node]:
        yield _fact("Rule", finding.rule)
        at = text_pointer(finding.at, is_batch=is_batch)
        if at:
            yield _fact("Where", at)
        if finding.fix is not None:
            yield _fact("Fix", finding.fix.label)

    return Node(
        finding.rule,
        sentence_of(finding.message),
        points_at=finding,
        severity=finding.severity,
        size=1,
        grow=grow,
    )


def _repairs(seen: Inspection) -> Iterator[Node]:
    repairs = seen.decoded.repairs
    yield from _group("Repairs", len(repairs), lambda: (_repair(seen, each) for each in repairs))


def _repair(seen: Inspection, repair: Repair) -> Node:
    place = None if repair.offset is None else Place(Face.DATA, repair.offset)
    where = "the whole"
    if place is not None:
        places = places_at(seen.request, seen.decoded, place.face, place.offset)
        where = place_text("", places, seen.decoded)
    return Node(repair.rule, repair.sentence, hint=f"at {where}", points_at=place)


def _headers(headers: tuple[tuple[str, str], ...]) -> Iterator[Node]:
    return (_fact(name, value) for name, value in headers)


def _answer(seen: Inspection) -> Iterator[Node]:
    exchange, words = seen.exchange, seen.explanation
    rows = [_fact("Why", words.reason)] if words.reason else []
    rows += [_fact("Prediction", words.disagreement)] if words.disagreement else []
    if exchange.reply is not None:
        reply = exchange.reply
        rows.append(_fact("Status", answer_facts(exchange)))
        rows += list(_headers(reply.headers))
        rows.append(_fact("Body", body_text(reply.body)))
    title = "Predicted" if seen.explanation.is_predicted else "Answer"
    value = f"{words.headline} · {words.sentence}"
    grow = (lambda: iter(rows)) if rows else None
    yield Node(title, value, size=len(rows), grow=grow)


def _watched(
    seen: Inspection, names: Collection[str], severities: Mapping[str, Severity]
) -> Iterator[Node]:
    text, events, top = seen.decoded.json_text, seen.decoded.events, seen.top
    if not names or not events or text is None or top is None:
        return
    source = JsonSource(text, seen.ends, severities)
    if seen.decoded.is_batch:
        batch = Value(source, top, list(events), "")
        rows = [watched_in_batch(batch, name) for name in names]
    else:
        event = Value(source, top, events[0], "/0")
        rows = [watched_in_event(event, name) for name in names]
    yield from _group("Watched", len(rows), lambda: iter(rows))
