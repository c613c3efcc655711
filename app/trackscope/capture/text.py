"""URLs in any text: in prose, quoted, marked up, escaped, or wrapped over several lines."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trackscope.capture.found import Captured
from trackscope.capture.wrapped import unwrapped
from trackscope.wire import json_text
from trackscope.wire.encoding import unwrap
from trackscope.wire.request import TrackRequest, form_decode

_SCHEME = re.compile(r"https?:(?:\\*/){2}", re.IGNORECASE)
_DIVIDERS = ",;|"
"""What stands between the URLs of a list in one line."""

_ROW = re.compile(r"[\w.-]*[,;|][^&?=%]*https?://", re.IGNORECASE | re.ASCII)
"""How a row of a table begins, with a URL in one of its first cells."""

_RUNS = {
    '"': re.compile(r'[^\s"<>]*'),
    "'": re.compile(r"[^\s'\"<>]*"),
    "<": re.compile(r'[^\s"<>|]*'),
}
_RUN = re.compile(r'[^\s"<>`]*')
_RAW_RUN = re.compile(r"[^\s<>`]*")
_TRAILING = ".,;:!?'*…»\u201d\u2019"
_CLOSING = {")": "(", "]": "[", "}": "{"}
_RAW_JSON = re.compile(r'[?&]data=[{\["]')
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]\w{1,31});")
_UNICODE_ESCAPE = re.compile(r"\\+u([0-9A-Fa-f]{4})")
_URL_CHARACTERS = r"[\w%&=+/.~:?#\[\]@!$'()*,;-]"
_NEXT_LINE = re.compile(rf"[ \t]*\r?\n(?:[ \t]*>)*[ \t]*({_URL_CHARACTERS}+)", re.ASCII)
_CUT = re.compile(r"(?:[?&%]|%[0-9A-Fa-f]|[?&][\w$]+=)$", re.ASCII)
_DATA_LINE = re.compile(r"[A-Za-z0-9+/_%-]+=*(?:&|$)")
_BARE = re.compile(
    r"(?:(?<=[\s\"'(<=|])|^)(?://)?([A-Za-z0-9.-]+(?::\d+)?)?"
    r"(/(?:[\w./-]*/)?(?:track|engage|groups|import)/?\?[^\s<>\"'`]+)",
    re.ASCII,
)


_LISTED = re.compile(r"https?://[\w%&=+/.~:?@$-]*[\w%&=+/$-]", re.ASCII)
"""A URL that is the same however it is looked at: no quote, bracket or escape, no stop behind."""


@dataclass(frozen=True, slots=True)
class Link:
    """A URL as it is meant, where it stands, and how it was read."""

    url: str
    start: int
    end: int
    notes: tuple[str, ...] = ()


def looks_like(text: str) -> bool:
    """Whether there is an http or https URL, or one that lacks its scheme."""
    return _SCHEME.search(text) is not None or _BARE.search(text) is not None


def is_one_url(text: str) -> bool:
    """Whether the text is a single URL, perhaps over several lines, and nothing else."""
    text = text.strip()
    link = next(links(text), None)
    return link is not None and (link.start, link.end) == (0, len(text))


def is_list(text: str) -> bool:
    """Whether the text is nothing but lines that are a plain URL each, more than one."""
    if not _LISTED.match(text) or "\n" not in text.strip():
        return False
    lines = map(str.strip, text.split("\n"))
    return all(_LISTED.fullmatch(line) for line in lines if line)


def read_list(text: str, _: str) -> Iterator[Captured]:
    """Every line of such a list as a GET: what `read` finds in it, found faster."""
    place = 0
    for number, line in enumerate(text.split("\n"), 1):
        url = line.strip()
        if url:
            start = place + line.index("h")
            span = (start, start + len(url))
            yield Captured(TrackRequest("GET", url), f"line {number}", span)
        place += len(line) + 1


def read(text: str, base: str) -> Iterator[Captured]:
    """Every URL of the text as a GET; one without scheme and host takes those of `base`."""
    found = links(text) if _SCHEME.search(text) else _bare_links(text, base)
    has_lines = "\n" in text.strip()
    for number, (line, link) in enumerate(numbered(text, found), 1):
        yield captured(link, f"line {line}" if has_lines else f"URL {number}")


def captured(link: Link, position: str) -> Captured:
    """A URL as the GET that following it sends, out of what mail programs wrap it in."""
    url, notes = unwrapped(link.url)
    return Captured(
        TrackRequest("GET", url), position, (link.start, link.end), (*link.notes, *notes)
    )


def numbered(text: str, found: Iterable[Link]) -> Iterator[tuple[int, Link]]:
    """Each link (they come in order) with the number of its line."""
    line, counted = 1, 0
    for link in found:
        line += text.count("\n", counted, link.start)
        counted = link.start
        yield line, link


def links(text: str, start: int = 0, end: int | None = None) -> Iterator[Link]:
    """The http and https URLs of a text (or of a part of it), in order.

    >>> [link.url for link in links("see <http://h/a?b=1&amp;c=2|it> (http://h/d).")]
    ['http://h/a?b=1&c=2', 'http://h/d']
    """
    end = len(text) if end is None else end
    if start == 0 and end == len(text) and (whole := _whole(text)):
        yield whole
        return
    while match := _SCHEME.search(text, start, end):
        link = _link(text, match.start(), end)
        yield link
        start = max(link.end, match.end())


def _whole(text: str) -> Link | None:
    """A text that is one URL without blanks is taken as it is, its punctuation too."""
    url = text.strip()
    if _SCHEME.match(url) is None or len(url.split(None, 1)) != 1 or ":\\" in url[:8]:
        return None
    if "&amp;" in url:
        return None
    first = text.index(url[0])
    return Link(url, first, first + len(url))


def _link(text: str, start: int, end: int) -> Link:
    opener = text[start - 1 : start]
    stop = _rest_of_line(text, start, end) if opener not in _RUNS and opener != "(" else None
    if stop is None:
        run = _RUNS.get(opener, _RUN)
        stop = _run_end(text, start, end, run)
        if run is _RUN and _RAW_JSON.search(text, start, stop + 1):
            stop = _run_end(text, start, end, _RAW_RUN)
        stop = start + len(_trimmed(text[start:stop], opener))
    raw = text[start:stop]
    joined, stop, lines = _continued(text, raw, stop, end)
    url, notes = unescaped(joined)
    if lines > 1:
        notes = (f"put together from {lines} lines", *notes)
    return Link(url, start, stop, notes)


def _run_end(text: str, start: int, end: int, run: re.Pattern[str]) -> int:
    """Where the characters of a URL end, or the next one of a list in the same line begins."""
    place = start
    for other in _SCHEME.finditer(text, start + 1, end):
        place = _end(run, text, place, other.start())
        is_divided = run in (_RUN, _RAW_RUN) and text[place - 1] in _DIVIDERS
        if is_divided or place < other.start():
            return place - is_divided
    return _end(run, text, place, end)


def _end(run: re.Pattern[str], text: str, start: int, end: int) -> int:
    match = run.match(text, start, end)
    return match.end() if match else start


def _rest_of_line(text: str, start: int, end: int) -> int | None:
    """Where a URL ends that begins its line and carries JSON as it is, with blanks and quotes."""
    before = text[max(0, start - 40) : start].rpartition("\n")[2]
    if before.strip("> \t") or len(before) == 40:
        return None
    line_end = text.find("\n", start, end)
    line_end = end if line_end < 0 else line_end
    if _RAW_JSON.search(text, start, line_end) is None:
        return None
    return start + len(text[start:line_end].rstrip())


def _trimmed(run: str, opener: str) -> str:
    """A URL without the punctuation of the sentence or the bracket around it."""
    if opener in ('"', "'", "<"):
        return run
    if opener in ("(", "["):
        run = run[: _closing(run)]
    stop = len(run)
    depths = {closing: run.count(closing) - run.count(_CLOSING[closing]) for closing in _CLOSING}
    while stop:
        last = run[stop - 1]
        if depths.get(last, 0) > 0:
            depths[last] -= 1
        elif last not in _TRAILING:
            break
        stop -= 1
    return run[:stop]


def _closing(run: str) -> int:
    """Where the bracket that was opened before the run closes; its length if it does not."""
    depth = 0
    for match in re.finditer(r"[()\[\]]", run):
        depth += 1 if match.group() in "([" else -1
        if depth < 0:
            return match.start()
    return len(run)


def unescaped(url: str) -> tuple[str, tuple[str, ...]]:
    """A URL without the escapes of HTML (`&amp;`) or of a JavaScript string (`\\/`, `\\u0026`)."""
    if ":\\" in url[:7] or ("\\u00" in url and "\\" in url):
        url = _UNICODE_ESCAPE.sub(lambda match: chr(int(match[1], 16)), url)
        url = re.sub(r"\\+/", "/", url)
    if "&amp;" in url or "&#" in url:
        return without_entities(url), ("&amp; read as &",)
    return url, ()


def without_entities(value: str) -> str:
    """HTML's character references decoded, but only those with a semicolon (`&copy=1` stays)."""
    return _ENTITY.sub(lambda match: html.unescape(match.group()), value)


