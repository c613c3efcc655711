"""Changes spliced into well-formed JSON text: nothing moves but the member a change is about.

What was captured or typed is never reformatted, so the text is cut and joined at the places that
`json_text` finds, instead of being written anew from its value. LookupError where a pointer leads
nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from trackscope.wire.json_layout import compact
from trackscope.wire.json_text import (
    Node,
    Span,
    children,
    duplicates,
    find,
    find_all,
    quoted,
    skip_blank,
)


def without_duplicates(text: str) -> str:
    """The text without members whose key is repeated later in the same object."""
    cuts: list[Span] = []
    for node in sorted((earlier for earlier, _ in duplicates(text)), key=_start):
        if not cuts or cuts[-1].end <= _start(node):  # else it goes with what it stands in
            cuts.append(Span(_start(node), _next_start(text, node)))
    return spliced(text, ((cut, "") for cut in cuts))


def replaced(text: str, pointer: str, json_text: str) -> str:
    """The text with another value at the pointer."""
    return spliced(text, [(_node(text, pointer).value, json_text)])


def all_replaced(text: str, pointers: Collection[str], json_text: str) -> str:
    """The text with the same value at each of the pointers, none of which lies in another."""
    spans = sorted((node.value for node in find_all(text, pointers).values()), key=_span_start)
    return spliced(text, ((span, json_text) for span in spans))


def renamed(text: str, pointer: str, key: str) -> str:
    """The text with another key for the member at the pointer, and for its repeats."""
    keys = [child.key for child in _family(text, pointer)[1] if child.key is not None]
    if not keys:
        raise LookupError(f"{pointer} is no member of an object")
    return spliced(text, ((span, quoted(key)) for span in keys))


def removed(text: str, pointer: str) -> str:
    """The text without the member or element at the pointer, its repeats, and their commas."""
    siblings, gone = _family(text, pointer)
    kept = [child for child in siblings if child.step != gone[0].step]
    last = siblings[-1]
    if not kept:
        start = len(text[: _start(gone[0])].rstrip(" \t\r\n"))
        return spliced(text, [(Span(start, skip_blank(text, last.value.end)), "")])
    end = kept[-1].value.end
    cuts = [Span(_start(node), _next_start(text, node)) for node in gone if node.value.end < end]
    if last.value.end > end:  # the members at the end go with the comma before them
        cuts.append(Span(end, last.value.end))
    return spliced(text, ((cut, "") for cut in cuts))


def added(text: str, pointer: str, key: str, json_text: str) -> str:
    """The text with a member at the end of the object at the pointer, laid out as its siblings."""
    container = _node(text, pointer)
    if text[container.value.start] != "{":
        raise LookupError(f"{pointer or 'the top'} is no object")
    last: Node | None = None
    for child in children(text, container):
        last = child
    if last is None or last.key is None:
        blank = " " if "\n" in text else ""
        inside = Span(container.value.start + 1, container.value.end - 1)
        return spliced(text, [(inside, f"{quoted(key)}:{blank}{json_text}")])
    start = last.key.start
    blank = text[len(text[:start].rstrip(" \t\r\n")) : start]
    after_colon = " " if text[last.value.start - 1] == " " else ""
    piece = f",{blank}{quoted(key)}:{after_colon}{json_text}"
    return spliced(text, [(Span(last.value.end, last.value.end), piece)])


def written_as_text(text: str, pointer: str, keys: Collection[str]) -> str:
    """The text with these members of the object at the pointer as strings of their own JSON."""
    changes = []
    for child in children(text, _node(text, pointer)):
        literal = text[child.value.start : child.value.end]
        if child.step in keys and literal[0] != '"':
            changes.append((child.value, quoted(compact(literal))))
    return spliced(text, changes)


def spliced(text: str, changes: Iterable[tuple[Span, str]]) -> str:
    """The text with each range, in their order, replaced."""
    pieces, place = [], 0
    for span, piece in changes:
        pieces += [text[place : span.start], piece]
        place = span.end
    return "".join([*pieces, text[place:]])


def _start(node: Node) -> int:
    return node.key.start if node.key else node.value.start


def _span_start(span: Span) -> int:
    return span.start


def _next_start(text: str, node: Node) -> int:
    """Where the sibling after a node begins."""
    return skip_blank(text, skip_blank(text, node.value.end) + 1)


def _family(text: str, pointer: str) -> tuple[list[Node], list[Node]]:
    """All that stand beside the node at the pointer, and those of them that have its key."""
    outer, slash, _ = pointer.rpartition("/")
    if not slash:
        raise LookupError("the payload itself is no member of anything")
    step = _node(text, pointer).step
    siblings = list(children(text, _node(text, outer)))
    return siblings, [child for child in siblings if child.step == step]


def _node(text: str, pointer: str) -> Node:
    node = find(text, pointer)
    if node is None:
        raise LookupError(f"there is nothing at {pointer or 'the top'}")
    return node
