"""The faulty answers and the requests they are given to, as choices for somebody who points."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from trackscope.collector.faults import Fault, parse_fault


@dataclass(frozen=True, slots=True)
class Choice:
    """A part of a fault: its words in the fault's line, and what it is called.

    `value` says what has to be filled in, `example` gives one; both are empty where nothing has.
    An `is_optional` value may be left out.
    """

    words: str
    label: str
    value: str = ""
    example: str = ""
    is_optional: bool = False


ANSWERS = (
    Choice("0", "0: refused"),
    Choice("error", "A verbose error", "Sentence", "token, missing or empty", is_optional=True),
    Choice("413", "413 Payload Too Large"),
    Choice("429", "429 Too Many Requests", "Retry-After, in seconds", "2", is_optional=True),
    Choice("500", "500 Internal Server Error"),
    Choice("503", "503 Service Unavailable", "Retry-After, in seconds", "2", is_optional=True),
    Choice("slow", "The right answer, late", "Seconds", "5"),
    Choice("cut", "None: the connection is cut"),
    Choice("type", "A wrong content type", "Content-Type", "text/html", is_optional=True),
    Choice("no-cors", "No CORS headers"),
)
"""What is done, in the order in which it is offered."""

REQUESTS = (
    Choice("", "Every request"),
    Choice("event", "Requests with an event", "Event's name", "Sign up"),
    Choice("token", "Requests of a project", "Token", "e3bc41"),
    Choice("every", "Every Nth request", "N", "3"),
    Choice("first", "The first N requests", "N", "2"),
)
"""To which requests, in the order in which they are offered."""


def chosen_fault(answer: Choice, value: str, requests: Choice, operand: str) -> Fault:
    """The fault that was put together; UsageError says what is wrong with a value.

    >>> str(chosen_fault(ANSWERS[3], "2", REQUESTS[4], "3"))
    '429 2 first 3'
    """
    words = [answer.words]
    if answer.value and (value.strip() or not answer.is_optional):
        words.append(value.strip())
    if requests.words:
        words += [requests.words, operand.strip()]
    return parse_fault(shlex.join(words))
