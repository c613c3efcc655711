"""Requests that JSON describes: what API clients, proxies, recorders and this program export."""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any

import pybase64

from trackscope.capture import field
from trackscope.capture.found import Captured, carried
from trackscope.wire import json_text
from trackscope.wire.encoding import raw_bytes
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest, form_encode

Described = dict[str, Any]
Body = tuple[bytes, str]
"""A body, and why it is not whole (empty where it is)."""

MAX_STEP = 40
"""Characters of a key that are kept in a position."""


def holds(text: str) -> bool:
    """Whether JSON describes a request, or has events or payloads somewhere within.

    Strings with URLs in them do not count: they are found in any text.
    """
    if text.lstrip()[:1] not in ("{", "["):
        return False
    return any(_holds_one(each) for _, each in _values(json_text.parse(text).value))


def _holds_one(value: Any) -> bool:
    if isinstance(value, str):
        return "://" not in value and next(field.read(value), None) is not None
    return is_request(value) or field.are_records(value)


def read(text: str, base: str) -> Iterator[Captured]:
    """The requests of a JSON text, in order; `base` is not used."""
    return found_in(json_text.parse(text).value)


def found_in(value: Any) -> Iterator[Captured]:
    """The requests a JSON value describes, its events and its URLs; the position is a pointer."""
    for pointer, each in _values(value):
        position = f"at {pointer}" if pointer else "JSON"
        if isinstance(each, str):
            yield from (replace(found, position=position) for found in field.read(each))
        elif field.are_records(each):
            yield replace(field.from_records(each, json_text.dumps(each)), position=position)
        elif captured := request_of(each):
            yield replace(captured, position=position)


def _values(value: Any) -> Iterator[tuple[str, Any]]:
    """Every value with its place, in order; what is a request or a record is not entered."""
    pending = [("", value)]
    while pending:
        pointer, each = pending.pop()
        yield pointer, each
        if field.are_records(each) or is_request(each):
            continue
        if isinstance(each, dict):
            inner = [(f"{pointer}/{key[:MAX_STEP]}", below) for key, below in each.items()]
        elif isinstance(each, list):
            inner = [(f"{pointer}/{index}", below) for index, below in enumerate(each)]
        else:
            continue
        pending += reversed([pair for pair in inner if isinstance(pair[1], (dict, list, str))])


def is_request(value: Any) -> bool:
    """Whether a JSON value is an object that describes a request."""
    return isinstance(value, dict) and isinstance(value.get("method"), str) and bool(_url(value))


def request_of(value: Any) -> Captured | None:
    """The request that an object describes, without its position; None where it does not."""
    if not is_request(value):
        return None
    url = _url(value)
    inner = value.get("request")  # Charles has headers and body one level deeper
    source = inner if isinstance(inner, dict) else value
    headers, secrets = carried(tuple(_headers(source)))
    body, problem = _body(source)
    answer = _first(value, ("answer", "answered", "response"), dict) or {}
    return Captured(
        TrackRequest(value["method"].upper(), url, headers, body),
        "",
        notes=(*_notes(value, url), *secrets),
        at=moment(_sent_at(value)),
        reply=_reply(answer),
        took_ms=_number(answer.get("took_ms")),
        page=_text(value.get("page")),
        problem=problem,
    )


def _url(value: Described) -> str:
    """The URL as a client has it (one string), or as proxies and recorders do (in parts)."""
    given = value.get("url")
    given = given.get("raw") if isinstance(given, dict) else given  # Postman has an object
    url = _text(given)
    if url:
        return _with_parameters(url, value.get("parameters"))
    target = value.get("target")
    if isinstance(target, str) and target[:1] == "/":  # a recorder
        host = next((each for name, each in _headers(value) if name.lower() == "host"), "")
        scheme = "https" if value.get("listener") == "https" else "http"
        return f"{scheme}://{host}{target}"
    server, path = value.get("host"), value.get("path")
    if isinstance(server, str) and isinstance(path, str) and "scheme" in value:  # Charles
        query = value.get("query")
        return f"{value['scheme']}://{server}{path}" + (f"?{query}" if query else "")
    return ""


def _with_parameters(url: str, parameters: Any) -> str:
    """Insomnia keeps the query beside the URL."""
    query = "&".join(_pairs(parameters)) if isinstance(parameters, list) else ""
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


