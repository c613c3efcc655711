"""What is answered to whom: write-only endpoints, everything else in plain words."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from trackscope.collector import answers
from trackscope.collector.endpoints import endpoint_at
from trackscope.collector.head import Head
from trackscope.collector.hosts import AllowedHosts
from trackscope.collector.receiver import Receipt, Receiver
from trackscope.collector.service import Answer
from trackscope.wire.reply import Reply

logger = logging.getLogger(__name__)


class CollectorApp:
    """Answers the service's endpoints through a receiver; reads nothing out.

    `on_asked` is told the name of an endpoint that was asked and stores nothing (`decide`).
    """

    def __init__(
        self,
        receiver: Receiver,
        hosts: AllowedHosts,
        max_body: int,
        on_asked: Callable[[str], None] | None = None,
    ) -> None:
        self._receiver = receiver
        self._hosts = hosts
        self._max_body = max_body
        self._on_asked = on_asked

    def refusal(self, head: Head) -> Reply | None:
        """The reply to a request that is answered without its body; None if that is wanted."""
        if head.host is None:
            return answers.plain(400, "A request names one host, in one Host header.")
        if head.host not in self._hosts:
            return answers.wrong_host(head.host)
        if endpoint_at(head.path) is None:
            return answers.no_such_path(head.path)
        if head.method not in ("GET", "POST"):
            return _with_cors(head, _without_event(head))
        if head.content_length is not None and head.content_length > self._max_body:
            return self.too_large(head)
        return None

    def too_large(self, head: Head) -> Reply:
        """The reply to a request whose body is larger than the limit."""
        return _with_cors(head, answers.too_large(self._max_body))

    async def answer(self, head: Head, body: bytes) -> Answer:
        """Receive a request; the answer may be sent as soon as this comes back."""
        endpoint = endpoint_at(head.path)
        if endpoint is not None and endpoint.constant is not None:
            if self._on_asked is not None:
                self._on_asked(endpoint.name)
            return Answer(_with_cors(head, answers.as_json(endpoint.constant)))
        try:
            receipt = await self._receiver.receive(
                head.request(body), head.peer, answers.cors(head.header("origin"))
            )
        except Exception:
            # one request must not end the collector; it is answered neither 1 nor silence
            logger.exception("A request could not be answered.")
            return Answer(answers.plain(500, "The collector could not handle this request."))
        return Answer(receipt.reply, lambda: self._sent(receipt), receipt.delay_s)

    def _sent(self, receipt: Receipt) -> None:
        try:
            self._receiver.answered(receipt)
        except Exception:
            # what follows the exchanges may fail; they are answered all the same
            logger.exception("An exchange could not be reported.")


def _without_event(head: Head) -> Reply:
    """The answer to a method that logs nothing."""
    if head.method == "HEAD":
        return Reply(200, (("Content-Type", "text/plain; charset=utf-8"),))
    if head.method == "OPTIONS":
        return answers.preflight(head.header("access-control-request-headers"))
    return answers.wrong_method(head.method)


def _with_cors(head: Head, reply: Reply) -> Reply:
    return replace(reply, headers=(*reply.headers, *answers.cors(head.header("origin"))))
