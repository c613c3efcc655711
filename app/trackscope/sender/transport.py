"""httpx's transport, made to send a request as it is written and to look names up apart.

Importing this module loads httpx, which takes longer than an empty window takes to appear:
`sender` imports it when the first request is sent.
"""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpcore
import httpx

from trackscope.errors import ConnectError
from trackscope.sender.lookup import addresses
from trackscope.sender.outgoing import Outgoing

NEXT_ADDRESS_S = 1.0
"""How long an address that does not react keeps the host's next one waiting."""

KEPT_S = 5.0
"""How long a connection that is not used is thought to be still good."""

Watch = Callable[[str, Any], Awaitable[None]]
"""Is told each step of a request ("connection.connect_tcp.started"): httpcore's trace."""


class LiteralURL(httpx.URL):
    """A URL whose target goes out as it is written; httpx's own would be normalised.

    The `target` extension would do the same, but overwrites the target of CONNECT, too.
    """

    def __init__(self, outgoing: Outgoing) -> None:
        address = outgoing.address
        super().__init__(scheme=address.scheme, host=address.host, port=address.port)
        self._target = outgoing.target

    @property
    def raw_path(self) -> bytes:
        """The request's target."""
        return self._target


class LookingUpBackend(httpcore.AsyncNetworkBackend):
    """Connects to a host's addresses one after the other, names looked up in a daemon thread."""

    def __init__(self) -> None:
        self._network = httpcore.AnyIOBackend()
        self._stream: httpcore.AsyncNetworkStream | None = None

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's interface)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address that takes one; httpcore's exceptions."""
        try:
            *early, last = await addresses(host, port)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        for address in early:
            try:
                self._stream = await self._network.connect_tcp(
                    address, port, NEXT_ADDRESS_S, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            return self._stream
        self._stream = await self._network.connect_tcp(
            last, port, timeout, local_address, socket_options
        )
        return self._stream

    async def sleep(self, seconds: float) -> None:
        """Wait (httpcore asks for it between retries)."""
        await self._network.sleep(seconds)

    async def aclose(self) -> None:
        """Close the connection that was made last."""
        if self._stream is not None:
            await self._stream.aclose()


class Line:
    """One connection to one server, kept between requests, through `proxy` if there is one.

    A line is a pool of one: httpcore's pool forgets to close some connections whose request is
    cancelled, and is full for good after a hundred of them. HTTP/1.1 only. A bare transport has
    no cookies and follows no redirects; httpx's client would fail on `Location: javascript:…`
    even where it does not follow.
    """

    def __init__(self, tls: ssl.SSLContext, proxy: str | None) -> None:
        limits = httpx.Limits(max_connections=1, keepalive_expiry=KEPT_S)
        self._transport = httpx.AsyncHTTPTransport(
            verify=tls, proxy=proxy, limits=limits, trust_env=False
        )
        self._backend = LookingUpBackend()
        # the one thing that httpx has no argument for
        self._transport._pool._network_backend = self._backend

    async def begin(self, outgoing: Outgoing, watch: Watch) -> httpx.Response:
        """Send the request; the answer up to its body."""
        return await self._transport.handle_async_request(_request(outgoing, watch))

    async def aclose(self) -> None:
        """Close the connection, in whatever state a failure or cancellation left it."""
        try:
            await self._transport.aclose()
        finally:
            await self._backend.aclose()


def tls_context() -> ssl.SSLContext:
    """Verifies certificates against SSL_CERT_FILE, SSL_CERT_DIR, or else Mozilla's list."""
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise ConnectError(
            f"The certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read: {error}.",
            "Correct or unset them.",
        ) from error


def _request(outgoing: Outgoing, watch: Watch) -> httpx.Request:
    """httpx's form of a request; time is kept by the sender, not by each step."""
    request = httpx.Request(
        "GET",
        "http://placeholder",
        headers=list(outgoing.headers),
        content=outgoing.body,
        extensions={"trace": watch},
    )
    # afterwards, for httpx's constructor capitalises the one and normalises the other
    request.method = outgoing.method.decode()
    request.url = LiteralURL(outgoing)
    return request
