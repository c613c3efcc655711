"""Forwarding switched in a running collector, as lines of JSON: what is asked for, and answered.

They go the way of those of `trackscope.collector.change`, which knows nothing of forwarding.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from trackscope.collector.change import MAX_LINE
from trackscope.errors import UsageError
from trackscope.session.forwarding import ForwardSettings
from trackscope.wire.json_text import dumps, parse
from trackscope.wire.shown import escaped

FORWARDING = "forwarding "
"""How the answering line begins; an object of JSON follows."""

_ASKED = b'{"forward":'


@dataclass(frozen=True, slots=True)
class Answer:
    """What is forwarded where now, None for nothing; with `error`, why it is not as asked."""

    settings: ForwardSettings | None
    error: str = ""


def write_forward(settings: ForwardSettings | None) -> bytes:
    """The line that asks to forward so from now on; None asks to forward nothing.

    >>> write_forward(None)
    b'{"forward":null}\\n'
    """
    line = dumps({"forward": _record(settings)}).encode() + b"\n"
    if len(line) > MAX_LINE:
        raise UsageError("There are too many tokens and events to forward by.", "Name fewer.")
    return line


def is_forward(line: bytes) -> bool:
    """Whether a line asks about forwarding."""
    return line.startswith(_ASKED)


def read_forward(line: bytes) -> ForwardSettings | None:
    """How a line asks to forward; UsageError for one that `write_forward` does not write."""
    try:
        if len(line) > MAX_LINE:
            raise ValueError
        parsed = parse(line.decode("utf-8"))
        if parsed.defect is not None or not isinstance(parsed.value, dict):
            raise ValueError
        return _settings(parsed.value["forward"])
    except (ValueError, KeyError, TypeError) as problem:
        raise UsageError("The line does not say what is to be forwarded.") from problem


def write_answer(answer: Answer) -> str:
    """The answering line, without its end.

    >>> write_answer(Answer(None))
    'forwarding {"forward":null,"error":""}'
    """
    record = {"forward": _record(answer.settings), "error": answer.error}
    return FORWARDING + escaped(dumps(record))


def read_answer(line: str) -> Answer | None:
    """What an answering line says; None for any other line."""
    if not line.startswith(FORWARDING):
        return None
    try:
        said = json.loads(line.removeprefix(FORWARDING))
        return Answer(_settings(said["forward"]), str(said["error"]))
    except (ValueError, KeyError, TypeError):
        return None


def _record(settings: ForwardSettings | None) -> dict[str, Any] | None:
    if settings is None:
        return None
    return {
        "target": settings.target,
        "tokens": dict(settings.tokens),
        "only": sorted(settings.only),
        "accepted": settings.is_accepted_only,
        "again": settings.is_again,
    }


def _settings(record: Mapping[str, Any] | None) -> ForwardSettings | None:
    if record is None:
        return None
    target, tokens, only = record["target"], record["tokens"], record["only"]
    texts = [target, *tokens, *tokens.values(), *only] if isinstance(tokens, dict) else [None]
    if not all(isinstance(each, str) for each in texts) or not isinstance(only, list):
        raise TypeError("a text is none")
    return ForwardSettings(
        target,
        MappingProxyType(dict(tokens)),
        frozenset(only),
        record["accepted"] is True,
        record["again"] is True,
    )