def _headers(value: Described) -> Iterator[tuple[str, str]]:
    headers = _first(value, ("headers", "header"), (list, dict, str))
    if isinstance(headers, dict) and isinstance(headers.get("headers"), list):
        headers = headers["headers"]
    if isinstance(headers, str):
        headers = [line.split(":", 1) for line in headers.splitlines()]
    for each in headers.items() if isinstance(headers, dict) else headers or ():
        name, content = _named(each) or ("", None)
        if name and isinstance(content, str):
            yield name, content.strip()


def _named(each: Any) -> tuple[str, Any] | None:
    """A name and its value, as a pair or as an object; None for one that is switched off."""
    if isinstance(each, dict):
        pair = each.get("name", each.get("key")), each.get("value", "")
        if each.get("disabled") is True:
            return None
    elif isinstance(each, (list, tuple)) and len(each) == 2:
        pair = (each[0], each[1])
    else:
        return None
    return (pair[0].strip(), pair[1]) if isinstance(pair[0], str) else None


def _pairs(parameters: list[Any]) -> Iterator[str]:
    for name, content in filter(None, map(_named, parameters)):
        yield f"{form_encode(name)}={form_encode(str(content))}"


def _body(value: Described) -> Body:
    packed = _first(value, ("body_base64", "body_b64"), str)
    if packed:
        return _unpacked(packed)
    body = _first(value, ("body", "postData", "data", "payload"), (str, dict, list))
    if isinstance(body, str):
        return raw_bytes(body), ""
    if isinstance(body, list):
        return raw_bytes(json_text.dumps(body)), ""
    return structured(body) if body else (b"", "")


def _unpacked(packed: str) -> Body:
    try:
        return pybase64.b64decode(packed.encode("ascii"), validate=True), ""
    except (ValueError, binascii.Error):
        return b"", "the Base64 of its body is damaged"


def structured(body: Described) -> Body:
    """A body as Postman, Insomnia, HAR and Charles describe it; else it is JSON itself."""
    if body.get("encoding") == "base64" and isinstance(body.get("text"), str):
        return _unpacked(body["text"])
    for name, read in _BODIES.items():
        if body.get(name):
            return read(body[name])
    if _BODY_KEYS & body.keys():
        return b"", ""
    return raw_bytes(json_text.dumps(body)), ""


def _plain(value: Any) -> Body:
    return (raw_bytes(value), "") if isinstance(value, str) else (b"", "its body is no text")


def _form(value: Any) -> Body:
    pairs = _pairs(value) if isinstance(value, list) else ()
    return "&".join(pairs).encode("utf-8", "surrogatepass"), ""


def _fields(value: Any) -> Body:
    """A multipart form, shown as a form body; files are not read."""
    parts = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    files = [each for each in parts if "src" in each]
    texts = [each for each in parts if "src" not in each]
    return _form(texts)[0], "its body has files in it, which are not read" if files else ""


_BODIES: dict[str, Callable[[Any], Body]] = {
    "raw": _plain,
    "text": _plain,
    "encoded": lambda value: _unpacked(value) if isinstance(value, str) else (b"", ""),
    "urlencoded": _form,
    "params": _form,
    "formdata": _fields,
    "file": lambda _: (b"", "its body is in a file, which is not read"),
    "fileName": lambda _: (b"", "its body is in a file, which is not read"),
}
_BODY_KEYS = frozenset(("mode", "mimeType", "size"))


def _reply(answer: Described) -> Reply | None:
    status = answer.get("status")
    if not isinstance(status, int) or isinstance(status, bool):
        return None
    try:
        body = bytes.fromhex(_text(answer.get("body_hex")))
    except ValueError:
        body = b""
    return Reply(status, tuple(_headers(answer)), body or _body(answer)[0])


def _notes(value: Described, url: str) -> Iterator[str]:
    if note := _text(value.get("note")):
        yield note
    if "{{" in url:
        yield "a variable in the URL is kept as it is written"


def moment(given: Any) -> float | None:
    """Seconds since 1970 of a number, or of a date and time (UTC where it names no zone)."""
    if not isinstance(given, str):
        return _number(given)
    try:
        return _number(float(given))
    except ValueError:
        pass
    try:
        read = datetime.fromisoformat(given.strip())
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _sent_at(value: Described) -> Any:
    times = value.get("times")
    given = value.get("at", value.get("startedDateTime"))
    return times.get("start") if given is None and isinstance(times, dict) else given


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value) if isfinite(value) else None
    except OverflowError:
        return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _first(value: Described, names: tuple[str, ...], kinds: Any) -> Any:
    """The first of these members that is of one of these types; None where none is."""
    return next((value[name] for name in names if isinstance(value.get(name), kinds)), None)
