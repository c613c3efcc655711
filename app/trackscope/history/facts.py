"""What an exchange is found by, worked out of its bytes: words, terms and marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history.query import Field
from trackscope.history.rows import host_at
from trackscope.wire.decoding import decode
from trackscope.wire.finding import Severity
from trackscope.wire.sender import sender_of

ALL = "a"
"""The mark of every exchange."""
CUT = "x"
"""The mark of one whose words were too many: not all that is in it is in its text."""
VERDICTS = {1: "1", 0: "0", None: "n"}
ORIGINS = {Origin.SENT: "s", Origin.RECEIVED: "v", Origin.OPENED: "o"}
SEVERITIES = {Severity.ERROR: "e", Severity.WARNING: "w", Severity.NOTE: "c"}
HAS_NOTE, HAS_ANSWER, HAS_TAG = "m", "r", "t"

MAX_TEXT = 32_000
MAX_VALUE = 2_000
"""Characters of all values of an exchange, and of one of them, that are searched in."""
MAX_TERM = 200
PRIVATE, PRIVATE_CHARACTERS = 0xE000, 6400
"""The characters that Unicode leaves to everyone's own use."""

MAX_DECODED = 8 * 1024 * 1024
"""Bytes of a request up to which it is decoded to be indexed."""

Term = tuple[Field, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """The index's row of an exchange.

    `words` are the columns of `words` in their order, but for the last one; `flags` the marks of
    one letter; `terms` what `term_of` makes an entry in `term`; `events` how often each event
    happened in it.
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
    own = [exchange.note, exchange.target, exchange.failure or "", request.url.partition("?")[0]]
    own += [finding.message for finding in exchange.findings]
    sender = ""
    is_large = len(request.url) + len(request.body) > MAX_DECODED
    if not is_large:
        decoded = decode(request)
        events += decoded.events or ()
        found = sender_of(request, decoded)
        sender = found.title if found.name is not None else ""
        if decoded.events is None:
            own.append((decoded.json_text or "")[:MAX_TEXT])
    tokens = tuple(_tokens(events))
    values, is_cut = _shortened(_values(events).difference(tokens))
    host, source, page = host_at(request.url), exchange.source, exchange.page
    columns = (exchange.names, tokens, (host,), (source,), (page,), (*own, *values))
    event, token, *others, text = map(_joined, columns)
    return Facts(
        (event, token, others[0], others[1], others[2], text),
        _flags(exchange) + (CUT if is_large or is_cut else ""),
        frozenset(_terms(exchange, events, tokens, sender)),
        Counter(exchange.names),
        exchange.at,
        verdict_of(exchange),
        page,
    )


def _terms(
    exchange: Exchange, events: Iterable[Any], tokens: Iterable[str], sender: str
) -> Iterator[Term]:
    for name in exchange.names:
        yield Field.EVENT, name
    for token in tokens:
        yield Field.TOKEN, token
    for event in events:
        for properties in properties_of(event):
            for name in properties:
                yield Field.PROPERTY, name
    for finding in exchange.findings:
        yield Field.RULE, finding.rule
    for tag in tags_in(exchange.note):
        yield Field.TAG, tag
    for field, value in (
        (Field.SENDER, sender),
        (Field.HOST, host_at(exchange.request.url)),
        (Field.METHOD, exchange.request.method),
        (Field.SOURCE, exchange.source),
        (Field.PAGE, exchange.page),
    ):
        if value:
            yield field, value


def verdict_of(exchange: Exchange) -> int | None:
    """The verdict that is filtered by: of what was opened without an answer what is predicted.

    Many captures leave out the bodies of answers: a 200 without one says no more than none does.
    """
    reply = exchange.reply
    is_unknown = reply is None or (reply.status == 200 and not reply.body)
    if exchange.origin is Origin.OPENED and exchange.verdict is None and is_unknown:
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


def mark_of(number: int) -> str:
    """The mark for a number in `term`, written in characters that are for private use.

    They are no letters of the other marks, and what is one character long, as nearly all are,
    costs nothing in the index of beginnings.

    >>> number_of(mark_of(7)), number_of(mark_of(12_345)), number_of("a")
    (7, 12345, None)
    """
    mark = ""
    while number or not mark:
        number, digit = divmod(number, PRIVATE_CHARACTERS)
        mark = chr(PRIVATE + digit) + mark
    return mark


def number_of(mark: str) -> int | None:
    """The number that a mark stands for; None for those that stand for none."""
    number = 0
    for character in mark:
        digit = ord(character) - PRIVATE
        if not 0 <= digit < PRIVATE_CHARACTERS:
            return None
        number = number * PRIVATE_CHARACTERS + digit
    return number


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


def word_of(value: Any) -> str:
    """How a plain value is written where it is searched for; empty for what is no word.

    >>> word_of("a b"), word_of(2.50), word_of(7), word_of(True)
    ('a b', '2.5', '7', '')
    """
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return ""
    try:
        return repr(value)
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


def _values(events: Iterable[Any]) -> set[str]:
    """Every plain value in the properties of the events."""
    found = set()
    waiting: list[Any] = [each for event in events for each in properties_of(event)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        else:
            found.add(word_of(value))
    return found


def _shortened(values: set[str]) -> tuple[list[str], bool]:
    """The values in an order of their own, as far as they are kept; whether something is not."""
    kept: list[str] = []
    rest = MAX_TEXT
    for value in sorted(values):
        kept.append(value[: min(MAX_VALUE, rest)])
        rest -= len(kept[-1])
    return kept, sum(map(len, kept)) < sum(map(len, values))


def _joined(parts: Iterable[str]) -> str:
    return clean(" ".join(dict.fromkeys(parts)))
