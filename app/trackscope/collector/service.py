"""What a connection hands requests to, and what it gets back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from trackscope.collector.head import Head
from trackscope.wire.reply import Reply


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply (None: the connection is cut instead), and what is to be done once it has left.

    `delay_s` is how long it is held back.
    """

    reply: Reply | None
    when_sent: Callable[[], None] = lambda: None
    delay_s: float = 0.0


class Service(Protocol):
    """Answers requests; knows nothing of sockets."""

    def refusal(self, head: Head) -> Reply | None:
        """The reply to a request that is answered without its body; None if that is wanted."""

    def too_large(self, head: Head) -> Reply:
        """The reply to a request whose body is larger than the limit."""

    async def answer(self, head: Head, body: bytes) -> Answer:
        """The answer to a whole request; this never raises."""
        ...
