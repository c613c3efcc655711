"""From a row of a decoded request to its places in the texts, and from a place back to a row."""

from __future__ import annotations

from itertools import islice

from trackscope.session.inspection import Inspection
from trackscope.session.value_tree import Node
from trackscope.wire import json_text
from trackscope.wire.decoding import Decoded
from trackscope.wire.finding import Finding, Place
from trackscope.wire.json_text import Span
from trackscope.wire.place import Places, places_at, places_of, places_of_json
from trackscope.wire.request import Carrier, Param, TrackRequest

MOST_WALKED = 20_000
"""Values side by side that are walked to find the one at a place."""


def places_of_node(request: TrackRequest, decoded: Decoded, node: Node) -> Places:
    """Where the thing that a row stands for is in each of the request's texts."""
    match node.points_at:
        case Span() as span:
            return places_of_json(request, decoded, span)
        case Finding() as finding:
            return places_of(request, decoded, finding)
        case Place(face, offset):
            return places_at(request, decoded, face, offset)
        case Param() as param:
            return _param_places(decoded, param)
    return Places()


def pointer_at(seen: Inspection, span: Span) -> str:
    """The pointer (as in `Finding`) of the innermost value that a range of the JSON lies in.

    Empty where the JSON cannot be read. Behind `MOST_WALKED` values of a list or object, it is
    that list or object.
    """
    text, node = seen.decoded.json_text, seen.top
    if text is None or node is None:
        return ""
    pointer = "" if seen.decoded.is_batch else "/0"
    while node is not None:
        inner = None
        for child in islice(json_text.children(text, node, seen.ends), MOST_WALKED):
            if child.value.end >= span.end:
                is_within = (child.key or child.value).start <= span.start
                inner = child if is_within else None
                break
        if inner is not None:
            pointer += f"/{json_text.escape_pointer(inner.step)}"
        node = inner
    return pointer


def _param_places(decoded: Decoded, param: Param) -> Places:
    span = Span(param.start, param.end)
    if param.carrier is Carrier.QUERY:
        return Places(url=span)
    return Places() if "-gzip" in decoded.transport else Places(body=span)
