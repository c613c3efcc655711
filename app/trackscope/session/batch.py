"""The events of the payload as a list: add, duplicate, remove, move.

The text of every event stays as it is; only brackets and commas around the events change. A
single event is a batch of one that is shown as an object.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trackscope.session.draft import Document
from trackscope.wire.editing import with_payload
from trackscope.wire.endpoint import record_names
from trackscope.wire.json_layout import compact, indented
from trackscope.wire.json_text import scan

NEW_EVENT = '{"event":"New event","properties":{}}'


def names(document: Document) -> tuple[str, ...]:
    """The name of each event, or what stands in its place, for a list."""
    return record_names(document.request, document.decoded.events or ())


def with_new_event(document: Document, json_text: str = NEW_EVENT) -> Document:
    """The document with one more event at the end; in place of a payload that cannot be read."""
    if document.decoded.events is None:
        return replace(document, request=with_payload(document.request, json_text), generators=())
    texts = _texts(document)
    return _arranged(document, [*texts, json_text], [*range(len(texts)), None])


def duplicated(document: Document, index: int) -> Document:
    """The document with a copy of the event right after it."""
    texts = _texts(document)
    order = [*range(index + 1), index, *range(index + 1, len(texts))]
    return _arranged(document, [texts[each] for each in order], order)


def without_event(document: Document, index: int) -> Document:
    """The document without the event; the last one that remains is shown as an object."""
    texts = _texts(document)
    order = [each for each in range(len(texts)) if each != index]
    return _arranged(document, [texts[each] for each in order], order)


def moved(document: Document, index: int, to: int) -> Document:
    """The document with the event at another place in the list."""
    texts = _texts(document)
    order = list(range(len(texts)))
    order.insert(to, order.pop(index))
    return _arranged(document, [texts[each] for each in order], order)


def laid_out(document: Document, *, is_indented: bool) -> Document:
    """The document with its JSON indented or compact; the same where it cannot be read."""
    text = document.decoded.json_text
    if text is None or document.decoded.events is None:
        return document
    text = indented(text) if is_indented else compact(text)
    return replace(document, request=with_payload(document.request, text))


def _texts(document: Document) -> list[str]:
    text = document.decoded.json_text
    assert text is not None
    if not document.decoded.is_batch:
        return [text.strip()]
    nodes = (node for node in scan(text) if node.pointer.count("/") == 1)
    return [text[node.value.start : node.value.end] for node in nodes]


def _arranged(document: Document, texts: list[str], order: Sequence[int | None]) -> Document:
    """The document with these events; `order` tells which each was, for its generators."""
    generators = tuple(
        (f"/{place}/{rest}", generator)
        for place, old in enumerate(order)
        for pointer, generator in document.generators
        for first, _, rest in [pointer[1:].partition("/")]
        if first == str(old)
    )
    payload = texts[0] if len(texts) == 1 else f"[{','.join(texts)}]"
    if any("\n" in text for text in texts):
        payload = indented(payload)
    request = with_payload(document.request, payload)
    return replace(document, request=request, generators=generators)
