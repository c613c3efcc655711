"""Every exception of the HTTP libraries becomes a sentence and a next step."""

from __future__ import annotations

import inspect
import socket
import ssl
from collections.abc import Iterator
from types import ModuleType

import httpcore
import httpx
import pytest

from trackscope.errors import AnswerError, BadTargetError, ConnectError, SendError, SendTimeoutError
from trackscope.sender.failure import EXPECTED, Place, Stage, explain, too_late

HERE = Place("127.0.0.1:8700", is_loopback=True, is_tls=False)
THERE = Place("api.example:443", is_loopback=False, is_tls=True)
BEHIND = Place("api.example:80", is_loopback=False, is_tls=False, proxy="http://proxy:3128")


def _exceptions(module: ModuleType) -> Iterator[type[Exception]]:
    for _, found in inspect.getmembers(module, inspect.isclass):
        if issubclass(found, Exception):
            yield found


def _made(kind: type[BaseException]) -> BaseException:
    """An exception whatever its constructor asks for."""
    return kind.__new__(kind, "it did not work")


def test_the_libraries_have_the_exceptions_that_this_test_walks() -> None:
    names = {kind.__name__ for kind in _exceptions(httpx)}
    assert {"InvalidURL", "CookieConflict", "StreamConsumed", "ReadTimeout"} <= names
    assert "ConnectionNotAvailable" in {kind.__name__ for kind in _exceptions(httpcore)}


@pytest.mark.parametrize("place", [HERE, THERE, BEHIND])
@pytest.mark.parametrize(
    "kind",
    [*_exceptions(httpx), *_exceptions(httpcore)],
    ids=lambda kind: f"{kind.__module__}.{kind.__name__}",
)
def test_every_exception_is_caught_and_explained(kind: type[Exception], place: Place) -> None:
    assert issubclass(kind, EXPECTED)
    failure = explain(_made(kind), place)
    assert isinstance(failure, SendError)
    assert failure.message.endswith(".")
    assert failure.next_step.endswith(".")


@pytest.mark.parametrize(
    ("error", "place", "kind", "said"),
    [
        (ConnectionRefusedError(), HERE, ConnectError, "Nothing is listening on 127.0.0.1:8700."),
        (
            ConnectionRefusedError(),
            BEHIND,
            ConnectError,
            "Nothing is listening on the proxy http://proxy:3128.",
        ),
        (socket.gaierror(-2, "?"), THERE, ConnectError, "The host api.example is not known."),
        (
            socket.gaierror(-2, "?"),
            BEHIND,
            ConnectError,
            "The proxy http://proxy:3128 is not known.",
        ),
        (OSError(101, "x"), THERE, ConnectError, "No network leads to api.example:443."),
        (ConnectionResetError(), THERE, AnswerError, "api.example:443 closed the connection"),
        (ssl.SSLError(1, "odd"), THERE, ConnectError, "No secure connection to api.example:443"),
        (
            httpx.ProxyError("407 Authentication Required"),
            BEHIND,
            ConnectError,
            "The proxy http://proxy:3128 did not let the request through: 407",
        ),
        (httpx.InvalidURL("no"), THERE, BadTargetError, "The URL cannot be sent to: no."),
        (httpx.ReadTimeout("x"), THERE, SendTimeoutError, "did not react in time."),
        (httpx.ConnectError("no\nway"), THERE, ConnectError, "api.example:443: no�way."),
    ],
)
def test_a_failure_is_told_in_words(
    error: Exception, place: Place, kind: type[SendError], said: str
) -> None:
    failure = explain(error, place)
    assert type(failure) is kind
    assert said in failure.message


def test_the_root_cause_is_what_is_told() -> None:
    outer = httpx.ConnectError("All connection attempts failed")
    outer.__context__ = httpcore.ConnectError("again")
    outer.__context__.__cause__ = ExceptionGroup("several", [ConnectionRefusedError()])
    assert explain(outer, HERE).message == "Nothing is listening on 127.0.0.1:8700."


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("place", [HERE, BEHIND])
def test_a_deadline_says_what_it_was_waiting_for(stage: Stage, place: Place) -> None:
    failure = too_late(place, stage, 2.5)
    assert failure.message.endswith(" within 2.5 s.")
    assert failure.next_step
