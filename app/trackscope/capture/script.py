"""Calls of Python (httpx, requests) and JavaScript (fetch, beacons) to requests; nothing is run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from trackscope.capture.found import Captured, carried
from trackscope.capture.literal import UNKNOWN, FormText, LiteralReader, NotLiteralError, as_form
from trackscope.wire.encoding import raw_bytes
from trackscope.wire.request import FORM_TYPE, TrackRequest

_SENDING = re.compile(
    r"(?<![\w$.])(?:window\.|globalThis\.|self\.)?(fetch|navigator\.sendBeacon)[ \t]*\("
)
_PYTHON = re.compile(
    r"(?<![\w.])(?:httpx|requests|client|session|self\.client|self\.session|s|http)"
    r"\.(get|post|put|patch|delete|head|options|request|stream)[ \t]*\("
)
_TEXT_TYPE = "text/plain;charset=UTF-8"
_NORMALISED = ("delete", "get", "head", "options", "post", "put")


def javascript_place(text: str) -> int:
    """Where `fetch(` or `navigator.sendBeacon(` stands first; -1 for nowhere."""
    return _place(text, _SENDING)


def python_place(text: str) -> int:
    """Where a call of httpx or requests stands first; -1 for nowhere."""
    return _place(text, _PYTHON)


def _place(text: str, pattern: re.Pattern[str]) -> int:
    match = pattern.search(text)
    return match.start() if match else -1


def read_javascript(text: str, base: str) -> Iterator[Captured]:
    """Every `fetch` and `sendBeacon` whose URL is a literal; `base` is not used."""
    for number, start, arguments, _, end in _calls(text, _SENDING, python=False):
        match = _SENDING.match(text, start)
        is_fetch = match is None or match.group(1) == "fetch"
        parts = _fetch(arguments) if is_fetch else _beacon(arguments)
        yield from _captured(parts, number, (start, end))


def read_python(text: str, base: str) -> Iterator[Captured]:
    """Every call of httpx or requests whose URL is a literal; `base` is not used."""
    for number, start, arguments, named, end in _calls(text, _PYTHON, python=True):
        match = _PYTHON.match(text, start)
        verb = match.group(1) if match else "get"
        if verb in ("request", "stream"):
            verb = str(arguments.pop(0) if arguments else named.get("method", "GET"))
        yield from _captured(_python_call(verb, arguments, named), number, (start, end))


Call = tuple[int, int, list[Any], dict[str, Any], int]


def _calls(text: str, pattern: re.Pattern[str], *, python: bool) -> Iterator[Call]:
    """Number, start, arguments and end of every call that can be read to its end."""
    place = number = 0
    while match := pattern.search(text, place):
        number += 1
        reader = LiteralReader(text, match.end(), python=python)
        try:
            arguments, named = reader.arguments()
        except NotLiteralError:
            place = max(reader.place, match.end())
            continue
        place = reader.place
        yield number, match.start(), arguments, named, place


Parts = tuple[str, Any, Any, Any, list[str]]
"""Method, URL, headers, body, notes."""


def _captured(parts: Parts, number: int, span: tuple[int, int]) -> Iterator[Captured]:
    method, url, headers, body, notes = parts
    if not isinstance(url, str) or "://" not in url[:12]:
        return
    pairs = list(_header_pairs(headers, notes))
    problem = "the body is computed by the script: it is missing" if body is UNKNOWN else ""
    if problem:
        notes.append(problem)
    implied = _implied_type(body)
    if implied and "content-type" not in {name.lower() for name, _ in pairs}:
        pairs.append(("Content-Type", implied))
    kept, secrets = carried(tuple(pairs))
    request = TrackRequest(method, url, kept, _body_bytes(body))
    every = tuple(dict.fromkeys((*notes, *secrets)))
    yield Captured(request, f"call {number}", span, every, problem=problem)


class _TypedText(str):
    """A text body for which the client adds this Content-Type."""

    __slots__ = ("content_type",)
    content_type: str


def _typed(text: str, content_type: str) -> _TypedText:
    typed = _TypedText(text)
    typed.content_type = content_type
    return typed


def _implied_type(body: Any) -> str:
    if isinstance(body, _TypedText):
        return body.content_type
    return FORM_TYPE if isinstance(body, FormText) else ""


def _body_bytes(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    return raw_bytes(body) if isinstance(body, str) else b""


def _header_pairs(headers: Any, notes: list[str]) -> Iterator[tuple[str, str]]:
    if headers is UNKNOWN:
        notes.append("the headers are computed by the script: they are missing")
    pairs = headers.items() if isinstance(headers, dict) else headers or ()
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            continue
        name, value = pair
        if value is UNKNOWN:
            notes.append(f"the header {name} is computed by the script: it is missing")
        elif value is not None:
            yield str(name), value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _fetch(arguments: list[Any]) -> Parts:
    url = arguments[0] if arguments else UNKNOWN
    options = arguments[1] if len(arguments) > 1 else None
    notes = ["the options are computed by the script: they are missing"] * (options is UNKNOWN)
    options = options if isinstance(options, dict) else {}
    method = str(options.get("method") or "GET")
    if method.lower() in _NORMALISED:
        method = method.upper()
    return method, url, options.get("headers"), _typed_by_browser(options.get("body")), notes


def _beacon(arguments: list[Any]) -> Parts:
    url = arguments[0] if arguments else UNKNOWN
    body = arguments[1] if len(arguments) > 1 else None
    return "POST", url, None, _typed_by_browser(body), []


def _typed_by_browser(body: Any) -> Any:
    """A body with the Content-Type that browsers send with it."""
    if isinstance(body, FormText):
        return _typed(body, f"{FORM_TYPE};charset=UTF-8")
    return _typed(body, _TEXT_TYPE) if isinstance(body, str) else body


def _python_call(verb: str, arguments: list[Any], named: dict[str, Any]) -> Parts:
    url = arguments[0] if arguments else named.get("url", UNKNOWN)
    notes = [f"{name}= is left out" for name in ("auth", "cookies", "files") if name in named]
    query = named.get("params")
    if query is UNKNOWN:
        notes.append("params= is computed by the script: it is missing")
    elif query and isinstance(url, str):
        url = _with_query(url, query, notes)
    body = next((named[name] for name in ("content", "data") if name in named), None)
    if len(arguments) > 1 and body is None and verb in ("post", "put", "patch"):
        body = arguments[1]
    if named.get("json", UNKNOWN) is not UNKNOWN:
        body = _typed(json.dumps(named["json"]), "application/json")
    elif "json" in named:
        body = UNKNOWN
    elif isinstance(body, dict | list):
        body = _form_or_unknown(body)
    return verb.upper(), url, named.get("headers"), body, notes


def _with_query(url: str, query: Any, notes: list[str]) -> str:
    form = _form_or_unknown(query)
    if not isinstance(form, str):
        notes.append("params= is computed by the script: it is missing")
        return url
    return f"{url}{'&' if '?' in url else '?'}{form}"


def _form_or_unknown(value: Any) -> Any:
    try:
        return as_form(value)
    except NotLiteralError:
        return UNKNOWN
