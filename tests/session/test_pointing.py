"""From rows to places and back, in every way in which a payload travels."""

from __future__ import annotations

import gzip
import json

import pytest
from tests.session.exchanges import event, exchange_of, request_of
from tests.session.rows import deep, inner, lit, top

from trackscope.session.decoded_tree import decoded_tree
from trackscope.session.inspection import inspect
from trackscope.session.pointing import MOST_WALKED, places_of_node, pointer_at
from trackscope.session.value_tree import Node
from trackscope.wire.json_text import Span
from trackscope.wire.request import TrackRequest


@pytest.mark.parametrize("is_post", [False, True])
def test_a_property_is_pointed_at_in_json_base64_and_literal_bytes(is_post: bool) -> None:
    exchange = exchange_of(request_of([event(), event(plan="fré")], is_post=is_post))
    seen = inspect(exchange)
    row = inner(list(top(exchange)["Events"].children())[1])["plan"]
    assert lit(seen, row, "json") == '"plan": "fré"'
    literal = lit(seen, row, "body" if is_post else "url")
    assert lit(seen, row, "data") == literal != ""


def test_a_compressed_payload_is_pointed_at_in_its_json_only() -> None:
    body = gzip.compress(json.dumps(event(plan="free")).encode())
    exchange = exchange_of(TrackRequest("POST", "http://h/track/", (), body))
    row = deep(top(exchange), "Event", "plan")
    places = places_of_node(exchange.request, inspect(exchange).decoded, row)
    assert places.json is not None
    assert places.data is places.url is places.body is None


@pytest.mark.parametrize("payload", [event(a={"b": [1, "x"]}), [event(), event(a={"b": [1, "x"]})]])
def test_every_value_is_found_from_its_place(payload: object) -> None:
    seen = inspect(exchange_of(request_of(payload)))

    def walk(nodes: list[Node]) -> None:
        for node in nodes:
            if node.at.count("/") > 1:
                span = places_of_node(seen.request, seen.decoded, node).json
                assert span is not None
                assert pointer_at(seen, span) == node.at
            walk(list(node.children()))

    walk([each for each in decoded_tree(seen) if each.label.startswith("Event")])


def test_far_down_a_long_list_it_is_the_list_that_is_found() -> None:
    seen = inspect(exchange_of(request_of(event(many=list(range(MOST_WALKED + 10))))))
    text = seen.decoded.json_text
    assert text is not None
    for number, at in ((MOST_WALKED - 1, f"/{MOST_WALKED - 1}"), (MOST_WALKED + 5, "")):
        start = text.index(f" {number},") + 1
        assert pointer_at(seen, Span(start, start + 3)) == f"/0/properties/many{at}"


def test_what_cannot_be_read_has_no_rows_to_find() -> None:
    seen = inspect(exchange_of(request_of('{"event": "a",,}')))
    assert pointer_at(seen, Span(3, 4)) == ""
