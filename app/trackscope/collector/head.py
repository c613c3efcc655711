"""The head of a request, read once: what is decided about is also what is stored."""

from __future__ import annotations

from dataclasses import dataclass

from trackscope.wire.request import TrackRequest


@dataclass(frozen=True, slots=True)
class Head:
    """Method, whom the request is addressed to, and the request itself, yet without its body.

    `host` is None where the request names none, or several. `content_length` is what the client
    announces (None: nothing); who `is_expecting` waits for 100 Continue before it sends a body.
    """

    method: str
    host: str | None
    path: str
    url: str
    headers: tuple[tuple[str, str], ...]
    peer: str
    content_length: int | None = None
    is_expecting: bool = False

    def header(self, name: str) -> str | None:
        """The first header of that (lower-case) name."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    def request(self, body: bytes) -> TrackRequest:
        """The whole request, as it came."""
        return TrackRequest(self.method, self.url, self.headers, body)


def read_head(
    method: str,
    target: bytes,
    raw_headers: list[tuple[bytes, bytes]],
    *,
    peer: str,
    own_address: str,
    is_http_1_0: bool,
) -> Head:
    """The head, with the literal URL; `own_address` stands for the Host that HTTP/1.0 may omit."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in raw_headers
    )
    hosts: list[str] = []
    length, is_expecting = None, False
    for name, value in headers:
        lower = name.lower()
        if lower == "host":
            hosts.append(value)
        elif lower == "content-length" and value.isdecimal():
            length = int(value[:20])
        elif lower == "expect":
            is_expecting = value.lower() == "100-continue"
    if not hosts and is_http_1_0:
        hosts = [own_address]
    host = hosts[0] if len(hosts) == 1 else None
    text = target.decode("utf-8", "surrogateescape")
    if text[:7].lower() == "http://":
        # the form that proxies are sent: the target says for whom it is (RFC 9112, 3.2.2)
        host, slash, rest = text[7:].partition("/")
        url, path = text, slash + rest
    else:
        url, path = f"http://{host}{text}", text
    return Head(method, host, path.partition("?")[0], url, headers, peer, length, is_expecting)
