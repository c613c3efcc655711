"""Rules on what an SDK makes of the answer it got (`sdk.*`): faults that no request shows alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson

from trackscope.wire.decoding import Decoded
from trackscope.wire.era import RuleBook
from trackscope.wire.finding import Finding
from trackscope.wire.reply import Reply, understand
from trackscope.wire.request import TrackRequest, host_of
from trackscope.wire.rules.case import Raw
from trackscope.wire.rules.sdk import BROWSER
from trackscope.wire.sender import Sender, sender_of
from trackscope.wire.shown import printable

_DROPPING = frozenset(
    {
        BROWSER,
        "mixpanel-iphone",
        "mixpanel-swift",
        "mixpanel-android",
        "mixpanel-react-native",
    }
)
"""SDKs that take 0 for an answer like any other and forget what they sent (wire-facts, §11)."""

_VERBOSE = frozenset({"mixpanel-python", "mixpanel-ruby", "mixpanel-go"})
"""SDKs that ask for verbose=1 and read a status from the JSON (wire-facts, §11)."""

_EXACT = frozenset({"mixpanel-node", "mixpanel-java"})
"""SDKs to which only the one character 1 means success (sdk-facts, "Answers")."""

_MAX_JSON = 100_000
"""Bytes of an answer that are read as JSON."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A request with its answer, who sent it, and the rules that it was found to break."""

    request: TrackRequest
    decoded: Decoded
    reply: Reply
    sender: Sender
    told: Sequence[Finding]


def answer_findings(
    request: TrackRequest,
    decoded: Decoded,
    reply: Reply,
    book: RuleBook,
    told: Sequence[Finding] = (),
) -> tuple[Finding, ...]:
    """What the sender makes of the answer; `told` are the findings on the request itself."""
    answered = Answered(request, decoded, reply, sender_of(request, decoded), told)
    return tuple(
        Finding(raw.rule, book.severities[raw.rule], raw.at, printable(raw.message))
        for rule in _RULES
        for raw in rule(answered)
    )


def is_ordinary(request: TrackRequest, reply: Reply) -> bool:
    """Whether the answer suits every SDK, as it is seen without decoding the request.

    False does not say that one fails at it. SDKs write `verbose=1` as it stands here.
    """
    if reply.status != 200 or not _is_open(request, reply):
        return False
    if not reply.body:
        return True
    if "verbose=1" in request.url or b"verbose=1" in request.body:
        value = _json(reply.body)
        return isinstance(value, dict) and value.get("status") == 1
    return reply.body == b"1"


def _is_open(request: TrackRequest, reply: Reply) -> bool:
    """Whether the page that a request names can surely read the answer."""
    origin = request.header("origin")
    return not origin or (
        reply.header("access-control-allow-origin") == origin
        and reply.header("access-control-allow-credentials") == "true"
    )


def _cors(answered: Answered) -> Iterator[Raw]:
    """A page may read an answer of another origin only where the headers allow it."""
    request, reply = answered.request, answered.reply
    origin = request.header("origin")
    if not origin or not reply.headers or not _is_read_by_page(request, origin):
        return
    allowed = reply.header("access-control-allow-origin")
    credentials = (reply.header("access-control-allow-credentials") or "").strip().lower()
    needs_credentials = answered.sender.name == BROWSER
    if allowed is None:
        lack = "the answer has no Access-Control-Allow-Origin"
    elif allowed.strip() != origin and (needs_credentials or allowed.strip() != "*"):
        lack = f"Access-Control-Allow-Origin is {allowed[:60]}, not the page's {origin[:60]}"
    elif needs_credentials and credentials != "true":
        lack = "the answer has no Access-Control-Allow-Credentials: true"
    else:
        return
    message = (
        f"{lack}: the page is told that it failed, though the request arrived. Let the server "
        "answer with the request's Origin, and allow credentials"
    )
    yield Raw("sdk.cors", "", message)


def _is_read_by_page(request: TrackRequest, origin: str) -> bool:
    """Whether a script waits for the answer, on a page of another origin."""
    mode = request.header("sec-fetch-mode")
    if mode not in (None, "cors") or request.header("sec-fetch-site") == "same-origin":
        return False
    try:
        return urlsplit(origin).netloc != host_of(request)
    except ValueError:
        return True


def _dropped(answered: Answered) -> Iterator[Raw]:
    name, reply = answered.sender.name, answered.reply
    if name not in _DROPPING:
        return
    is_refused = name == BROWSER and reply.status == 400
    is_zero = reply.status == 200 and understand(answered.decoded, reply).value == 0
    if is_refused or is_zero:
        count = len(answered.decoded.events or ())
        what = f"the {count} records of this batch are" if count > 1 else "what it sent is"
        message = (
            f"{name} does not send again what was answered {400 if is_refused else 0}: {what} "
            "lost. Mend what the answer rests on, and track it anew"
        )
        yield Raw("sdk.dropped", "", message)


def _json_answer(answered: Answered) -> Iterator[Raw]:
    name, reply = answered.sender.name, answered.reply
    if reply.status != 200 or not reply.body:
        return
    value = _json(reply.body)
    has_status = isinstance(value, dict) and "status" in value
    if name in _VERBOSE and answered.decoded.is_on("verbose") and not has_status:
        message = (
            f"{name} asks with verbose=1 and awaits JSON with a status: of this answer it makes "
            'a failure. Let the server answer {"status": 1, "error": null}'
        )
        yield Raw("sdk.json-answer", "", message)
    elif name == "mixpanel-react-native" and value is None:
        message = (
            f"{name} reads every answer as JSON and fails at this one: let the server answer 1 "
            "or 0 and nothing else"
        )
        yield Raw("sdk.json-answer", "", message)


def _json(body: bytes) -> object:
    """The value of a JSON text; None for null, for a text that is none, and for a long one."""
    try:
        return orjson.loads(body) if len(body) <= _MAX_JSON else None
    except ValueError:
        return None


def _plain_answer(answered: Answered) -> Iterator[Raw]:
    name, reply = answered.sender.name, answered.reply
    if name not in _EXACT or reply.status != 200 or answered.decoded.is_on("verbose"):
        return
    meaning = understand(answered.decoded, reply)
    if reply.body != b"1" and meaning.value == 1 and meaning.kind != "import":
        message = (
            f"{name} takes only the one character 1 for success, and reports a failure, though "
            "the data was logged: let the server answer 1 without a line break or anything else"
        )
        yield Raw("sdk.plain-answer", "", message)


def _beacon(answered: Answered) -> Iterator[Raw]:
    repeated = [each for each in answered.told if each.rule == "event.duplicate"]
    if repeated and answered.sender.name == BROWSER:
        message = (
            "mixpanel-browser sends what is left when a page is closed, and the next page may "
            "send the same once more: count by $insert_id, as the service does"
        )
        yield Raw("sdk.beacon", repeated[0].at, message)


_RULES: tuple[Callable[[Answered], Iterator[Raw]], ...] = (
    _cors,
    _dropped,
    _json_answer,
    _plain_answer,
    _beacon,
)
