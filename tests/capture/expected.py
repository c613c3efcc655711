"""What a correct reader finds in a recorded capture, compared with what was found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from trackscope.capture.found import Captured
from trackscope.capture.opening import Reading
from trackscope.capture.stream import Stream
from trackscope.wire.decoding import decode
from trackscope.wire.request import endpoint_of


def read_capture(path: Path) -> tuple[Reading, list[Captured]]:
    """The reading of a recorded capture, at its end, and its requests."""
    with path.open("rb") as file:
        reading = Reading(Stream(file))
        return reading, list(reading)


def found_in(requests: list[Captured]) -> list[dict[str, Any]]:
    """The requests in the terms of an expected.json."""
    return [_found(captured) for captured in requests]


def _found(captured: Captured) -> dict[str, Any]:
    decoded = decode(captured.request)
    endpoint = endpoint_of(captured.request).rpartition("/")[2]
    return {
        "method": captured.request.method,
        "endpoint": {"people": "engage"}.get(endpoint, endpoint),
        "params": {param.name: param.value for param in decoded.params if param.name != "data"},
        "events": list(decoded.events or ()),
    }


def expected_of(path: Path) -> list[dict[str, Any]]:
    """The requests that expected.json lists for a capture."""
    listed = json.loads(path.with_name(f"{path.name}.expected.json").read_bytes())["requests"]
    names = ("method", "endpoint", "params", "events")
    return [{name: request[name] for name in names} for request in listed]
