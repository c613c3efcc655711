"""What test suites ask of a running collector, on a port of its own.

Every request needs the bearer token; no answer has a CORS header, so that no web page can read
one. Answers are JSON, errors too: `{"error": "a sentence"}`.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from trackscope.collector import answers
from trackscope.collector.arrivals import Arrivals, Wanted, as_lines
from trackscope.collector.change import Change, Standing, as_record, read_change
from trackscope.collector.head import Head
from trackscope.collector.hosts import AllowedHosts
from trackscope.collector.question import Question, read_question
from trackscope.collector.service import Answer
from trackscope.errors import TrackscopeError
from trackscope.wire.json_text import dumps
from trackscope.wire.reply import Reply

logger = logging.getLogger(__name__)

MAX_BODY = 64 * 1024

NOT_MET = 409
"""The status of an expectation that was not met."""

Record = dict[str, Any]
Handler = Callable[[Question, bytes], Awaitable[tuple[int, Record]]]


class ControlApp:
    """Answers test suites out of the arrivals; `change` and `standing` are the collector's.

    `traces` tells what an SDK did after faulty answers, from the exchange of an id on; it is called
    in a thread.
    """

    def __init__(
        self,
        arrivals: Arrivals,
        token: str,
        hosts: AllowedHosts,
        *,
        standing: Callable[[], Standing],
        change: Callable[[Change], Standing],
        traces: Callable[[int], list[Record]],
    ) -> None:
        self._arrivals = arrivals
        self._token = f"Bearer {token}".encode()
        self._hosts = hosts
        self._standing = standing
        self._change = change
        self._traces = traces
        self._routes: Mapping[str, Mapping[str, Handler]] = {
            "/all": {"GET": self._all},
            "/good": {"GET": self._good},
            "/bad": {"GET": self._bad},
            "/events": {"GET": self._all},
            "/expect": {"GET": self._expect},
            "/aftermath": {"GET": self._aftermath},
            "/reset": {"POST": self._reset, "DELETE": self._reset},
            "/settings": {"GET": self._settings, "PATCH": self._set, "POST": self._set},
        }

    def refusal(self, head: Head) -> Reply | None:
        """The reply to a request that may not ask, or asks for what there is not."""
        if head.host is None or head.host not in self._hosts:
            return _error(421, "This collector answers for localhost, 127.0.0.1 and [::1].")
        given = (head.header("authorization") or "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, self._token):
            return _error(
                401,
                "The bearer token that `trackscope listen --control` prints is needed.",
                ("WWW-Authenticate", "Bearer"),
            )
        methods = self._routes.get(head.path)
        if methods is None:
            return _error(404, f"Nothing is there. There are: {', '.join(self._routes)}.")
        if head.method not in methods:
            allowed = ", ".join(methods)
            return _error(405, f"{head.path} takes {allowed}.", ("Allow", allowed))
        if head.content_length is not None and head.content_length > MAX_BODY:
            return self.too_large(head)
        return None

    def too_large(self, head: Head) -> Reply:
        """The reply to a request whose body is larger than the limit."""
        return _error(413, f"The body is larger than {MAX_BODY:,} bytes.")

    async def answer(self, head: Head, body: bytes) -> Answer:
        """The answer to a whole request that was not refused."""
        try:
            question = read_question(head.url)
            status, record = await self._routes[head.path][head.method](question, body)
        except TrackscopeError as problem:
            return Answer(_error(400, str(problem)))
        except Exception:
            # one question must not end the collector
            logger.exception("A question could not be answered.")
            return Answer(_error(500, "The collector could not answer this."))
        return Answer(_json(status, record))

    async def _all(self, question: Question, _: bytes) -> tuple[int, Record]:
        return 200, self._found(question.wanted, question.limit)

    async def _good(self, question: Question, _: bytes) -> tuple[int, Record]:
        return 200, self._found(question.wanted_if(is_good=True), question.limit)

    async def _bad(self, question: Question, _: bytes) -> tuple[int, Record]:
        return 200, self._found(question.wanted_if(is_good=False), question.limit)

    def _found(self, wanted: Wanted, limit: int) -> Record:
        """The newest that are meant; `left_out` are older ones that are not given."""
        arrivals = self._arrivals
        found = arrivals.matching(wanted)
        given = found[max(0, len(found) - limit) :]
        return {
            **self._counts(),
            "left_out": arrivals.left_out + len(found) - len(given),
            "events": as_lines(given),
        }

    def _counts(self) -> Record:
        good, bad = self._arrivals.good_count, self._arrivals.bad_count
        return {"total": good + bad, "good": good, "bad": bad}

    async def _reset(self, _: Question, __: bytes) -> tuple[int, Record]:
        self._arrivals.reset()
        return 200, self._counts()

    async def _expect(self, question: Question, _: bytes) -> tuple[int, Record]:
        """Wait until as many have arrived as are expected; for none, until the time is over."""
        is_given = question.wanted.is_good is not None or question.is_any_verdict
        wanted = question.wanted if is_given else question.wanted_if(is_good=True)
        count = question.count
        found = await self._arrivals.until(wanted, max(count, 1), question.timeout_s)
        if bool(found) if count == 0 else len(found) < count:
            return NOT_MET, {
                "error": self._unmet(wanted, len(found), question),
                "instead": self._arrivals.instead_of(wanted),
                "events": as_lines(found[: question.limit]),
            }
        return 200, {"events": as_lines(found[: question.limit])}

    def _unmet(self, wanted: Wanted, arrived: int, question: Question) -> str:
        if question.count == 0:
            return f"No {wanted} was expected, but {arrived} arrived."
        came = f"Only {arrived} of {wanted}" if arrived else f"No {wanted}"
        expected = "one was" if question.count == 1 else f"{question.count} were"
        sentence = f"{came} arrived within {question.timeout_s:g} s; {expected} expected."
        instead = self._arrivals.instead_of(wanted)
        return f"{sentence} Instead: {'; '.join(instead) or 'nothing'}."

    async def _aftermath(self, _: Question, __: bytes) -> tuple[int, Record]:
        first_id = self._arrivals.first_id
        traces = [] if first_id is None else await asyncio.to_thread(self._traces, first_id)
        return 200, {"events": traces}

    async def _settings(self, _: Question, __: bytes) -> tuple[int, Record]:
        return 200, as_record(self._standing())

    async def _set(self, _: Question, body: bytes) -> tuple[int, Record]:
        return 200, as_record(self._change(read_change(body, "body")))


def _json(status: int, record: Record, *headers: tuple[str, str]) -> Reply:
    more = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), *headers)
    return answers.as_json(dumps(record).encode("utf-8", "replace"), status, more)


def _error(status: int, sentence: str, *headers: tuple[str, str]) -> Reply:
    return _json(status, {"error": sentence}, *headers)
