"""Says what became of a request without an answer, in words that say what to do next.

Imported together with httpx (see `transport`).
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import httpcore
import httpx

from trackscope.errors import AnswerError, BadTargetError, ConnectError, SendError, SendTimeoutError

EXPECTED = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.CookieConflict,
    httpx.StreamError,
    httpcore.ConnectionNotAvailable,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    OSError,  # ssl.SSLError and socket.gaierror among them
)
"""Every way in which httpx, httpcore and the sockets under them say that it did not work."""

_CERTIFICATE_STEP = (
    "Check the host's name and this machine's clock. For an authority of your own, "
    "set SSL_CERT_FILE to its certificate and start again."
)


class Stage(StrEnum):
    """How far a request has come."""

    CONNECTING = "connecting"
    SECURING = "securing"
    SENDING = "sending"
    WAITING = "waiting"
    READING = "reading"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request was going: the server as host:port, and the proxy's URL as shown."""

    server: str
    is_loopback: bool
    is_tls: bool
    proxy: str | None = None

    @property
    def host(self) -> str:
        """The server without its port."""
        return self.server.rpartition(":")[0]

    @property
    def peer(self) -> str:
        """Who is at the other end of the connection."""
        return f"the proxy {self.proxy}" if self.proxy else self.server


def stage_of(step: str) -> Stage | None:
    """The stage that a step of httpcore's trace begins, if it begins one."""
    return {
        "connection.connect_tcp.started": Stage.CONNECTING,
        "connection.start_tls.started": Stage.SECURING,
        "proxy.start_tls.started": Stage.SECURING,
        "http11.send_request_headers.started": Stage.SENDING,
        "http11.receive_response_headers.started": Stage.WAITING,
        "http11.receive_response_body.started": Stage.READING,
    }.get(step)


def too_late(place: Place, stage: Stage, timeout_s: float) -> SendTimeoutError:
    """The whole request was not over within `timeout_s` seconds."""
    happened = {
        Stage.CONNECTING: f"{place.peer} took no connection",
        Stage.SECURING: f"{place.server} did not finish the TLS handshake",
        Stage.SENDING: f"{place.peer} did not take the whole request",
        Stage.WAITING: f"{place.peer} did not answer",
        Stage.READING: f"{place.peer} did not finish its answer",
    }[stage]
    step = {
        Stage.CONNECTING: "Check the address and the network, or choose another target.",
        Stage.SECURING: "Check whether the target expects http:// instead of https://.",
    }.get(stage, "Send again, or allow more time. The server may have logged the data.")
    return SendTimeoutError(_sentence(f"{happened} within {timeout_s:g} s"), step)


