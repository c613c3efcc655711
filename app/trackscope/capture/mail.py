"""The source of e-mails: parts in Base64 or quoted-printable, one message or a mailbox of many."""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message
from email.parser import BytesHeaderParser

from trackscope.capture import html
from trackscope.capture import text as prose
from trackscope.capture.format import Format
from trackscope.capture.found import Captured
from trackscope.capture.lines import lines
from trackscope.capture.payload import DEFAULT_BASE
from trackscope.capture.report import Report
from trackscope.capture.stream import Stream, as_text
from trackscope.wire.encoding import raw_bytes

MAX_MESSAGE = 8 * 1024 * 1024
"""Bytes of one message that are read: what is beyond them is attachments, not texts."""

MAX_HEADERS = 64 * 1024
"""Bytes of a part's headers that are read."""

MAX_LEVELS = 10
"""How deep parts may stand in parts."""

MAX_PARTS = 1000
"""Parts of one message that are read."""

_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:|[ \t]")
_OF_MAIL = re.compile(
    rb"^(?:from|to|subject|date|mime-version|received|return-path|message-id|delivered-to"
    rb"|reply-to|dkim-signature|list-unsubscribe):",
    re.IGNORECASE | re.MULTILINE,
)
_POSTMARK = re.compile(rb"From \S+ .*\d\d:\d\d")
"""The line between the messages of a mailbox (RFC 4155)."""

_TEXTS = ("text/", "application/json", "application/x-ndjson", "application/har+json")
"""Types of parts in which URLs are looked for."""

_SLOW_CODECS = frozenset(("idna", "punycode"))
"""Codecs of host names: they take quadratic time."""

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_NOT_QUOTED_PRINTABLE = re.compile(r"=(?![0-9A-F]{2}|[ \t]*(?:\r?\n|\Z))")
_SOFT_BREAK = re.compile(r"=[ \t]*\r?\n")


def is_it(head: bytes) -> bool:
    """Whether it begins with headers, two of which only mails have."""
    if _POSTMARK.match(head):
        head = head.partition(b"\n")[2]
    headers = _END_OF_HEADERS.split(head[:MAX_HEADERS], maxsplit=1)[0]
    if not all(_FIELD.match(line) for line in headers.split(b"\n")):
        return False
    return len({name.lower() for name in _OF_MAIL.findall(headers)}) >= 2


def is_quoted_printable(text: str) -> bool:
    """Whether a text is a piece of a mail's source, without the headers that would say so."""
    if "=3D" not in text or _SOFT_BREAK.search(text) is None:
        return False
    return _NOT_QUOTED_PRINTABLE.search(text) is None


def read_quoted_printable(text: str, base: str) -> Iterator[Captured]:
    """The URLs of such a piece; lines are counted as they are when it is decoded."""
    plain = as_text(binascii.a2b_qp(raw_bytes(text)))
    read_piece = html.read if html.place(plain) >= 0 else prose.read
    for found in read_piece(plain, base):
        yield replace(found, span=None, notes=("quoted-printable decoded", *found.notes))


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a message without parts of its own: its type and its decoded text."""

    kind: str
    text: str


def read(stream: Stream, report: Report) -> Iterator[Captured]:
    """The tracking URLs of every message; one that stands in two parts of it counts once."""
    number = 0
    for number, message in enumerate(_messages(stream, report), 1):
        seen: set[str] = set()
        for part_number, part in enumerate(_parts(message, report), 1):
            position = f"message {number}, part {part_number}"
            read_part = html.read if part.kind == "text/html" else prose.read
            for found in read_part(part.text, DEFAULT_BASE):
                if found.request.url in seen:
                    report.pass_over("stands in another part of the mail too")
                    continue
                seen.add(found.request.url)
                yield replace(found, position=f"{position}, {found.position}", span=None)


def _messages(stream: Stream, report: Report) -> Iterator[bytes]:
    """Each message of a mailbox; the whole where it is one message."""
    message = bytearray()
    is_after_blank = True
    for _, line in lines(stream, report):
        if is_after_blank and _POSTMARK.match(line):
            if message:
                yield bytes(message)
            message.clear()
        elif len(message) + len(line) <= MAX_MESSAGE:
            message += line
        else:
            limit = f"{MAX_MESSAGE // 1024 // 1024} MB"
            report.tell(f"A message is longer than {limit}: its end was not read.")
        is_after_blank = not line.strip()
    if message:
        yield bytes(message)


def _parts(message: bytes, report: Report) -> Iterator[_Part]:
    """The texts of a message, in order, parts of parts too."""
    pending = [(message, 0)]
    count = 0
    while pending and count < MAX_PARTS:
        source, level = pending.pop()
        count += 1
        headers, body = _split(source)
        kind = headers.get_content_type()
        if kind == "message/rfc822" and level < MAX_LEVELS:
            pending.append((_decoded(headers, body, report), level + 1))
        elif kind.startswith("multipart/") and level < MAX_LEVELS:
            inner = _between(body, headers.get_boundary(""))
            pending += [(each, level + 1) for each in reversed(inner)]
            if not inner:
                report.tell("The parts of a mail are not marked off as it says: it was read whole.")
                yield _Part("text/plain", as_text(body))
        elif kind.startswith(_TEXTS):
            yield _Part(kind, _text(headers, _decoded(headers, body, report)))
        elif level >= MAX_LEVELS:
            report.tell(f"A mail's parts are nested deeper than {MAX_LEVELS} levels.")
        else:
            report.pass_over(f"an attachment of type {kind[:60]}")
    if pending:
        report.conclude(f"A mail has more than {MAX_PARTS:,} parts: the others were not read.")


def _split(part: bytes) -> tuple[Message, bytes]:
    """A part's headers, as the standard library reads them, and the bytes after them."""
    if part.startswith((b"\n", b"\r\n")):
        return Message(), part.partition(b"\n")[2]
    end = _END_OF_HEADERS.search(part, 0, MAX_HEADERS)
    head, body = (part[: end.start()], part[end.end() :]) if end else (part[:MAX_HEADERS], b"")
    return BytesHeaderParser().parsebytes(head + b"\n\n"), body


def _between(body: bytes, boundary: str) -> list[bytes]:
    """What stands between the boundaries; after a missing last one, what there is."""
    mark = re.escape(boundary.encode("utf-8", "surrogateescape"))
    line = re.compile(rb"^--" + mark + rb"(?:--)?[ \t]*\r?$", re.MULTILINE)
    pieces = line.split(body, maxsplit=MAX_PARTS)
    return [piece.removeprefix(b"\n") for piece in pieces[1:] if piece.strip()]


def _decoded(headers: Message, body: bytes, report: Report) -> bytes:
    encoding = str(headers.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding != "base64":
        return body
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        report.tell("A part of a mail is damaged Base64: it was read as far as it goes.")
        return _as_far_as_it_goes(body)


def _as_far_as_it_goes(body: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    return binascii.a2b_base64(letters[: len(letters) // 4 * 4])


def _text(headers: Message, content: bytes) -> str:
    """The text in the charset that is named, if Python knows it; else as any text is read."""
    charset = headers.get_content_charset()
    if charset in (None, "utf-8", "us-ascii"):
        return as_text(content)
    try:
        if codecs.lookup(charset).name in _SLOW_CODECS:
            return as_text(content)
        return content.decode(charset, "replace")
    except (LookupError, ValueError):  # no charset, or a codec that makes no text
        return as_text(content)


MAIL = Format("mail", "an e-mail", is_it, read)
