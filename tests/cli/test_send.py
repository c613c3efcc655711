"""One request, sent to a collector of its own or to another server."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.cli.conftest import Run

from trackscope.history.history import History

GAME = ("--event", "game", "--token", "abc")


@pytest.fixture
def history(tmp_path: Path) -> str:
    return str(tmp_path / "history.trackscope")


@contextmanager
def serving(body: bytes) -> Iterator[tuple[str, list[str]]]:
    """A server that gives one request this answer: its address, and the target asked for."""
    targets: list[str] = []

    def answer(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as request:
            targets.append(request.readline().decode().split()[1])
            while request.readline().strip():
                pass
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer, args=(listener,))
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}", targets
        thread.join()


def test_without_a_target_the_collector_here_answers_1(run: Run, history: str) -> None:
    ran = run("send", *GAME, "--prop", "level=7", "--history", history)
    (record,) = ran.records
    assert (ran.code, ran.err) == (0, "")
    assert (record["origin"], record["verdict"], record["predicted"]) == ("sent", 1, 1)
    assert record["answer"]["body"] == "1"
    assert record["events"][0]["properties"]["level"] == 7
    with closing(History.open(Path(history))) as kept:
        assert [exchange.id for exchange in kept.each()] == [1, record["id"]]
        assert kept.count() == 1  # sent and received are one line of the list


def test_an_answer_of_0_ends_with_1_and_says_why(run: Run, history: str) -> None:
    ran = run("send", *GAME, "--time", "1245613885", "--history", history)
    assert (ran.code, ran.records[0]["verdict"]) == (1, 0)
    assert "48 hours" in ran.err


@pytest.mark.parametrize(
    "parameters", [("--img",), ("--redirect", "http://h.io/"), ("--callback", "f"), ("--verbose",)]
)
@pytest.mark.parametrize(("token", "code"), [("abc", 0), ("", 1)])
def test_the_verdict_is_known_whatever_the_answer_looks_like(
    run: Run, history: str, parameters: tuple[str, ...], token: str, code: int
) -> None:
    ran = run("send", "--event", "a", "--token", token, *parameters, "--history", history)
    assert (ran.code, ran.records[0]["verdict"]) == (code, 1 - code)


def test_a_post_travels_as_a_form(run: Run, history: str) -> None:
    ran = run("send", *GAME, "--method", "POST", "--ip", "--history", history)
    (record,) = ran.records
    assert (record["method"], record["transport"]) == ("POST", "form-base64")
    assert (record["params"], record["verdict"]) == ({"ip": "1"}, 1)


def test_a_broken_payload_can_be_sent_and_is_answered_0(run: Run, history: str) -> None:
    ran = run("send", "--json", "{", "--history", history)
    assert (ran.code, ran.records[0]["events"], ran.records[0]["verdict"]) == (1, None, 0)


def test_a_target_gets_exactly_what_was_composed(run: Run) -> None:
    event = '{"event": "a",  "properties": {"token": "t"}}'
    with serving(b"1") as (host, targets):
        ran = run("send", "--json", event, "--to", f"http://{host}/collect?v=2", "--test")
    (record,) = ran.records
    assert (ran.code, record["id"], record["verdict"]) == (0, None, 1)
    parts = urlsplit(targets[0])
    assert parts.path == "/collect"
    query = parse_qs(parts.query)
    assert (query["v"], query["test"]) == (["2"], ["1"])
    assert base64.b64decode(query["data"][0]) == event.encode()


def test_an_answer_that_is_neither_1_nor_0_ends_with_1(run: Run) -> None:
    with serving(b"<html>") as (host, targets):
        ran = run("send", *GAME, "--to", host)
    assert (ran.code, ran.records[0]["verdict"]) == (1, None)
    assert targets[0].startswith("/track/?data=")


def test_prediction_and_answer_that_differ_are_told_apart(run: Run) -> None:
    with serving(b"0") as (host, _):
        ran = run("send", *GAME, "--to", host)
    assert ran.code == 1
    assert ran.records[0]["predicted"] == 1
    assert "predicted 1" in ran.err


def test_an_exchange_with_a_target_is_kept_where_a_history_is_named(run: Run, history: str) -> None:
    with serving(b"1") as (host, _):
        ran = run("send", *GAME, "--to", host, "--history", history)
    assert ran.records[0]["id"] == 1


def test_no_answer_ends_with_2_a_line_and_a_next_step(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        host = f"127.0.0.1:{taken.getsockname()[1]}"
    ran = run("send", *GAME, "--to", host)
    (record,) = ran.records
    assert (ran.code, record["answer"], record["verdict"]) == (2, None, None)
    assert record["failure"]
    assert ran.err.startswith("trackscope: ")


def test_a_server_that_says_nothing_is_waited_for_as_long_as_told(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        ran = run("send", *GAME, "--to", host, "--timeout", "0.1")
    assert ran.code == 2
    assert json.loads(ran.out)["failure"]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--event", "a", "--json", "{}"),
        (*GAME, "--timeout", "0"),
        (*GAME, "--timeout", "nan"),
        (*GAME, "--to", "ftp://h"),
        (*GAME, "--method", "PUT"),
    ],
)
def test_bad_usage_ends_with_2_before_anything_is_sent(
    run: Run, arguments: tuple[str, ...]
) -> None:
    ran = run("send", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
