"""Multipart forms: requests whose `data` travels as a field of one are shown with a form body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from trackscope.capture.found import Captured
from trackscope.wire.request import FORM_TYPE, MAX_PARAMS, form_encode

NOTE = "the multipart form is shown as a form body"

_BEGINNING = re.compile(rb"(?:\r?\n)*--([^\r\n]{1,200})\r?\n(?=content-)", re.IGNORECASE)
_NAME = re.compile(rb"content-disposition:[^\r\n]*?;[ \t]*name=\"?([^\"\r\n;]*)", re.IGNORECASE)
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


def as_form(captured: Captured) -> Captured:
    r"""The request with its fields as a form body, and a note; others stay as they are.

    >>> from trackscope.wire.request import TrackRequest
    >>> body = b'--x\r\nContent-Disposition: form-data; name="data"\r\n\r\ne30=\r\n--x--'
    >>> as_form(Captured(TrackRequest("POST", "http://h/track", (), body), "1")).request.body
    b'data=e30%3D'
    """
    request = captured.request
    mark = _BEGINNING.match(request.body)
    if mark is None:
        return captured
    fields = list(_fields(request.body, b"--" + mark[1]))
    if all(name != "data" for name, _ in fields):
        return captured
    pairs = (f"{form_encode(name)}={form_encode(value)}" for name, value in fields)
    kept = [pair for pair in request.headers if pair[0].lower() != "content-type"]
    headers = (*kept, ("Content-Type", FORM_TYPE))
    shown = replace(request, headers=headers, body="&".join(pairs).encode("ascii"))
    return replace(captured, request=shown, notes=(*captured.notes, NOTE))


def _fields(body: bytes, boundary: bytes) -> Iterator[tuple[str, str]]:
    for part in body.split(boundary, MAX_PARAMS)[1:]:
        end = _END_OF_HEADERS.search(part)
        name = _NAME.search(part, 0, end.start()) if end else None
        if end and name:
            content = part[end.end() :].removesuffix(b"\n").removesuffix(b"\r")
            yield _text(name[1]), _text(content)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")