def _continued(text: str, url: str, place: int, end: int) -> tuple[str, int, int]:
    """The URL with the lines it was wrapped over, the offset after it, and how many lines."""
    pieces = [url]
    places = [place]
    is_open = _ends_in_data(url)
    while (match := _NEXT_LINE.match(text, places[-1], end)) is not None:
        token = match.group(1)
        is_other = _SCHEME.match(token) or _ROW.match(token)
        if is_other or not _joins(pieces[-1], token, is_open):
            break
        stop = match.start(1) + len(_trimmed(token, "") or token)
        pieces.append(text[match.start(1) : stop])
        places.append(stop)
        if "&" in token or "?" in token:
            is_open = _ends_in_data(token)
        if stop < match.end(1) or text[stop : stop + 1] not in ("", " ", "\t", "\r", "\n"):
            break
    may_be_prose = len(pieces) > 1 and is_open and pieces[-1][0] not in "&?=%"
    if may_be_prose and not _is_readable("".join(pieces)):
        shorter = "".join(pieces[:-1])
        if _is_readable(shorter):
            return shorter, places[-2], len(pieces) - 1
    return "".join(pieces), places[-1], len(pieces)


def _ends_in_data(url: str) -> bool:
    """Whether the last parameter that begins in this piece is `data`."""
    return url[max(url.rfind("&"), url.rfind("?")) + 1 :].startswith("data=")


def _joins(line: str, token: str, is_open: bool) -> bool:
    """Whether a token at the start of the next line goes on with the URL of this one."""
    if token[0] in "&?=%":
        return True
    if is_open and not line.endswith("data="):
        is_padded = line.endswith(("=", "%3D", "%3d"))
        return not is_padded and _DATA_LINE.match(token) is not None
    if _CUT.search(line[-80:]):
        return True
    return "=" in token or "%" in token


def _is_readable(url: str) -> bool:
    text = unwrap(form_decode(url[url.rfind("data=") + 5 :])).text
    return text is not None and json_text.parse(text).defect is None


def _bare_links(text: str, base: str) -> Iterator[Link]:
    """URLs without their scheme, and paths without their host, as request lines have them."""
    scheme, _, rest = base.partition("://")
    for match in _BARE.finditer(text):
        host, path = match.groups()
        url, notes = unescaped(_trimmed(path, ""))
        where = host or rest.partition("/")[0]
        note = f"{scheme if not host else 'http'}://{'' if host else where} added"
        full = f"{'http' if host else scheme}://{where}{url}"
        yield Link(full, match.start(), match.start(2) + len(path), (note, *notes))
