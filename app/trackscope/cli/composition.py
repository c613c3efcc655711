"""Composes the payload of `send` from its options."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from typing import Any

from trackscope.capture.stream import as_text
from trackscope.cli.output import shown
from trackscope.cli.request_options import pair
from trackscope.cli.source import read_bytes_or_json
from trackscope.errors import SourceError, UsageError
from trackscope.wire.json_text import dumps, parse

_TIME = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,9})?")


def add_payload_arguments(parser: ArgumentParser) -> None:
    """Add the options that make the payload."""
    group = parser.add_argument_group("the payload")
    what = group.add_mutually_exclusive_group(required=True)
    what.add_argument("--event", metavar="NAME", help="send one event of this name")
    what.add_argument(
        "--json",
        metavar="FILE",
        help="send this event or batch: a file, -, or the JSON itself, byte for byte; with the "
        "options below they are set in each of its events, and the JSON is written anew",
    )
    group.add_argument("--token", help="the project's token")
    group.add_argument("--distinct-id", metavar="ID", help="who did it")
    group.add_argument(
        "--time",
        metavar="TIME",
        help="now (the default with --event), none, seconds since 1970, or seconds from now with "
        "a sign: -3600 is an hour ago",
    )
    group.add_argument(
        "--prop",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a property (repeatable): VALUE is read as JSON where it is JSON (7, true, null, "
        '[1,2], "7"), else it is text',
    )


def payload(arguments: Namespace, now: float) -> bytes:
    """The payload as JSON; `now` is what times are counted from (seconds since 1970)."""
    if arguments.json is None:
        properties = _with_properties({}, arguments, arguments.time or "now", now)
        return _to_bytes({"event": arguments.event, "properties": properties})
    content = read_bytes_or_json(arguments.json)
    is_changed = arguments.prop or any(
        each is not None for each in (arguments.token, arguments.distinct_id, arguments.time)
    )
    return _changed(content, arguments, now) if is_changed else content


def _changed(content: bytes, arguments: Namespace, now: float) -> bytes:
    parsed = parse(as_text(content))
    if parsed.defect is not None:
        advice = "Mend it, or send it as it is, without --token, --distinct-id, --time and --prop."
        raise SourceError(f"The JSON cannot be changed: {parsed.defect.message}.", advice)
    events = parsed.value if isinstance(parsed.value, list) else [parsed.value]
    for event in events:
        properties = event.setdefault("properties", {}) if isinstance(event, dict) else None
        if not isinstance(properties, dict):
            raise SourceError("The JSON has no events whose properties could be set.")
        event["properties"] = _with_properties(properties, arguments, arguments.time, now)
    return _to_bytes(parsed.value)


def _with_properties(
    properties: dict[str, Any], arguments: Namespace, time: str | None, now: float
) -> dict[str, Any]:
    found = dict(properties)
    if arguments.token is not None:
        found["token"] = arguments.token
    if arguments.distinct_id is not None:
        found["distinct_id"] = arguments.distinct_id
    if time is not None:
        found.pop("time", None)
        moment = event_time(time, now)
        if moment is not None:
            found["time"] = moment
    for each in arguments.prop:
        key, text = pair(each, "--prop")
        found[key] = property_value(text)
    return found


def event_time(text: str, now: float) -> int | float | None:
    """What `--time` stands for, in seconds since 1970; None for `none`.

    >>> [event_time(text, 7200.9) for text in ("now", "-3600", "+1.5", "1245613885", "none")]
    [7200, 3600, 7201.5, 1245613885, None]
    """
    if text == "none":
        return None
    if text == "now":
        return int(now)
    if not _TIME.fullmatch(text):
        advice = "Use now, none, seconds since 1970, or seconds from now as in -3600."
        raise UsageError(f"--time {shown(text)} is no time.", advice)
    seconds = float(text) if "." in text else int(text)
    return int(now) + seconds if text[0] in "+-" else seconds


def property_value(text: str) -> Any:
    """A property's value: JSON where the text is JSON, else the text.

    >>> [property_value(text) for text in ("7", '"7"', "true", "a b", "[1]", "NaN")]
    [7, '7', True, 'a b', [1], 'NaN']
    """
    parsed = parse(text)
    return text if parsed.defect is not None or parsed.notices else parsed.value


def _to_bytes(value: Any) -> bytes:
    return dumps(value).encode("utf-8", "surrogatepass")
