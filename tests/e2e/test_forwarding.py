"""`trackscope listen --forward`: real processes, of which one is killed in the middle."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import mixpanel
import pytest

from trackscope.history.forwarding import State
from trackscope.history.history import History
from trackscope.wire.decoding import decode

pytestmark = pytest.mark.e2e

PROGRAM = [sys.executable, "-m", "trackscope", "listen", "--port", "0", "--history"]
KILLS = 4
TIMEOUT_S = 60
KNOWN_AGAIN = {"$insert_id": "a1", "time": int(time.time())}
ENVIRONMENT = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}


class Listener:
    """A running `trackscope listen` and what it has said so far."""

    def __init__(self, history: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [*PROGRAM, str(history), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=ENVIRONMENT,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().removeprefix("listening on ").strip()

    def said(self, pattern: str) -> str:
        """The next line on standard error that matches."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if re.search(pattern, line):
                return line
        raise AssertionError(f"nothing was said like {pattern}")

    def end(self) -> str:
        """Ctrl+C; the rest that is said."""
        self.process.send_signal(signal.SIGINT)
        _, said = self.process.communicate(timeout=TIMEOUT_S)
        assert self.process.returncode == 0
        return said


@contextmanager
def listening(history: Path, *options: str) -> Iterator[Listener]:
    listener = Listener(history, *options)
    try:
        yield listener
    finally:
        with listener.process:
            listener.process.kill()


class Target:
    """A server that counts the events it gets, and answers 1 when it is let."""

    def __init__(self) -> None:
        self.names: Counter[str] = Counter()
        self.answering = threading.Event()
        self.answering.set()
        self.asked = threading.Semaphore(0)
        answer: Any = self._answer  # any callable will do
        self._server = ThreadingTCPServer(("127.0.0.1", 0), answer)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self.answering.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, connection: Any, *_: object) -> None:
        """Answer the GETs of one connection; who asks may be killed at any moment."""
        with suppress(OSError), connection.makefile("rb") as reader:
            while line := reader.readline():
                while reader.readline().strip():
                    pass  # a header
                [data] = parse_qs(urlsplit(line.split()[1].decode()).query)["data"]
                self.names[json.loads(base64.b64decode(data))["event"]] += 1
                self.asked.release()
                self.answering.wait(TIMEOUT_S)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")


@pytest.fixture
def target() -> Iterator[Target]:
    with closing(Target()) as target:
        yield target


def path_of(name: str, **properties: Any) -> str:
    event = {"event": name, "properties": {"token": "e3bc41", **properties}}
    return "/track/?data=" + quote(base64.b64encode(json.dumps(event).encode()), safe="")


def send(listener: Listener, *paths: str) -> None:
    with httpx.Client(base_url=listener.address, trust_env=False) as client:
        for path in paths:
            assert client.get(path).text == "1"


def counts(history: Path) -> dict[State, int]:
    with closing(History.open(history)) as opened:
        [target] = opened.forward_targets()
        return {state: count for state, count in target.counts.items() if count}


def events(history: Path) -> list[dict[str, Any]]:
    """Every event as it was received."""
    with closing(History.open(history)) as opened:
        return [one for each in opened.each() for one in decode(each.request).events or ()]


def test_it_says_where_it_forwards_to_and_what_came_of_it(tmp_path: Path, target: Target) -> None:
    with listening(tmp_path / "h", "--forward", target.url) as listener:
        send(listener, *(path_of(f"e{number}") for number in range(20)))
        said = listener.end()
    assert f"trackscope: forwarding to {target.url}\n" in said
    assert f"Forwarded to {target.url}: 20 accepted, 0 refused, 0 not sent, 0 waiting." in said
    assert target.names == Counter(f"e{number}" for number in range(20))


def test_a_target_beyond_this_machine_is_named_loudly(tmp_path: Path) -> None:
    with listening(tmp_path / "h", "--forward", "http://collector.invalid") as listener:
        assert "LEAVES THIS MACHINE" in listener.said("FORWARDING TO http://collector.invalid")
        send(listener, path_of("game"))
        assert "The host collector.invalid is not known" in listener.said("tried again")
        said = listener.end()
    assert "0 accepted, 0 refused, 0 not sent, 1 waiting." in said
    with listening(tmp_path / "h") as listener:
        said = listener.end()
    assert "1 request of an earlier run will wait until you --forward http://collector" in said


