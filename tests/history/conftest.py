"""A history file of its own for each test, and exchanges to put into it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history.history import History
from trackscope.history.query import Field, Query, Term
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

NOW = 1_322_050_000.0


def exchange(
    name: str = "game", origin: Origin = Origin.RECEIVED, verdict: int | None = 1, **fields: Any
) -> Exchange:
    """A plausible exchange with one event of that name."""
    payload = {"event": name, "properties": {"token": "e3bc4100", "distinct_id": "Ann"}}
    body = b"data=" + quote(base64.b64encode(json.dumps(payload).encode())).encode()
    values: dict[str, Any] = {
        "request": TrackRequest("POST", "http://h:1/track/?ip=1", (("Host", "h:1"),), body),
        "reply": Reply(200, (("Content-Type", "text/plain"),), b"1"),
        "names": (name,),
    }
    values.update(fields)
    return Exchange(origin=origin, verdict=verdict, **{"at": NOW, **values})


def refused(message: str) -> Exchange:
    """An exchange that was answered 0 for that reason."""
    findings = (
        Finding("sdk.note", Severity.NOTE, "", "only a note"),
        Finding("token.missing", Severity.ERROR, "/0/properties/token", message),
    )
    return exchange(verdict=0, findings=findings)


def asked(*terms: tuple[Field, str]) -> Query:
    """The query of these terms."""
    return Query(tuple(Term(field, value) for field, value in terms))


def names(history: History, *terms: tuple[Field, str]) -> list[str]:
    """The first name of every row in the list."""
    return [row.names[0] for row in history.page(asked(*terms))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where no history is yet."""
    return tmp_path / "data" / "history.trackscope"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    """An empty history, closed after the test."""
    history = History.open(path, clock=lambda: NOW)
    yield history
    history.close()
