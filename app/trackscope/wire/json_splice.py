"""Changes spliced into JSON text: nothing moves but the member a change is about.

What was captured or typed is never reformatted, so the text is cut and joined at the places that
`json_text.scan` finds, instead of being written anew from its value.
"""

from __future__ import annotations

from trackscope.wire.json_text import Node, find, quoted, scan, skip_blank


def without_duplicates(text: str) -> str:
    """The text without members whose key is repeated later in the same object."""
    last: dict[str, Node] = {}
    for node in scan(text):
        earlier = last.get(node.pointer)
        if earlier and node.key:
            return without_duplicates(_cut(text, earlier))
        last[node.pointer] = node
    return text


def replaced(text: str, pointer: str, json_text: str) -> str:
    """The text with another value at the pointer; LookupError where there is none."""
    span = _node(text, pointer).value
    return text[: span.start] + json_text + text[span.end :]


def renamed(text: str, pointer: str, key: str) -> str:
    """The text with another key for the member at the pointer."""
    span = _node(text, pointer).key
    if span is None:
        raise LookupError(f"{pointer} is no member of an object")
    return text[: span.start] + quoted(key) + text[span.end :]


def removed(text: str, pointer: str) -> str:
    """The text without the member or element at the pointer, and without its comma."""
    return _cut(text, _node(text, pointer))


def _cut(text: str, node: Node) -> str:
    start = node.key.start if node.key else node.value.start
    end = node.value.end
    after = skip_blank(text, end)
    if text[after : after + 1] == ",":
        return text[:start] + text[skip_blank(text, after + 1) :]
    before = len(text[:start].rstrip(" \t\r\n"))
    if before and text[before - 1] == ",":
        return text[: before - 1] + text[end:]
    return text[:start].rstrip(" \t\r\n") + text[after:]


def added(text: str, pointer: str, key: str, json_text: str) -> str:
    """The text with a member at the end of the object at the pointer, laid out as its siblings."""
    return _inserted(text, pointer, f"{quoted(key)}:", json_text)


def _inserted(text: str, pointer: str, key: str, json_text: str) -> str:
    container = _node(text, pointer).value
    last: Node | None = None
    for node in scan(text):
        if node.pointer.rpartition("/")[0] == pointer and node.pointer:
            last = node
    if last is None:
        inner = f"{key} {json_text}" if key and "\n" in text else key + json_text
        return text[: container.start + 1] + inner + text[container.end - 1 :]
    start = last.key.start if last.key else last.value.start
    blank = text[len(text[:start].rstrip(" \t\r\n")) : start]
    after_colon = " " if key and _colon_blank(text, last) else ""
    piece = f",{blank}{key}{after_colon}{json_text}"
    return text[: last.value.end] + piece + text[last.value.end :]


def _colon_blank(text: str, node: Node) -> bool:
    return node.key is not None and text[node.value.start - 1] == " "


def _node(text: str, pointer: str) -> Node:
    node = find(text, pointer)
    if node is None:
        raise LookupError(f"there is nothing at {pointer or 'the top'}")
    return node
