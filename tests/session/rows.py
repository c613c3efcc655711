"""The rows of a decoded request, by their labels."""

from __future__ import annotations

from trackscope.capture.exchange import Exchange
from trackscope.session.decoded_tree import decoded_tree
from trackscope.session.inspection import Inspection, inspect
from trackscope.session.pointing import places_of_node
from trackscope.session.value_tree import Node


def top(exchange: Exchange, *watched: str) -> dict[str, Node]:
    """The top rows."""
    return {node.label: node for node in decoded_tree(inspect(exchange), watched)}


def inner(node: Node) -> dict[str, Node]:
    """The rows beneath one."""
    return {each.label: each for each in node.children()}


def deep(nodes: dict[str, Node], *way: str) -> Node:
    """A row by the labels that lead to it."""
    node = nodes[way[0]]
    for label in way[1:]:
        node = inner(node)[label]
    return node


def lit(seen: Inspection, node: Node, face: str) -> str:
    """What a row points at in a text: `json`, `data`, `url` or `body`."""
    places = places_of_node(seen.request, seen.decoded, node)
    texts = {
        "json": seen.decoded.json_text or "",
        "data": seen.decoded.data or "",
        "url": seen.request.url,
        "body": seen.request.body.decode("latin-1"),
    }
    span = getattr(places, face)
    return "" if span is None else texts[face][span.start : span.end]
