"""Makes of a request the very bytes that go out: target, headers and body, nothing normalised."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote_to_bytes

from trackscope import __version__
from trackscope.errors import BadTargetError, SendError
from trackscope.wire.request import FORM_TYPE, TrackRequest

DEFAULT_PORTS = {"http": 80, "https": 443}

_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>[^#]*)(?:#.*)?",
    re.DOTALL,
)
_AUTHORITY = re.compile(
    r"(?:(?P<user>[^\\]*)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?", re.DOTALL
)
_NOT_IN_A_HOST = re.compile(r"[\x00-\x20\x7F\s\"#%/<>?@\\^`{|}]")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0A-\x1F\x7F]")
_UNPRINTABLE = re.compile(rb"[^\x21-\x7E]")
_OWN_LENGTH = frozenset({"content-length", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Address:
    """Where a URL leads: scheme and host in lower case, the host in ASCII, IPv6 unbracketed."""

    scheme: str
    host: str
    port: int

    @property
    def server(self) -> str:
        """Host and port as people write them, `[::1]:8700`."""
        return f"{self._name}:{self.port}"

    @property
    def host_header(self) -> str:
        """The same without the port that goes without saying."""
        return self._name if self.port == DEFAULT_PORTS[self.scheme] else self.server

    @property
    def _name(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def is_loopback(self) -> bool:
        """Whether what is sent there stays on this machine."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            ip = ip_address(self.host)
        except ValueError:
            return False
        mapped = getattr(ip, "ipv4_mapped", None) or ip
        return bool(mapped.is_loopback or mapped.is_unspecified)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request ready for the wire; `headers` are complete and in the order they go out."""

    address: Address
    method: bytes
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def wire(self) -> bytes:
        """Every byte that goes out (through a proxy, the target stands as a whole URL)."""
        lines = [self.method + b" " + self.target + b" HTTP/1.1"]
        lines += [name + b": " + value for name, value in self.headers]
        return b"\r\n".join([*lines, b"", self.body])


def prepare(request: TrackRequest) -> Outgoing:
    """The bytes of a request.

    Raises BadTargetError for a URL that leads nowhere, SendError for a method or header that
    would break the request.

    >>> prepare(TrackRequest("GET", "http://h/a//../b|?x=%2b+é#top")).target
    b'/a//../b|?x=%2b+%C3%A9'
    """
    if not _TOKEN.fullmatch(request.method) or request.method.upper() == "CONNECT":
        raise SendError(
            f"{_shown(request.method)} is not a method to send with.", "Use GET or POST."
        )
    scheme, user, host, port, rest = _split(request.url)
    address = Address(scheme, host, port)
    target = _literal(rest if rest.startswith("/") else f"/{rest}")
    headers = tuple(_headers(request, address, user))
    return Outgoing(address, request.method.encode(), target, headers, request.body)


def address_of(url: str) -> Address:
    """Where a URL leads; BadTargetError where it does not say."""
    scheme, _, host, port, _ = _split(url)
    return Address(scheme, host, port)


def _split(url: str) -> tuple[str, str, str, int, str]:
    """Scheme, user information, host, port, and the rest up to the fragment.

    Not `urlsplit`, which drops tabs and line breaks: what goes out must be what is written.
    """
    parts = _URL.fullmatch(url)
    if parts is None:
        raise BadTargetError(
            f"{_shown(url)} is not a complete URL.", "Begin it with http:// or https:// and a host."
        )
    scheme = parts["scheme"].lower()
    if scheme not in DEFAULT_PORTS:
        raise BadTargetError(
            f"{_shown(scheme)}: is not a scheme that requests are sent to.",
            "Begin the URL with http:// or https://.",
        )
    authority = _AUTHORITY.fullmatch(parts["authority"])
    if authority is None:
        raise BadTargetError(
            f"{_shown(parts['authority'])} is not a host and port.",
            "Write the host as name, name:port or [IPv6]:port.",
        )
    port = _port(authority["port"], DEFAULT_PORTS[scheme])
    return scheme, authority["user"] or "", _host(authority["host"]), port, parts["rest"]


def _port(text: str | None, default: int) -> int:
    if not text:
        return default
    # the length first: int() refuses numbers of thousands of digits
    if len(text) > 5 or not 0 < int(text) < 65536:
        raise BadTargetError(
            f"{_shown(text)} is not a port.", "Use a number from 1 to 65535, or none."
        )
    return int(text)


def _host(text: str) -> str:
    if not text:
        raise BadTargetError("The URL has no host.", "Write one after http://.")
    wrong = _NOT_IN_A_HOST.search(text)
    if wrong:
        character = "a space" if wrong[0] == " " else ascii(wrong[0])
        raise BadTargetError(
            f"The host {_shown(text)} contains {character}.", "Correct the host's name."
        )
    if text.startswith("["):
        return _ipv6(text[1:-1])
    return text.lower() if text.isascii() else _international(text)


def _ipv6(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise BadTargetError(f"[{_shown(text)}] is not an IPv6 address.", "Correct it.") from None


def _international(name: str) -> str:
    # a table of 300 kB that few names need
    import idna

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except UnicodeError:
        raise BadTargetError(
            f"{_shown(name)} is not a host's name.", "Write it as its owner does, or as xn--…."
        ) from None


def _headers(request: TrackRequest, address: Address, user: str) -> list[tuple[bytes, bytes]]:
    """Those given, in order, after Host; then what a server expects and was not given.

    A given length is left out: it belonged to the body as it was before it was edited.
    """
    given = [
        _header(name, value) for name, value in request.headers if name.lower() not in _OWN_LENGTH
    ]
    known = {name.lower() for name, _ in given}
    hosts = [pair for pair in given if pair[0].lower() == b"host"]
    if len(hosts) > 1:
        raise SendError("The request has more than one Host header.", "Keep one of them.")
    host = hosts or [(b"Host", address.host_header.encode())]
    others = [pair for pair in given if pair[0].lower() != b"host"]
    more = [pair for pair in _expected(request, user) if pair[0].lower() not in known]
    return [*host, *others, *more]


def _expected(request: TrackRequest, user: str) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"User-Agent", f"Trackscope/{__version__}".encode()),
        (b"Accept", b"*/*"),
        (b"Accept-Encoding", b"identity"),
    ]
    if user:  # as browsers and curl do with user:password@host
        name, _, password = user.partition(":")
        secret = unquote_to_bytes(_bytes(name)) + b":" + unquote_to_bytes(_bytes(password))
        headers.append((b"Authorization", b"Basic " + base64.b64encode(secret)))
    if request.body:
        headers.append((b"Content-Type", FORM_TYPE.encode()))
    if request.body or request.method.upper() in ("POST", "PUT", "PATCH"):
        headers.append((b"Content-Length", str(len(request.body)).encode()))
    return headers


def _header(name: str, value: str) -> tuple[bytes, bytes]:
    if not _TOKEN.fullmatch(name):
        raise SendError(f"{_shown(name)} is not a header's name.", "Correct or remove the header.")
    if _CONTROL.search(value):
        raise SendError(
            f"The header {name} contains a control character.",
            "Remove it: it would end the header.",
        )
    return name.encode(), _bytes(value).strip(b" \t")


def _literal(target: str) -> bytes:
    """The target as written; blanks, control characters and non-ASCII, which cannot go, as %XX."""
    return _UNPRINTABLE.sub(lambda byte: b"%%%02X" % byte[0][0], _bytes(target))


def _bytes(text: str) -> bytes:
    """UTF-8; surrogate escapes become the bytes they stand for, other lone surrogates survive."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _shown(text: str) -> str:
    """At most 80 characters of a text, control characters escaped."""
    shown = text if len(text) <= 80 else text[:79] + "…"
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in shown) or "Nothing"