def explain(error: BaseException, place: Place) -> SendError:
    """The failure behind any exception of `EXPECTED`."""
    causes = tuple(_causes(error))
    for cause in causes:
        found = _of_socket(cause, place)
        if found is not None:
            return found
    for cause in causes:
        found = _of_http(cause, place)
        if found is not None:
            return found
    return SendError(
        _sentence(f"The request to {place.server} failed: {_detail(error)}"), "Send again."
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The root cause first: httpx wraps httpcore, which wraps what the socket said.

    The context as well: httpcore's pool raises `from None`.
    """
    if error is None:
        return
    yield from _causes(error.__cause__ or error.__context__)
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _causes(each)
    yield error


def _of_socket(error: BaseException, place: Place) -> SendError | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = getattr(error, "verify_message", "") or _detail(error)
        return ConnectError(
            _sentence(f"The certificate of {place.server} is not trusted: {reason}"),
            _CERTIFICATE_STEP,
        )
    if isinstance(error, ssl.SSLError):
        reason = (getattr(error, "reason", "") or _detail(error)).replace("_", " ").lower()
        return ConnectError(
            _sentence(f"No secure connection to {place.server}: {reason}"),
            "If the target does not speak TLS, begin its URL with http://.",
        )
    if isinstance(error, socket.gaierror):
        name = f"proxy {place.proxy}" if place.proxy else f"host {place.host}"
        return ConnectError(
            f"The {name} is not known.", "Check its spelling, and that the network is up."
        )
    if isinstance(error, ConnectionRefusedError):
        return _refused(place)
    if isinstance(error, ConnectionResetError | ConnectionAbortedError | BrokenPipeError):
        return _closed(place)
    if isinstance(error, OSError) and error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return ConnectError(
            _sentence(f"No network leads to {place.peer}"), "Check the network connection."
        )
    return None


def _refused(place: Place) -> ConnectError:
    message = _sentence(f"Nothing is listening on {place.peer}")
    if place.proxy:
        return ConnectError(message, "Correct or unset the proxy in the environment.")
    if place.is_loopback:
        return ConnectError(message, "Start the collector, or choose another target.")
    return ConnectError(message, "Check the address, or choose another target.")


def _of_http(error: BaseException, place: Place) -> SendError | None:
    match error:
        case httpx.ProxyError() | httpcore.ProxyError():
            return ConnectError(
                f"The proxy {place.proxy} did not let the request through: {_detail(error)}.",
                "Ask for access, or name the host in NO_PROXY.",
            )
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | httpcore.UnsupportedProtocol():
            return BadTargetError(
                _sentence(f"The URL cannot be sent to: {_detail(error)}"), "Correct the URL."
            )
        case httpx.TimeoutException() | httpcore.TimeoutException():
            return SendTimeoutError(_sentence(f"{place.peer} did not react in time"), "Send again.")
        case httpx.LocalProtocolError() | httpcore.LocalProtocolError():
            return SendError(
                _sentence(f"The request is no valid HTTP: {_detail(error)}"),
                "Correct its method or headers.",
            )
        case httpx.ProtocolError() | httpcore.ProtocolError():
            return _not_http(_detail(error), place)
        case httpx.ConnectError() | httpcore.ConnectError():
            return ConnectError(
                _sentence(f"No connection to {place.peer}: {_detail(error)}"),
                "Check the address, or choose another target.",
            )
        case httpx.NetworkError() | httpcore.NetworkError() | httpx.StreamError():
            return _closed(place)
        case httpx.DecodingError() | httpx.TooManyRedirects() | httpx.HTTPStatusError():
            return AnswerError(
                _sentence(f"The answer of {place.server} cannot be used: {_detail(error)}"),
                "Check that the target is a tracking endpoint.",
            )
    return None


def _not_http(detail: str, place: Place) -> AnswerError:
    """What httpcore and h11 say of an answer, told apart by their words."""
    if "disconnected without" in detail:
        return _closed(place)
    if "without sending complete" in detail or "incomplete chunked" in detail:
        return AnswerError(
            _sentence(f"{place.server} cut its answer off: {detail}"),
            "Send again. The server may have logged the data.",
        )
    if "too long" in detail:
        return oversized(place)
    other = "http://" if place.is_tls else "https://"
    return AnswerError(
        _sentence(f"{place.server} does not answer in HTTP: {detail}"),
        f"Check the port, or try {other}.",
    )


def oversized(place: Place) -> AnswerError:
    """The answer's headers go on and on."""
    return AnswerError(
        f"The headers of the answer from {place.server} are too long.",
        "Check that the target is a tracking endpoint.",
    )


def _closed(place: Place) -> AnswerError:
    return AnswerError(
        _sentence(f"{place.peer} closed the connection before it answered"),
        "Send again; if it stays so, look into the server's log.",
    )


def _detail(error: BaseException) -> str:
    """At most 200 printable characters of what a library says, without a full stop."""
    text = "".join(each if each.isprintable() else "�" for each in str(error)[:200])
    return text.rstrip(".") or type(error).__name__


def _sentence(text: str) -> str:
    """With its capital and full stop; a host's name stays as it is."""
    return f"T{text[1:]}." if text.startswith("the ") else f"{text}."
