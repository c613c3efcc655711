"""The fast path from a request to what it carries, for what is well-formed.

`glance` answers only where `decode` finds the same parameters and events, with no defect and
no repair but JSON that stands for Base64. Anything odd is None and left to `decode`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from pybase64 import b64decode

from trackscope.wire.json_text import MAX_DEPTH
from trackscope.wire.request import TrackRequest, form_decode, is_form

Params = tuple[tuple[str, str], ...]

MAX_PIECES = 100
"""Pieces of a query or form that are looked at: more than any SDK sends."""

MAX_KEPT = 64
"""Characters of a query beside `data` whose parameters are kept for the next request."""

_FLAGS = frozenset(("ip", "img", "test", "verbose"))

_EXACT = float(2**63)
"""Integers beyond may have become floats while parsing, which lose digits."""

_DEEP = MAX_DEPTH - 4
"""Levels below the properties of an event in a batch that are surely within the limit."""

_FLAT = frozenset((str, int, bool, type(None)))
"""Types whose values hold nothing more and are read alike by every parser."""

_ESCAPES = tuple((f"%{ord(each):02X}", each) for each in '+/="{}:, []\\$@&;\n')
"""What encoders escape most, of Base64 first; never `%`, which could make a new escape."""

_ESCAPE = re.compile(rb"\\.")


class Glance(NamedTuple):
    """What a request carries, as in `Decoded`.

    `params` are names and values in order; `is_usual` tells that those beside `data` are flags of
    0 or 1 and what is sent against caches, each once. `json` is the payload as UTF-8, `repair` the
    rule of what had to be put right, or empty. `names` are those of the events that have one.
    `kinds` are the types of the property values of each event, in order; none where it has no
    properties.

    >>> glance_at_url("http://h/track?ip=1&data=eyJldmVudCI6ImEifQ%3D%3D").names
    ['a']
    """

    params: Params
    is_usual: bool
    transport: str
    json: bytes
    repair: str
    events: list[Any]
    names: list[str]
    kinds: list[list[type]]


def glance(request: TrackRequest) -> Glance | None:
    """What the request carries, or None where that takes a closer look."""
    if not request.body:
        return glance_at_url(request.url)
    try:
        return _at_body(request)
    except ValueError:
        return None


def glance_at_url(url: str) -> Glance | None:
    """What a request without a body carries, or None where that takes a closer look."""
    try:
        before, _, rest = url[url.index("?") + 1 :].partition("data=")
        value, _, after = rest.partition("&")
        if "%" in value or "+" in value:
            value = _plain(value)
        if (before and before[-1] != "&") or not value or "#" in url:
            return None
        params, is_usual = _with_data(before, value, after)
        if value[0] in "{[":
            return _carried(params, is_usual, "query-json", value.encode(), "data.raw-json")
        return _carried(params, is_usual, "query-base64", b64decode(value, None, True), "")
    except ValueError:  # no query, no Base64, no UTF-8, no JSON, or too much of it
        return None


def _at_body(request: TrackRequest) -> Glance | None:
    """What a request with a body carries."""
    place = request.url.find("?") + 1
    if "#" in request.url:
        return None
    query = _pieces(request.url[place:] if place else "")
    if not is_form(request):
        if "data" in dict(query):
            return None
        return _carried(query, False, "body-json", request.body, "data.json-body")
    params = query + _pieces(request.body.decode("ascii"))
    carrier = "query" if "data" in dict(query) else "form"
    data = next((value for name, value in params if name == "data"), "")
    if not data:
        return None
    if data[0] in "{[":
        return _carried(params, False, f"{carrier}-json", data.encode(), "data.raw-json")
    return _carried(params, False, f"{carrier}-base64", b64decode(data, None, True), "")


def _with_data(before: str, data: str, after: str) -> tuple[Params, bool]:
    """The parameters of a query, given the pieces before and after `data`."""
    stamp: Params = ()
    if after[-16:-13] == "&_=" and after[-13:].isdigit():  # never twice the same
        after, stamp = after[:-16], (("_", after[-13:]),)
    beside = _kept_beside if len(before) + len(after) <= MAX_KEPT else _beside
    first, last, is_usual = beside(before, after)
    return (*first, ("data", data), *last, *stamp), is_usual


def _beside(before: str, after: str) -> tuple[Params, Params, bool]:
    """The parameters before and after `data`, and whether they are usual (see `Glance`)."""
    first, last = _pieces(before), _pieces(after)
    found = dict(first + last)
    if "data" in dict(first):  # in another spelling
        raise ValueError
    is_usual = len(found) == len(first) + len(last) and all(
        name in _FLAGS and value in ("", "0", "1") for name, value in found.items()
    )
    return first, last, is_usual


_kept_beside = lru_cache(maxsize=256)(_beside)
"""The same, remembered: nearly all requests have the same parameters beside `data`."""


def _pieces(text: str) -> Params:
    """The parameters of a query or form; ValueError where there are more than are looked at."""
    pieces = text.split("&")
    if len(pieces) > MAX_PIECES:
        raise ValueError
    pairs = [piece.partition("=") for piece in pieces if piece]
    return tuple([(form_decode(name), _plain(value)) for name, _, value in pairs])


def _plain(value: str) -> str:
    """A value form-decoded: of Base64 three characters are escaped, of JSON some more."""
    plain = value.replace("+", " ") if "+" in value else value
    if plain[-3:] == "%3D":
        plain = plain[:-6] + "==" if plain[-6:] == "%3D%3D" else plain[:-3] + "="
    for escape, character in _ESCAPES:
        if "%" not in plain:
            return plain
        plain = plain.replace(escape, character)
    return form_decode(value) if "%" in plain else plain


def _carried(
    params: Params, is_usual: bool, transport: str, json: bytes, repair: str
) -> Glance | None:
    """The glance at a payload, if orjson reads it as the standard library does."""
    value = orjson.loads(json)
    if json[0] not in b"{[":  # it may be hidden behind more blanks than are looked at
        return None
    events = value if type(value) is list else [value]
    names = []
    kinds = []
    strings = 0
    for event in events:
        if type(event) is not dict:
            return None
        name, properties = event.get("event"), event.get("properties")
        if type(name) is str:
            names.append(name)
        if type(properties) is dict and type(name) is str and len(event) == 2:
            found = [*map(type, properties.values())]
            count = found.count(str)
            strings += 3 + len(found) + count
            within = 0
            if count + found.count(int) != len(found) and not _FLAT.issuperset(found):
                within = _strings_within(properties.values())
        else:
            found = [*map(type, properties.values())] if type(properties) is dict else []
            within = _strings_within((event,))
        if within < 0:
            return None
        strings += within
        kinds.append(found)
    if json.count(b'"') != 2 * strings and _has_more_strings(json, strings):
        return None
    return Glance(params, is_usual, transport, json, repair, events, names, kinds)


def _strings_within(values: Iterable[Any]) -> int:
    """Keys and strings in the containers among the values; -1 if deep, or a number is inexact."""
    count = 0
    for depth in range(_DEEP):
        inner: list[Any] = []
        for value in values:
            kind = type(value)
            if kind is str:
                count += depth > 0
            elif kind is float:
                if not -_EXACT < value < _EXACT:
                    return -1
            elif kind is dict:
                count += len(value)
                inner += value.values()
            elif kind is list:
                inner += value
        if not inner:
            return count
        values = inner
    return -1


def _has_more_strings(json: bytes, strings: int) -> bool:
    """Whether the text has more strings than its value: then some key stands twice."""
    escaped = _ESCAPE.findall(json).count(b'\\"')
    return json.count(b'"') - escaped != 2 * strings
