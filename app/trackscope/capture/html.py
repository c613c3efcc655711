"""Tracking URLs of an HTML page: images, links, scripts, styles and comments.

A scanner of its own: the standard library's parser takes quadratic time for unclosed tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from trackscope.capture import text as prose
from trackscope.capture.found import Captured

_TAG = re.compile(
    r"<(?:!doctype\s+html|/?(?:body|div|form|head|html|p|span|style|table|td|tr))(?=[\s>/])"
    r"|<(?:a|area|iframe|img|link|meta|noscript|script|source)(?=\s)",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"(?<=[\s\"'/])(?:src|href|action|data-src|background|poster|ping)[ \t]*=\s*"
    r"(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))",
    re.IGNORECASE,
)
_BREAKS = re.compile(r"[\t\r\n]")


def place(text: str) -> int:
    """Where the first HTML tag that may carry a URL stands; -1 for nowhere."""
    match = _TAG.search(text)
    return match.start() if match else -1


def read(text: str, base: str) -> Iterator[Captured]:
    """Every http and https URL of the page as a GET, in order; `base` is not used."""
    for line, link in prose.numbered(text, _links(text)):
        yield prose.captured(link, f"line {line}")


def _links(text: str) -> Iterator[prose.Link]:
    """The URLs of the attributes, and between them those of scripts, styles and comments."""
    place = 0
    for match in _ATTRIBUTE.finditer(text):
        group = match.lastindex or 1
        url = _attribute_url(match.group(group))
        if url:
            yield from prose.links(text, place, match.start())
            yield prose.Link(url, match.start(group), match.end(group))
            place = match.end()
    yield from prose.links(text, place, len(text))


def _attribute_url(value: str) -> str:
    """The URL of an attribute as a browser reads it; empty if it is not http or https."""
    url = _BREAKS.sub("", prose.without_entities(value).strip(" \t\r\n\f"))
    if url.startswith("//"):
        return f"http:{url}"
    return url if url[:8].lower().startswith(("http://", "https://")) else ""
