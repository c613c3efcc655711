"""Curl commands to requests, and a request to a curl command."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from trackscope.capture.found import Captured, carried
from trackscope.capture.shell import Command, bash_words, cmd_words
from trackscope.wire.encoding import raw_bytes
from trackscope.wire.request import FORM_TYPE, TrackRequest

_START = re.compile(
    r"(?:^[ \t]*(?:[$#>%][ \t]+)?|[;&|(`][ \t]*)"
    r"(?:(?:!|do|else|env|exec|if|sudo|then|time|until|while|[A-Za-z_]\w*=[^\s;&|`]*)[ \t]+){0,4}"
    r"(?:[\w./\\:-]*[/\\])?(curl(?:\.exe)?)(?=[ \t\\^])",
    re.MULTILINE,
)
"""A command: at the beginning of a line or behind another, also behind a prompt or keyword."""

_FIRST_QUOTE = re.compile(r"\^?[\"']|\^\r?\n")
_LOOK_AHEAD = 400
"""Characters in which a command shows whose shell it is for."""

_DATA = frozenset(("data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"))
_FILES = {
    "config": "the options in {} are not read",
    "upload-file": "{} is not read: the body is missing",
    "form": "the multipart field {} is left out",
    "form-string": "the multipart field {} is left out",
    "unix-socket": "the socket {} is ignored",
    "abstract-unix-socket": "the socket {} is ignored",
    "request-target": "the request target {} is ignored",
    "user": "the credentials of -u are left out",
    "oauth2-bearer": "the bearer token is left out: it is a secret",
}
_SHORT = {
    "d": "data", "H": "header", "X": "request", "A": "user-agent", "e": "referer", "b": "cookie",
    "u": "user", "F": "form", "T": "upload-file", "K": "config", "G": "get", "I": "head",
}  # fmt: skip
_SHORT_WITH_VALUE = frozenset("EKCbcdDFPHhmoUQreXYytzTuAwx")
_LONG_WITH_VALUE = """
    abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config
    connect-timeout connect-to continue-at cookie cookie-jar create-file-mode crlfile curves
    data data-ascii data-binary data-raw data-urlencode delegation dns-interface dns-ipv4-addr
    dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine etag-compare etag-save
    expect100-timeout form form-string ftp-account ftp-alternative-to-user ftp-method ftp-port
    ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip header hostpubmd5 hostpubsha256
    hsts interface ip-tos ipfs-gateway json keepalive-cnt keepalive-time key key-type krb
    libcurl limit-rate local-port login-options mail-auth mail-from mail-rcpt max-filesize
    max-redirs max-time netrc-file noproxy oauth2-bearer output output-dir parallel-max pass
    pinnedpubkey preproxy proto proto-default proto-redir proxy proxy-cacert proxy-capath
    proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key proxy-key-type
    proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype
    proxy-tlspassword proxy-tlsuser proxy-user proxy1.0 pubkey quote random-file range rate
    referer request request-target resolve retry retry-delay retry-max-time sasl-authzid
    service-name socks4 socks4a socks5 socks5-gssapi-service socks5-hostname speed-limit
    speed-time stderr telnet-option tftp-blksize time-cond tls-max tls13-ciphers tlsauthtype
    tlspassword tlsuser trace trace-ascii trace-config unix-socket upload-file url url-query
    user user-agent variable vlan-priority write-out
