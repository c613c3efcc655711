"""PowerShell's Invoke-WebRequest and Invoke-RestMethod to requests; nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trackscope.capture.found import Captured, carried
from trackscope.capture.literal import FormText, as_form
from trackscope.wire.encoding import raw_bytes
from trackscope.wire.request import FORM_TYPE, TrackRequest

_START = re.compile(r"\b(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\b(?=[ \t`])", re.I)
_TOKEN = re.compile(
    r"""(?P<blank>[ \t]+|`\r?\n)"""
    r"""|@"[ \t]*\r?\n(?P<long_double>.*?)(?:\r?\n"@|\Z)"""
    r"""|@'[ \t]*\r?\n(?P<long_single>.*?)(?:\r?\n'@|\Z)"""
    r"""|"(?P<double>(?:[^"`]++|`.|"")*+)\"|'(?P<single>(?:[^']++|'')*+)'"""
    r"""|(?P<table>@\{)|(?P<close>\})|(?P<end>[;|\r\n])|(?P<mark>[(),=])"""
    r"""|(?P<url>https?://[^\s"'`;|{})]+)"""
    r"""|(?P<word>[^\s"'`;|{}(),=]+)""",
    re.DOTALL,
)
_CHARACTER = re.compile(r"\$\(\[char\](0x[0-9a-fA-F]+|\d+)\)", re.I)
_ESCAPE = re.compile(r'`(.)|""', re.DOTALL)
_BACKTICK = re.compile(r"`(.)", re.DOTALL)
"""The escapes of a string of several lines, in which quotes are themselves."""

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}

Token = tuple[str, str]


def place(text: str) -> int:
    """Where the first of the two commands stands; -1 for nowhere."""
    match = _START.search(text)
    return match.start() if match else -1


def read(text: str, base: str) -> Iterator[Captured]:
    """Every command whose URL is written out; `base` is not used."""
    place = number = 0
    while start := _START.search(text, place):
        number += 1
        tokens, place = _tokens(text, start.end())
        captured = _captured(_options(tokens), number, (start.start(), place))
        if captured is not None:
            yield captured


def _tokens(text: str, place: int) -> tuple[list[Token], int]:
    """The tokens of one command and the offset after it; tables and brackets hold line ends."""
    tokens: list[Token] = []
    depth = 0
    while (match := _TOKEN.match(text, place)) is not None:
        kind = match.lastgroup or ""
        if kind == "end" and depth == 0:
            break
        place = match.end()
        opens = kind == "table" or match.group() == "("
        closes = kind == "close" or match.group() == ")"
        depth = max(0, depth + opens - closes)
        if kind == "double":
            tokens.append(("string", _unquoted(match["double"])))
        elif kind == "single":
            tokens.append(("string", match["single"].replace("''", "'")))
        elif kind == "long_double":
            tokens.append(("string", _unquoted(match["long_double"], _BACKTICK)))
        elif kind == "long_single":
            tokens.append(("string", match["long_single"]))
        elif kind not in ("blank", "end"):
            tokens.append((kind, match.group()))
    return tokens, place


def _unquoted(inner: str, escape: re.Pattern[str] = _ESCAPE) -> str:
    """A double-quoted string with its escapes and `$([char]233)` decoded."""
    inner = _CHARACTER.sub(_character, inner)
    return escape.sub(lambda match: _ESCAPES.get(match[1], match[1]) if match[1] else '"', inner)


def _character(match: re.Match[str]) -> str:
    digits = match[1]
    if len(digits) > 9:
        return match.group()
    code = int(digits, 16 if digits[:2].lower() == "0x" else 10)
    return chr(code) if code <= 0x10FFFF else "\ufffd"


def _options(tokens: list[Token]) -> dict[str, list[Token]]:
    """The tokens behind each `-Name`; those before the first name are the URL."""
    options: dict[str, list[Token]] = {"": []}
    name = ""
    for kind, value in tokens:
        if kind == "word" and re.match(r"-[A-Za-z]", value):
            name = value[1:].lower()
            options[name] = []
        else:
            options[name].append((kind, value))
    return options


def _captured(
    options: dict[str, list[Token]], number: int, span: tuple[int, int]
) -> Captured | None:
    places = (options.get("uri"), options[""], options.get("usebasicparsing"))
    url = next(filter(None, map(_first, places)), "")
    if "://" not in url[:12]:
        return None
    notes: list[str] = []
    method = _first(options.get("method")).upper() or "GET"
    body = _body(options.get("body", []), notes)
    if "body" in options and not body:
        notes.append("the body is computed by the script: it is missing")
    if method == "GET" and isinstance(body, FormText):  # then it goes into the query
        url, body = f"{url}{'&' if '?' in url else '?'}{body}", ""
    if "infile" in options:
        notes.append(f"{_first(options['infile'])[:80]} is not read: the body is missing")
    headers = [pair for pair in _table(options.get("headers", [])) if pair[0] not in _PSEUDO]
    if kind := _first(options.get("contenttype")):
        headers.append(("Content-Type", kind))
    elif body and method == "POST" and all(name.lower() != "content-type" for name, _ in headers):
        headers.append(("Content-Type", FORM_TYPE))
    kept, secrets = carried(tuple(headers))
    request = TrackRequest(method, url, kept, raw_bytes(body))
    problem = notes[0] if notes else ""  # all of them are about the body
    return Captured(request, f"command {number}", span, (*notes, *secrets), problem=problem)


_PSEUDO = ("authority", "method", "path", "scheme")
"""What Chromium writes into the table where HTTP/2 had `:authority` and so on."""


def _first(tokens: list[Token] | None, *, strings_only: bool = False) -> str:
    kinds = ("string",) if strings_only else ("string", "word", "url")
    return next((value for kind, value in tokens or () if kind in kinds), "")


def _body(tokens: list[Token], notes: list[str]) -> str:
    """The body that is written out, a table of fields as the form that is made of it."""
    kinds = [kind for kind, _ in tokens]
    if "table" not in kinds:
        return _first(tokens, strings_only=True)
    is_made = any(value.lower() == "convertto-json" for _, value in tokens)
    if is_made or kinds.count("table") > 1:
        return ""
    fields = []
    for name, value in _table(tokens[kinds.index("table") :]):
        if value.startswith("$"):
            notes.append(f"the field {name[:80]} is computed by the script: it is missing")
        else:
            fields.append((name, value))
    return as_form(fields)


def _table(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    values = [value for kind, value in tokens if kind in ("string", "word")]
    return zip(values[::2], values[1::2], strict=False)
