"""What an exchange is found by, worked out of its bytes: words, terms and marks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history.query import Field
from trackscope.wire.decoding import decode
from trackscope.wire.finding import Severity
from trackscope.wire.request import host_of

ALL = "a"
"""The mark of every exchange."""
CUT = "x"
"""The mark of one whose words were too many: not all that is in it is in its text."""
VERDICTS = {1: "1", 0: "0", None: "n"}
ORIGINS = {Origin.SENT: "s", Origin.RECEIVED: "v", Origin.OPENED: "o"}
SEVERITIES = {Severity.ERROR: "e", Severity.WARNING: "w", Severity.NOTE: "c"}
HAS_NOTE, HAS_ANSWER, HAS_TAG = "m", "r", "t"

MAX_TEXT = 32_000
"""Characters of payloads that are searched in; of names, tokens and addresses MAX_NAMES."""
MAX_NAMES = 1_000_000
MAX_VALUE = 2_000
MAX_TERM = 200
MAX_DECODED = 8 * 1024 * 1024
"""Bytes of a request up to which it is decoded to be indexed."""
MAX_DEPTH = 16

Term = tuple[Field, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """The index's row of an exchange.

    `words` are the columns of `words` in their order, but for the last one; `flags` the marks of
    one letter; `terms` what is named in `term`; `events` how often each event happened in it.
    """

    words: tuple[str, str, str, str, str, str]
    flags: str
    terms: frozenset[Term]
    events: Counter[str]
    at: float
    verdict: int | None
    page: str


def facts_of(exchange: Exchange) -> Facts:
    """Decode an exchange, and gather what it is found by."""
    request = exchange.request
    events: tuple[Any, ...] = exchange.stored or ()
    parts = [exchange.note, exchange.target, exchange.failure or "", request.url.partition("?")[0]]
    parts += [finding.message for finding in exchange.findings]
    is_cut = len(request.url) + len(request.body) > MAX_DECODED
    if not is_cut:
        decoded = decode(request)
        events += decoded.events or ()
        if decoded.events is None:
            parts.append(decoded.json_text or "")
    text, is_text_cut = _joined((*parts, *_values(events)), MAX_TEXT, MAX_VALUE)
    tokens = dict.fromkeys(_tokens(events))
    names = Counter(map(term_of, exchange.names))
    host, page = host_of(request), exchange.page
    terms: set[Term] = {(Field.EVENT, name) for name in names}
    terms.update((Field.TOKEN, term_of(token)) for token in tokens)
    terms.update((Field.PROPERTY, term_of(name)) for name in property_names(events))
    terms.update((Field.RULE, term_of(each.rule)) for each in exchange.findings)
    terms.update((Field.TAG, term_of(tag)) for tag in tags_in(exchange.note))
    named = ((Field.HOST, host), (Field.METHOD, request.method), (Field.SOURCE, exchange.source))
    terms.update((field, term_of(value)) for field, value in (*named, (Field.PAGE, page)) if value)
    columns = (dict.fromkeys(exchange.names), tokens, (host,), (exchange.source,), (page,))
    event, token, *others = (_joined(each, MAX_NAMES, MAX_NAMES)[0] for each in columns)
    words = (event, token, others[0], others[1], others[2], text)
    flags = _flags(exchange) + (CUT if is_cut or is_text_cut else "")
    verdict = verdict_of(exchange)
    return Facts(words, flags, frozenset(terms), names, exchange.at, verdict, term_of(page))


def verdict_of(exchange: Exchange) -> int | None:
    """The verdict that is filtered by: of what was opened without an answer what is predicted."""
    if exchange.origin is Origin.OPENED and exchange.reply is None and exchange.verdict is None:
        return exchange.predicted
    return exchange.verdict


def term_of(value: str) -> str:
    """A name as it stands in `term`: as it is, or shortened to what is still its own.

    >>> len(term_of("x" * 500))
    200
    """
    value = clean(value)
    if len(value) <= MAX_TERM:
        return value
    digest = blake2b(value.encode(), digest_size=10).hexdigest()
    return f"{value[: MAX_TERM - len(digest) - 1]}…{digest}"


def clean(text: str) -> str:
    """The text without what SQLite takes no text with: lone surrogates and NUL."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode()


def tags_in(note: str) -> set[str]:
    """The words behind `#` in a note, in lower case.

    >>> sorted(tags_in("see #Bug-1, and #later"))
    ['bug-1', 'later']
    """
    words = (word[1:].strip(".,;:!?()").casefold() for word in note.split() if word[0] == "#")
    return {word for word in words if word}


def properties_of(event: Any) -> list[dict[str, Any]]:
    """The properties of an event; of a profile or a group what its operations are about."""
    if not isinstance(event, dict):
        return []
    properties = event.get("properties")
    if isinstance(properties, dict):
        return [properties]
    return [value for name, value in event.items() if name[:1] == "$" and isinstance(value, dict)]


def property_names(events: Iterable[Any]) -> set[str]:
    """The names of all properties of the events."""
    return {name for event in events for each in properties_of(event) for name in each}


def word_of(value: Any) -> str:
    """How a plain value is written where it is searched for.

    >>> word_of("a b"), word_of(True), word_of(2.50), word_of(None)
    ('a b', 'true', '2.5', 'null')
    """
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value)
    except ValueError:
        return ""  # an integer of thousands of digits


def _flags(exchange: Exchange) -> str:
    flags = ALL + VERDICTS.get(verdict_of(exchange), VERDICTS[None]) + ORIGINS[exchange.origin]
    flags += "".join(sorted({SEVERITIES[each.severity] for each in exchange.findings}))
    if exchange.note:
        flags += HAS_NOTE + (HAS_TAG if tags_in(exchange.note) else "")
    return flags + (HAS_ANSWER if exchange.reply is not None else "")


def _tokens(events: Iterable[Any]) -> Iterator[str]:
    for event in events:
        for each in (*properties_of(event), event if isinstance(event, dict) else {}):
            for key in ("token", "$token"):
                value = each.get(key)
                if isinstance(value, str) and value:
                    yield value


def _values(events: Iterable[Any]) -> Iterator[str]:
    """Every plain value in the properties of the events."""
    for event in events:
        for properties in properties_of(event):
            yield from _plain(properties, 0)


def _plain(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, dict | list):
        if depth < MAX_DEPTH:
            for each in value.values() if isinstance(value, dict) else value:
                yield from _plain(each, depth + 1)
    else:
        yield word_of(value)


def _joined(parts: Iterable[str], limit: int, part_limit: int) -> tuple[str, bool]:
    """The parts, each once, as one text; whether something was cut off."""
    seen: dict[str, None] = {}
    length, is_cut = 0, False
    for part in parts:
        if part and part not in seen:
            is_cut = is_cut or len(part) > part_limit or length >= limit
            if length >= limit:
                break
            seen[part[:part_limit]] = None
            length += min(len(part), part_limit)
    return clean(" ".join(seen)), is_cut
