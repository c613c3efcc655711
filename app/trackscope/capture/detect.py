"""Finds out what a pasted text is and reads the tracking requests in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from types import MappingProxyType

from trackscope.capture import (
    curl,
    described,
    html,
    http_text,
    mail,
    payload,
    powershell,
    script,
    text,
)
from trackscope.capture.format import Format
from trackscope.capture.found import Captured, Found
from trackscope.capture.mail import MAIL
from trackscope.capture.multipart import as_form
from trackscope.capture.ndjson import NDJSON
from trackscope.capture.payload import DEFAULT_BASE
from trackscope.capture.report import Report
from trackscope.capture.shape import has_endpoint, may_be_meant, why_not
from trackscope.capture.stream import HEAD, Stream
from trackscope.capture.table import TABLE
from trackscope.wire.encoding import raw_bytes

MAX_TEXT = 32 * 1024 * 1024
"""Characters of pasted text that are read (hardening, E1)."""

MAX_REQUESTS = 100_000
"""Requests that are taken out of one text; what comes after them is counted."""

BINARY = "This is binary data, not text."
NEXT_STEP = "Paste a tracking URL, a curl command, Base64, JSON, or a form body."


@dataclass(frozen=True, slots=True)
class Form:
    """One form a text can have: where in the text it begins (-1: it has not), and how to read it.

    `has_prose` says that URLs between what `read` found count too.
    """

    kind: str
    place: Callable[[str], int]
    read: Callable[[str, str], Iterator[Captured]]
    has_prose: bool = False


def _if(is_so: Callable[[str], bool]) -> Callable[[str], int]:
    """The place of a form that the text has as a whole."""
    return lambda source: 0 if is_so(source) else -1


WHOLE: tuple[Form | Format, ...] = (
    Form("mail", _if(mail.is_quoted_printable), mail.read_quoted_printable),
    Form("text", _if(text.is_list), text.read_list),
    Form("url", _if(text.is_one_url), text.read),
    Form("json", _if(payload.holds_records), payload.read_json),
    NDJSON,
    Form("json", _if(described.holds), described.read),
    MAIL,
    TABLE,
    Form("form", _if(payload.looks_like_form), payload.read_form),
    Form("base64", _if(payload.looks_like_base64), payload.read_base64),
)
"""What a text is as a whole, in the order in which they are tried; files are pasted, too."""

WITHIN = (
    Form("http", http_text.place, http_text.read, has_prose=True),
    Form("curl", curl.place, curl.read, has_prose=True),
    Form("powershell", powershell.place, powershell.read, has_prose=True),
    Form("javascript", script.javascript_place, script.read_javascript, has_prose=True),
    Form("python", script.python_place, script.read_python, has_prose=True),
    Form("html", html.place, html.read),
)
"""What may stand anywhere in a text: the one that begins first is tried first."""

LAST = (
    Form("text", _if(text.looks_like), text.read),
    Form("json", _if(payload.looks_like_json), payload.read_json),
    Form("base64", payload.scattered_place, payload.read_scattered),
)


def _forms(source: str) -> Iterator[Form | Format]:
    """The forms the text may have, the likeliest first."""
    yield from (form for form in WHOLE if _is(form, source))
    places = ((form.place(source), form) for form in WITHIN)
    within = sorted((each for each in places if each[0] >= 0), key=lambda each: each[0])
    yield from (form for _, form in within)
    yield from (form for form in LAST if form.place(source) >= 0)


def _is(form: Form | Format, source: str) -> bool:
    if isinstance(form, Format):
        return form.is_it(raw_bytes(source[:HEAD]))
    return form.place(source) >= 0


def _requests(form: Form | Format, source: str, base: str, report: Report) -> Iterator[Captured]:
    if isinstance(form, Format):
        return form.read(Stream(BytesIO(raw_bytes(source))), report)
    return form.read(source, base)


def read_text(source: str, base: str = DEFAULT_BASE, hosts: Set[str] = frozenset()) -> Found:
    """The tracking requests of a text, whatever form they have.

    Nothing is run, opened or fetched, and time grows with the length of the text only. `base` is
    the URL for payloads that come without one; `hosts` are as in `why_not`.

    >>> found = read_text("curl http://h/track/ -d 'data=e30='")
    >>> found.kind, found.requests[0].request.body
    ('curl', b'data=e30=')
    """
    if len(source) > MAX_TEXT:
        limit = f"{MAX_TEXT // 1024 // 1024} MB"
        return _nothing("text", f"The text is longer than {limit}. Paste a part of it.")
    source = source.removeprefix("\ufeff")
    if not source.strip():
        return _nothing("text", f"There is nothing to read. {NEXT_STEP}")
    if "\0" in source:
        return _nothing("text", f"{BINARY} {NEXT_STEP}")
    best: Found | None = None
    for form in _forms(source):
        found = _read(form, source, base, hosts)
        if found.requests:
            return found
        best = best if best and best.passed_over else found
    return best or _nothing("text", f"No tracking request was found in this text. {NEXT_STEP}")


def _nothing(kind: str, problem: str) -> Found:
    return Found((), kind, problem=problem)


def _read(form: Form | Format, source: str, base: str, hosts: Set[str]) -> Found:
    report = Report()
    rest = map(as_form, _requests(form, source, base, report))
    read = list(islice(rest, MAX_REQUESTS))
    if beyond := sum(1 for _ in rest):
        report.pass_over(f"beyond the first {MAX_REQUESTS:,}", beyond)
        report.conclude(f"It has more than {MAX_REQUESTS:,} requests: the others were not read.")
    elif isinstance(form, Form) and form.has_prose:
        between = islice(_between(read, source), MAX_REQUESTS)
        read = sorted([*read, *between], key=lambda each: each.span or (0, 0))
    reasons = [why_not(each.request, hosts) for each in read]
    if all(reasons):  # broken requests are better than none
        is_meant = may_be_meant if len(read) == 1 else has_endpoint
        reasons = [
            "" if is_meant(each.request) else reason
            for each, reason in zip(read, reasons, strict=True)
        ]
    report.passed_over.update(filter(None, reasons))
    kept = tuple(each for each, reason in zip(read, reasons, strict=True) if not reason)
    kind = _kind(form, len(read))
    problem = "" if kept else _problem(kind, len(read))
    passed_over = MappingProxyType(dict(report.passed_over))
    return Found(kept, kind, passed_over, problem, tuple(report.problems))


def _between(read: list[Captured], source: str) -> Iterator[Captured]:
    """The URLs that stand between the commands or calls."""
    for line, link in text.numbered(source, _links_between(read, source)):
        yield text.captured(link, f"line {line}")


def _links_between(read: list[Captured], source: str) -> Iterator[text.Link]:
    place = 0
    for each in read:
        start, end = each.span or (place, place)
        yield from text.links(source, place, start)
        place = max(place, end)
    yield from text.links(source, place, len(source))


def _kind(form: Form | Format, count: int) -> str:
    if form.kind == "text" and count:
        return "url" if count == 1 else "urls"
    return form.kind


_NAMES = {
    "url": "a URL",
    "urls": "URLs",
    "curl": "a curl command",
    "powershell": "a PowerShell command",
    "javascript": "JavaScript",
    "python": "Python",
    "html": "HTML",
    "json": "JSON",
    "base64": "Base64",
    "form": "a form body",
    "http": "HTTP messages",
    "ndjson": NDJSON.name,
    "mail": MAIL.name,
    "table": TABLE.name,
}


def _problem(kind: str, count: int) -> str:
    name = _NAMES.get(kind, "text")
    if not count:
        return f"This looks like {name}, but no request can be read from it. {NEXT_STEP}"
    requests = "its request is" if count == 1 else f"none of its {count:,} requests is"
    is_not = " not" if count == 1 else ""
    return (
        f"This looks like {name}, but {requests}{is_not} one of the tracking protocol: the path "
        f"ends in /track, /engage, /groups or /import, or data holds an event. {NEXT_STEP}"
    )
