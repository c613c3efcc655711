"""Payloads without a URL: Base64, JSON, a form body; they become requests to a default base."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from trackscope.capture.found import Captured
from trackscope.wire import json_text
from trackscope.wire.encoding import raw_bytes, to_base64, unwrap
from trackscope.wire.request import FORM_TYPE, TrackRequest, form_decode, form_encode

DEFAULT_BASE = "http://api.mixpanel.com/track/"

_FENCE = re.compile(r"\A\s*(?:```|~~~)[^\n]*\n(.*?)\n?[ \t]*(?:```|~~~)\s*\Z", re.DOTALL)
_QUOTED = re.compile(r"""\A[bB]?(["'`])(.*)\1\Z""", re.DOTALL)
_LABEL = re.compile(r"\Adata(?:=|:[ \t]*)(?!image/|text/|application/)")
_BEGINNING = re.compile(r"(?:%25|%)(?:7[Bb]|5[Bb])|e[w-z0-9+/]|W[w-z0-9+/]|ZX|Vz|H4sI")
"""JSON as Base64, percent-encoded, as Base64 in Base64 (`ZX`, `Vz`), or packed (`H4sI`)."""
_SCATTERED = re.compile(
    r"(?<![\w+/%-])(?=e[w-z0-9+/]|W[w-z0-9+/]|%7[Bb]|%5[Bb])[A-Za-z0-9+/_%-]{12,}={0,2}"
)
"""What may be a `data` value that stands somewhere in a text."""

_BASE64_OR_BLANKS = re.compile(r"[A-Za-z0-9+/_%= -]+")
_FORM = re.compile(r"\??(?:[\w$.%-]+=[^&\s]*&)*[\w$.%-]+=[^&\s]*&?", re.ASCII)
_HAS_DATA = re.compile(r"(?:\A\??|&)data=")
_RAW_JSON_FORM = re.compile(r"(?:[\w$.%-]+=[\w.%-]*&)*data=\s*[{\[]", re.ASCII)
_RECORD_KEY = re.compile(r'"(?:event|properties|\$token|\$distinct_id)"\s*:')
_SHORTEST = 12


def unfenced(text: str) -> str:
    """The text without a Markdown code fence around the whole of it."""
    match = _FENCE.match(text)
    return match.group(1) if match else text


def with_data(base: str, value: str) -> TrackRequest:
    """A GET to `base` whose `data` is this text; what is percent-encoded already stays so."""
    is_encoded = "%" in value
    literal = quote(raw_bytes(value), safe="%+/=-_.~") if is_encoded else form_encode(value)
    joint = "" if base.endswith(("?", "&")) else "&" if "?" in base else "?"
    return TrackRequest("GET", f"{base}{joint}data={literal}")


def looks_like_json(text: str) -> bool:
    """Whether the text begins as JSON does."""
    return unfenced(text).lstrip()[:1] in ("{", "[")


_BEYOND = ("json.depth", "json.number")
"""Defects of a text that is JSON, but more of it than is read."""


def read_json(text: str, base: str) -> Iterator[Captured]:
    """An event, a batch, or lines with an event each, as one GET with Base64.

    The JSON travels as it is written. What is no JSON but means to be an event is a payload too:
    the rules say what is wrong with it.
    """
    body = unfenced(text).strip()
    parsed = json_text.parse(body)
    notes: tuple[str, ...] = ()
    if parsed.defect is None:
        values = parsed.value if isinstance(parsed.value, list) else [parsed.value]
        if values and not any(isinstance(each, dict) for each in values):
            return
    elif lines := _json_lines(body):
        notes = (f"{len(lines)} lines read as one batch",)
        body = "[" + ",\n".join(lines) + "]"
    elif parsed.defect.rule not in _BEYOND and not _RECORD_KEY.search(body):
        return
    request = with_data(base, to_base64(body))
    yield Captured(request, "JSON", None, notes)


def holds_records(text: str) -> bool:
    """Whether JSON (or each of its lines) is events or profiles, not rows about them."""
    body = unfenced(text).strip()
    if body[:1] not in ("{", "["):
        return False
    parsed = json_text.parse(body)
    if parsed.defect is not None:
        lines = _json_lines(body)
        if not lines:
            return _RECORD_KEY.search(body) is not None
        return any(_is_record(json_text.parse(line).value) for line in lines)
    values = parsed.value if isinstance(parsed.value, list) else [parsed.value]
    return any(map(_is_record, values))


def _is_record(value: Any) -> bool:
    return isinstance(value, dict) and ("event" in value or "$token" in value)


def _json_lines(body: str) -> list[str]:
    """The lines of NDJSON; none if one of them is no object."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    if len(lines) < 2:
        return []
    are_objects = (line.startswith("{") and json_text.parse(line).defect is None for line in lines)
    return lines if all(are_objects) else []


def looks_like_form(text: str) -> bool:
    """Whether every line is a form body or query with `data`."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return bool(lines) and all(map(_is_form, lines))


def _is_form(line: str) -> bool:
    if _RAW_JSON_FORM.match(line):
        return True
    return "&" in line and bool(_FORM.fullmatch(line)) and bool(_HAS_DATA.search(line))


def read_form(text: str, base: str) -> Iterator[Captured]:
    """Every line as a POST with that body; one that begins with `?` as the query of a GET."""
    for number, line, start in _lines(text):
        if line.startswith("?"):
            joint = "&" if "?" in base else "?"
            request = TrackRequest("GET", base + joint + line[1:])
        else:
            body = line.encode("utf-8", "surrogatepass")
            request = TrackRequest("POST", base, (("Content-Type", FORM_TYPE),), body)
        yield Captured(request, f"line {number}", (start, start + len(line)))


def looks_like_base64(text: str) -> bool:
    """Whether the first line is a `data` value: Base64, or percent-encoded JSON."""
    line = _value(unfenced(text).strip().partition("\n")[0])
    return _is_value(line)


def is_data(text: str) -> bool:
    """Whether a text is a `data` value that can be read: Base64, or percent-encoded JSON."""
    value = _value(text)
    return _is_value(value) and _is_readable(value)


def _is_value(line: str) -> bool:
    if len(line) < _SHORTEST or not _BEGINNING.match(line) or "://" in line[:12]:
        return False
    if " " not in line:
        return _BASE64_OR_BLANKS.match(line, 0, 16) is not None and "\t" not in line
    return bool(_BASE64_OR_BLANKS.fullmatch(line)) and _is_readable(line)


def _value(line: str) -> str:
    """A value without the blanks, quotes, `data=` and comma around it."""
    line = line.strip().rstrip(",;").rstrip()
    for _ in range(2):
        quoted = _QUOTED.match(line)
        line = quoted.group(2) if quoted else line
        line = _LABEL.sub("", line, count=1).strip()
    return line


def read_base64(text: str, base: str) -> Iterator[Captured]:
    """Every value as a GET: one a line, or one a paragraph where it is wrapped over lines."""
    for lines in _paragraphs(text):
        values = [_value(line) for _, line, _ in lines]
        if len(values) > 1 and not any(map(_is_readable, values)):
            joined = _value("".join(values))
            note = (f"put together from {len(values)} lines",)
            span = (lines[0][2], lines[-1][2] + len(lines[-1][1]))
            yield Captured(with_data(base, joined), f"line {lines[0][0]}", span, note)
            continue
        for value, (number, line, start) in zip(values, lines, strict=True):
            if _is_value(value):
                span = (start, start + len(line))
                yield Captured(with_data(base, value), f"line {number}", span)


def scattered_place(text: str) -> int:
    """Where the first event in Base64 (or percent-encoded) stands in a text; -1 for nowhere."""
    return next((each.start() for each in _scattered(text)), -1)


def read_scattered(text: str, base: str) -> Iterator[Captured]:
    """The payloads that stand somewhere in a text, as in the debug output of an SDK."""
    line = counted = 0
    for match in _scattered(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        yield Captured(with_data(base, match.group()), f"line {line + 1}", match.span())


def _scattered(text: str) -> Iterator[re.Match[str]]:
    for match in _SCATTERED.finditer(text):
        value = match.group()
        inner = unwrap(form_decode(value) if "%" in value else value).text
        if inner is not None and holds_records(inner):
            yield match


def _is_readable(value: str) -> bool:
    text = unwrap(form_decode(value) if "%" in value else value).text
    return text is not None and json_text.parse(text).defect is None


def _lines(text: str) -> Iterator[tuple[int, str, int]]:
    """Number, stripped text and offset of each line that is not blank."""
    place = 0
    for number, line in enumerate(text.split("\n"), 1):
        if stripped := line.strip():
            yield number, stripped, place + line.index(stripped[0])
        place += len(line) + 1


def _paragraphs(text: str) -> Iterator[list[tuple[int, str, int]]]:
    paragraph: list[tuple[int, str, int]] = []
    for line in _lines(text):
        if paragraph and line[0] != paragraph[-1][0] + 1:
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph
