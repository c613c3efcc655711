"""Finds out what a pasted text is and reads the tracking requests in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

from trackscope.capture import curl, html, payload, powershell, script, text
from trackscope.capture.found import Captured, Found
from trackscope.capture.shape import has_endpoint, why_not
from trackscope.wire.request import TrackRequest

MAX_TEXT = 32 * 1024 * 1024
"""Characters of pasted text that are read (hardening, E1)."""

DEFAULT_BASE = "http://api.mixpanel.com/track/"

_NEXT_STEP = "Paste a tracking URL, a curl command, Base64, JSON, or a form body."


@dataclass(frozen=True, slots=True)
class Form:
    """One form a text can have: how to tell it, and how to read it.

    `has_prose` says that URLs between what `read` found count too.
    """

    kind: str
    looks_like: Callable[[str], bool]
    read: Callable[[str, str], Iterator[Captured]]
    has_prose: bool = False


FORMS = (
    Form("curl", curl.looks_like, curl.read, has_prose=True),
    Form("powershell", powershell.looks_like, powershell.read, has_prose=True),
    Form("url", text.is_one_url, text.read),
    Form("json", payload.holds_records, payload.read_json),
    Form("form", payload.looks_like_form, payload.read_form),
    Form("base64", payload.looks_like_base64, payload.read_base64),
    Form("javascript", script.looks_like_javascript, script.read_javascript, has_prose=True),
    Form("python", script.looks_like_python, script.read_python, has_prose=True),
    Form("html", html.looks_like, html.read),
    Form("text", text.looks_like, text.read),
    Form("json", payload.looks_like_json, payload.read_json),
)
"""In the order in which they are tried; the first that yields a tracking request is taken."""


def read_text(source: str, base: str = DEFAULT_BASE) -> Found:
    """The tracking requests of a text, whatever form they have.

    Nothing is run, opened or fetched, and time grows with the length of the text only. `base` is
    the URL for payloads that come without one.

    >>> found = read_text("curl http://h/track/ -d 'data=e30='")
    >>> found.kind, found.requests[0].request.body
    ('curl', b'data=e30=')
    """
    if len(source) > MAX_TEXT:
        return _nothing(
            "text", f"The text is longer than {MAX_TEXT // 1024 // 1024} MB. Open it as a file."
        )
    source = source.removeprefix("\ufeff")
    if not source.strip():
        return _nothing("text", f"There is nothing to read. {_NEXT_STEP}")
    if "\0" in source:
        return _nothing("text", f"This is binary data, not text. {_NEXT_STEP}")
    best: Found | None = None
    for form in FORMS:
        if form.looks_like(source):
            found = _read(form, source, base)
            if found.requests:
                return found
            best = best if best and best.passed_over else found
    return best or _nothing("text", f"No tracking request was found in this text. {_NEXT_STEP}")


def _nothing(kind: str, problem: str) -> Found:
    return Found((), kind, problem=problem)


def _read(form: Form, source: str, base: str) -> Found:
    read = list(form.read(source, base))
    if form.has_prose:
        read = sorted([*read, *_between(read, source)], key=lambda each: each.span or (0, 0))
    is_alone = len(read) == 1
    passed_over: Counter[str] = Counter()
    kept = []
    for each in read:
        reason = why_not(each.request)
        if reason and not (is_alone and has_endpoint(each.request)):
            passed_over[reason] += 1
        else:
            kept.append(each)
    kind = _kind(form, len(read))
    problem = "" if kept else _problem(kind, len(read))
    return Found(tuple(kept), kind, MappingProxyType(dict(passed_over)), problem)


def _between(read: list[Captured], source: str) -> Iterator[Captured]:
    """The URLs that stand between the commands or calls."""
    place = 0
    for start, end in [*(each.span or (0, 0) for each in read), (len(source), len(source))]:
        for link in text.links(source, place, start):
            position = f"line {source.count(chr(10), 0, link.start) + 1}"
            span = (link.start, link.end)
            yield Captured(TrackRequest("GET", link.url), position, span, link.notes)
        place = max(place, end)


def _kind(form: Form, count: int) -> str:
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
}


def _problem(kind: str, count: int) -> str:
    name = _NAMES.get(kind, "text")
    if not count:
        return f"This looks like {name}, but no request can be read from it. {_NEXT_STEP}"
    requests = "its request is" if count == 1 else f"none of its {count} requests is"
    is_not = " not" if count == 1 else ""
    return (
        f"This looks like {name}, but {requests}{is_not} one of the tracking protocol: the path "
        f"ends in /track, /engage, /groups or /import, or data holds an event. {_NEXT_STEP}"
    )
