"""A collector for a test suite: runs `trackscope listen`, and asks it what has arrived.

    with SuiteCollector() as collector:
        run_the_program(api_host=collector.url)
        collector.expect_event("Order Placed", plan="pro")

Needs nothing but the standard library, so that it costs a test run next to nothing.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlencode, urlsplit

from trackscope.errors import CollectorError

TIMEOUT_S = 5.0
"""How long an event is waited for, unless told otherwise."""

MAX_EVENTS = 10_000
"""Events that are given at once; there are no more in the collector either."""

_ANSWER_S = 30.0
_END_S = 10.0

Event = dict[str, Any]


class ExpectationError(AssertionError):
    """What was expected did not arrive, or what was not expected did; the message says what did."""


class SuiteCollector:
    """A collector on a free port, in a process of its own, for as long as the `with` lasts.

    `options` are further ones of `trackscope listen`. Its history, with every request byte for
    byte, is in `folder` (by default a temporary one, gone in the end).
    """

    def __init__(self, *options: str, folder: Path | None = None) -> None:
        self._options = options
        self._folder = folder
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[str] | None = None
        self._control = self._token = ""
        self._started: Mapping[str, Any] = {}
        self.url = ""
        """Where to point an SDK at, as `http://127.0.0.1:PORT`."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process and wait until it listens; CollectorError says why it does not."""
        folder = self._folder
        if folder is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="trackscope-")
            folder = Path(self._temporary.name)
        command = [sys.executable, "-m", "trackscope", "listen", "--port", "0", "--control"]
        command += ["--with-parent", "--history", str(folder / "suite.trackscope")]
        self._process = process = subprocess.Popen(
            [*command, *self._options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert process.stdout is not None
        self.url = process.stdout.readline().removeprefix("listening on ").strip()
        control = process.stdout.readline().removeprefix("control on ").strip()
        self._control, _, self._token = control.partition(" with token ")
        if not self._token:
            _, said = process.communicate(timeout=_END_S)
            self.stop()
            raise CollectorError(
                f"The collector did not start: {said.strip() or 'no reason given'}"
            )
        self._started = self.settings()

    def stop(self) -> None:
        """End the process, and remove its temporary history."""
        process, self._process = self._process, None
        if process is not None:
            with process:
                with suppress(OSError, subprocess.TimeoutExpired, ValueError):
                    process.communicate("", timeout=_END_S)
                if process.poll() is None:
                    process.kill()
        if self._temporary is not None:
            self._temporary.cleanup()

    def events(self, name: str | None = None, /, **properties: Any) -> list[Event]:
        """What has arrived and was accepted, in order: of that name, with those properties.

        Each has the keys `event`, `properties`, `verdict`, `findings`, `id`, `at`, `endpoint`.
        """
        return self._list("/good", _query(name, properties))

    def refused(self, name: str | None = None, /, **properties: Any) -> list[Event]:
        """What has arrived and was refused; `findings` say why."""
        return self._list("/bad", _query(name, properties))

    def expect_event(
        self, name: str, /, *, within_s: float = TIMEOUT_S, **properties: Any
    ) -> Event:
        """The first accepted event of that name with those properties, once it is there.

        Raises ExpectationError, which tells what arrived instead, when it does not come in time.
        """
        __tracebackhide__ = True  # pytest then shows the line of the test
        [event, *_] = self._expected(name, properties, within_s, count=1)
        return event

    def expect_none(
        self, name: str | None = None, /, *, within_s: float = 0.5, **properties: Any
    ) -> None:
        """Wait, and see that no such event arrives, accepted or not, and none has.

        Raises ExpectationError as soon as there is one.
        """
        __tracebackhide__ = True
        self._expected(name, properties, within_s, count=0)

    def aftermath(self) -> list[dict[str, Any]]:
        """What the SDK did after faulty answers: a line for each event that met one in this run.

        `outcome` is `retried`, `dropped`, `duplicated`, `refused` (came again, in vain) or `kept`
        (logged in spite of it); `again_count` and `again_s` say how often and how soon it came
        again, `logged_count` how often it was logged.
        """
        return list(self._ask("GET", "/aftermath")[1]["events"])

    def reset(self) -> None:
        """Begin a new run: what arrived before is not shown any more. The history keeps it."""
        self._ask("POST", "/reset")

    def settings(self) -> dict[str, Any]:
        """By what it judges and answers now: `era`, `strict`, `faults`."""
        return self._ask("GET", "/settings")[1]

    def change(
        self,
        *,
        era: str | None = None,
        strict: bool | None = None,
        faults: Iterable[str] | None = None,
    ) -> None:
        """Judge and answer otherwise from now on; CollectorError says what cannot be."""
        given = {"era": era, "strict": strict, "faults": None if faults is None else [*faults]}
        asked = {name: value for name, value in given.items() if value is not None}
        status, answer = self._ask("PATCH", "/settings", json.dumps(asked))
        if status != 200:
            raise CollectorError(answer["error"])

    def restore(self) -> None:
        """Judge and answer as at the start again, and begin a new run."""
        self.change(**self._started)
        self.reset()

    def _list(self, path: str, query: list[tuple[str, str]]) -> list[Event]:
        _, answer = self._ask("GET", f"{path}?{urlencode([*query, ('limit', str(MAX_EVENTS))])}")
        return list(answer["events"])

    def _expected(
        self, name: str | None, properties: Mapping[str, Any], within_s: float, *, count: int
    ) -> list[Event]:
        __tracebackhide__ = True
        query = [*_query(name, properties), ("timeout", f"{within_s:f}"), ("count", str(count))]
        if count == 0:
            query.append(("verdict", "any"))
        path = f"/expect?{urlencode(query, quote_via=quote)}"
        status, answer = self._ask("GET", path, timeout_s=within_s + _ANSWER_S)
        if status == 409:
            raise ExpectationError(_unmet(answer))
        if status != 200:
            raise CollectorError(answer["error"])
        return list(answer["events"])

    def _ask(
        self, method: str, path: str, body: str | None = None, timeout_s: float = _ANSWER_S
    ) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection(urlsplit(self._control).netloc, timeout=timeout_s)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {self._token}"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as problem:
            raise CollectorError(f"The collector does not answer: {problem!r}.") from problem
        finally:
            connection.close()


def _query(name: str | None, properties: Mapping[str, Any]) -> list[tuple[str, str]]:
    query = [] if name is None else [("event", name)]
    return query + [
        ("property", key if value is ... else f"{key}={json.dumps(value)}")
        for key, value in properties.items()
    ]


def _unmet(answer: Mapping[str, Any]) -> str:
    """What was expected and what arrived, a line each, with the findings of what was refused."""
    sentence = answer["error"].partition(" Instead: ")[0]
    lines = [sentence]
    for event in answer["events"]:
        lines.append(f"  - {event['event']}: {json.dumps(event['properties'])}")
        lines += [f"      {each['rule']}: {each['message']}" for each in event["findings"]]
    if answer["instead"]:
        lines += ["Arrived besides:" if answer["events"] else "Arrived instead:"]
    elif not answer["events"]:
        lines += ["Nothing arrived."]
    lines += [f"  - {each}" for each in answer["instead"]]
    return "\n".join(lines)