"""
_LONG_NAMES = frozenset(_LONG_WITH_VALUE.split())


def place(text: str) -> int:
    """Where the first curl command begins; -1 for nowhere."""
    match = _START.search(text)
    return match.start() if match else -1


def read(text: str, base: str) -> Iterator[Captured]:
    """Every curl command of a text, bash or Windows, in order; `base` is not used."""
    place = number = 0
    while start := _START.search(text, place):
        number += 1
        begin = start.start(1)
        words = cmd_words if _is_for_cmd(text, begin) else bash_words
        if text[start.start()] == "`":  # a command in Markdown's code marks ends with them
            inner = words(text[begin : _code_end(text, begin)])
            command = replace(inner, end=begin + inner.end)
        else:
            command = words(text, begin)
        place = max(command.end, start.end())
        yield from _captured(command, number, (begin, command.end))


def _code_end(text: str, place: int) -> int:
    end = text.find("`", place)
    return end if end >= 0 else len(text)


def _is_for_cmd(text: str, place: int) -> bool:
    """Whether the command is written for Windows' cmd: its first quote or line end tells."""
    first = _FIRST_QUOTE.search(text, place, place + _LOOK_AHEAD)
    if first is None or first.group() == "'":
        return False
    if first.group() != '"':
        return True
    line_end = text.find("\n", place, place + 100 * _LOOK_AHEAD)
    mark = text[max(place, line_end - 3) : max(line_end, 0)].rstrip("\r")[-2:]
    return mark == " ^" or (text.startswith("curl.exe", place) and mark != " `")


def _captured(command: Command, number: int, span: tuple[int, int]) -> Iterator[Captured]:
    call = _Call(command.input)
    calls = [call]
    for name, value in _options(command.words[1:]):
        if name == "next":
            call = _Call(command.input)
            calls.append(call)
        call.take(name, value)
    for call in calls:
        call.add_type()
        headers, secrets = carried(tuple(call.headers))
        notes = tuple(dict.fromkeys((*command.notes, *call.notes, *secrets)))
        for url in call.urls:
            request = TrackRequest(call.method(), call.full(url), headers, call.body())
            yield Captured(request, f"command {number}", span, notes)