def test_of_what_was_under_way_at_a_kill_nothing_is_sent_twice_that_could_count_twice(
    tmp_path: Path, target: Target
) -> None:
    history = tmp_path / "h"
    target.answering.clear()
    with listening(history, "--forward", target.url) as listener:
        send(listener, path_of("plain"), path_of("known", **KNOWN_AGAIN))
        send(listener, *(path_of(f"e{number}") for number in range(50)))
        for _ in range(4):
            target.asked.acquire(timeout=TIMEOUT_S)
        listener.process.kill()
    assert set(target.names) == {"plain", "known", "e0", "e1"}
    assert counts(history) == {State.SENDING: 4, State.WAITING: 48}
    target.answering.set()
    with listening(history, "--forward", target.url) as listener:
        listener.said("48 requests of an earlier run will be forwarded now")
        for _ in range(49):
            target.asked.acquire(timeout=TIMEOUT_S)
        said = listener.end()
    every = {"plain", "known", *(f"e{number}" for number in range(50))}
    assert target.names == Counter(every) + Counter({"known": 1})
    assert counts(history) == {State.SENT: 49, State.UNKNOWN: 3}
    assert "49 accepted, 0 refused, 3 not sent, 0 waiting." in said
    with listening(history, "--forward", target.url, "--forward-again") as listener:
        for _ in range(3):
            target.asked.acquire(timeout=TIMEOUT_S)
        listener.end()
    assert counts(history)[State.SENT] == 52
    assert target.names == Counter(every) + Counter({"known": 1, "plain": 1, "e0": 1, "e1": 1})


def test_killed_at_any_moment_everything_answered_arrives_and_no_answer_is_asked_for_twice(
    tmp_path: Path, target: Target
) -> None:
    history = tmp_path / "h"
    sent = []
    for round_number in range(KILLS):
        with listening(history, "--forward", target.url) as listener:
            names = [f"{round_number}.{number}" for number in range(60)]
            send(listener, *(path_of(name) for name in names))
            sent += names
            for _ in range(11 * round_number + 3):
                target.asked.acquire(timeout=TIMEOUT_S)
            listener.process.kill()
    with listening(history, "--forward", target.url) as listener:
        listener.end()
    found = counts(history)
    assert set(target.names.values()) == {1}
    assert found[State.SENT] + found.get(State.UNKNOWN, 0) + found.get(State.WAITING, 0) == len(
        sent
    )
    assert found[State.SENT] <= len(target.names) <= found[State.SENT] + found.get(State.UNKNOWN, 0)


def test_an_sdk_reaches_another_project_through_it(tmp_path: Path) -> None:
    option = "--forward-token=e3bc41=development"
    with (
        listening(tmp_path / "there") as there,
        listening(tmp_path / "here", "--forward", there.address, option) as here,
    ):
        consumer = mixpanel.BufferedConsumer(max_size=50, events_url=f"{here.address}/track")
        tracker = mixpanel.Mixpanel("e3bc41", consumer=consumer)
        for number in range(60):
            tracker.track("13793", f"event {number}", {"price": 1.5, "emoji": "😀+/"})
        consumer.flush()
        assert "2 accepted, 0 refused, 0 not sent, 0 waiting." in here.end()
        there.end()
    sent, arrived = events(tmp_path / "here"), events(tmp_path / "there")
    for each in sent:
        each["properties"]["token"] = "development"
    assert len(arrived) == 60
    assert sorted(sent, key=str) == sorted(arrived, key=str)


def test_two_programs_do_not_forward_the_same_twice(tmp_path: Path, target: Target) -> None:
    with listening(tmp_path / "h", "--forward", target.url):
        second = subprocess.run(
            [*PROGRAM, str(tmp_path / "h"), "--forward", target.url],
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=TIMEOUT_S,
        )
    assert second.returncode == 2
    assert "Another program already forwards" in second.stderr
