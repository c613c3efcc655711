"""Values that are made anew for every send: now, seconds ago, a uuid, a counter, a choice."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

from trackscope.wire.json_text import parse


class Kind(StrEnum):
    """How a value is made; the value is the word shown."""

    NOW = "now"
    AGO = "seconds ago"
    UUID = "uuid"
    COUNTER = "counter"
    CHOICE = "random choice"


@dataclass(frozen=True, slots=True)
class Generator:
    """A way to make a value. `argument` is what a person typed for it.

    For `AGO` a number of seconds, for `COUNTER` the first number, for `CHOICE` the choices with
    commas between, each read as JSON where it is JSON and as text otherwise.
    """

    kind: Kind
    argument: str = ""

    def value(self, *, now: float, index: int, random: Random) -> Any:
        """The value for the send number `index` (from 0) at `now` (seconds since 1970)."""
        match self.kind:
            case Kind.NOW:
                return int(now)
            case Kind.AGO:
                return int(now) - _whole(self.argument)
            case Kind.UUID:
                return str(uuid.UUID(int=random.getrandbits(128), version=4))
            case Kind.COUNTER:
                return _whole(self.argument) + index
            case Kind.CHOICE:
                return _scalar(random.choice(self.argument.split(",")).strip())


def _whole(text: str) -> int:
    """The whole number that was typed; 0 for what is none, or absurdly long."""
    text = text.strip()
    return int(text) if text.lstrip("-").isdecimal() and len(text) <= 15 else 0


def _scalar(text: str) -> Any:
    parsed = parse(text)
    return text if parsed.defect or parsed.notices else parsed.value