def _options(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Long names with their values; a word that is no option is a `url`."""
    queue = iter(words)
    for word in queue:
        if word == "--":
            yield from (("url", each) for each in queue)
        elif word.startswith("--"):
            name, has_value, value = word[2:].partition("=")
            if name in _LONG_NAMES and not has_value:
                value = next(queue, "")
            yield name, value
        elif word.startswith("-") and len(word) > 1:
            yield from _short_options(word[1:], queue)
        else:
            yield "url", word


def _short_options(letters: str, queue: Iterator[str]) -> Iterator[tuple[str, str]]:
    """`-sSXPOST` is `-s -S -X POST`: the first letter with a value takes the rest."""
    for place, letter in enumerate(letters):
        if letter in _SHORT_WITH_VALUE:
            yield _SHORT.get(letter, ""), letters[place + 1 :] or next(queue, "")
            return
        yield "next" if letter == ":" else _SHORT.get(letter, ""), ""


@dataclass(slots=True)
class _Call:
    """What the options add up to; `input` is what the text hands to the command."""

    input: str | None = None
    urls: list[str] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    query: list[str] = field(default_factory=list)
    verb: str = ""
    removed: set[str] = field(default_factory=set)
    is_get: bool = False
    is_head: bool = False
    is_json: bool = False
    sends_body: bool = False

    def take(self, name: str, value: str) -> None:
        """Apply one option."""
        if name in _FILES:
            self.notes.append(_FILES[name].format(value[:80]))
            self.sends_body = self.sends_body or name in ("form", "form-string")
            if name == "upload-file":
                self.verb = self.verb or "PUT"
        elif name in _DATA:
            self.sends_body = True
            self.is_json = self.is_json or name == "json"
            self.add_data(name, value)
        elif take := _TAKES.get(name):
            take(self, value)

    def add_data(self, name: str, value: str) -> None:
        """A piece of the body; what comes from a file is noted and left out."""
        if name == "data-urlencode":
            piece = self.urlencoded(value)
        elif value == "@-" and name != "data-raw" and self.input is not None:
            is_whole = name in ("data-binary", "json")
            piece = self.input if is_whole else re.sub(r"[\r\n\0]", "", self.input)
        elif value.startswith("@") and name != "data-raw":
            self.notes.append(f"{value[:80]} is not read: its content is missing")
            return
        else:
            piece = value
        if piece is None:
            return
        if name == "json" and self.data:
            self.data[-1] += piece
        else:
            self.data.append(piece)

    def urlencoded(self, value: str) -> str | None:
        """`name=content`, `=content` or `content`, encoded as curl does: a blank is `+`."""
        name, is_named, content = value.partition("=")
        if not is_named and "@" in value:
            self.notes.append(f"{value[:80]} is not read: its content is missing")
            return None
        if not is_named:
            name, content = "", value
        encoded = quote(raw_bytes(content), safe="").replace("%20", "+")
        return f"{name}={encoded}" if name else encoded

    def add_header(self, value: str) -> None:
        if value.startswith("@"):
            self.notes.append(f"the headers in {value[:80]} are not read")
            return
        name, colon, content = value.partition(":")
        if colon and not content.strip():
            self.removed.add(name.strip().lower())
        elif colon:
            self.headers.append((name.strip(), content.strip()))
        elif name.rstrip().endswith(";"):
            self.headers.append((name.rstrip()[:-1].strip(), ""))

    def add_query(self, value: str) -> None:
        piece = value[1:] if value.startswith("+") else self.urlencoded(value)
        if piece is not None:
            self.query.append(piece)

    def method(self) -> str:
        if self.verb:
            return self.verb
        if self.is_head:
            return "HEAD"
        return "POST" if self.sends_body and not self.is_get else "GET"

    def full(self, url: str) -> str:
        """The URL with a scheme, and with what -G and --url-query append."""
        if "://" not in url[:12]:
            url = f"http://{url}"
        pieces = [*self.query, *(self.data if self.is_get else ())]
        if not pieces:
            return url
        url, mark, fragment = url.partition("#")
        joint = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
        return url + joint + "&".join(pieces) + mark + fragment

    def body(self) -> bytes:
        """The pieces, joined as curl joins them."""
        if self.is_get or not self.data:
            return b""
        return raw_bytes("&".join(self.data))

    def add_type(self) -> None:
        """The header that curl adds to a body by itself, unless told otherwise."""
        names = {name.lower() for name, _ in self.headers} | self.removed
        if self.data and not self.is_get and "content-type" not in names:
            kind = "application/json" if self.is_json else FORM_TYPE
            self.headers.append(("Content-Type", kind))


_TAKES: dict[str, Callable[[_Call, str], None]] = {
    "url": lambda call, value: call.urls.append(value),
    "header": _Call.add_header,
    "url-query": _Call.add_query,
    "request": lambda call, value: setattr(call, "verb", value),
    "get": lambda call, _: setattr(call, "is_get", True),
    "head": lambda call, _: setattr(call, "is_head", True),
    "user-agent": lambda call, value: call.headers.append(("User-Agent", value)),
    "referer": lambda call, value: call.headers.append(("Referer", value)),
    "cookie": lambda call, value: call.notes.append(_cookie_note(value)),
}


def _cookie_note(value: str) -> str:
    if "=" in value:
        return "cookies are left out: they are secrets"
    return f"{value[:80]} is not read: its cookies are missing"


def write(request: TrackRequest, quoted: Callable[[str], str], line_end: str) -> str:
    """A command that sends exactly this request; `quoted` and `line_end` are the shell's."""
    headers, _ = carried(request.headers)
    lines = [f"curl {quoted(request.url)}"]
    if re.search(r"[][{}]", request.url):
        lines.append("--globoff")
    default = "POST" if request.body else "GET"
    if request.method == "HEAD" and not request.body:
        lines.append("--head")
    elif request.method != default:
        lines.append(f"-X {quoted(request.method)}")
    for name, value in headers:
        lines.append("-H " + quoted(f"{name}: {value}" if value else f"{name};"))
    if request.body:
        if request.header("Content-Type") is None:
            lines.append("-H " + quoted("Content-Type:"))
        lines.append("--data-raw " + quoted(request.body.decode("utf-8", "surrogateescape")))
    return line_end.join(lines)
