"""A draft and a composer with clocks that stand still until they are moved."""

from __future__ import annotations

from random import Random

import pytest

from trackscope.session.composer import Composer
from trackscope.session.draft import Document, Draft
from trackscope.session.target import COLLECTOR, Target
from trackscope.wire.editing import with_payload
from trackscope.wire.request import TrackRequest

NOW = 1_322_092_800.0


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def composer(clock: Clock) -> Composer:
    target = Target(COLLECTOR, "http://127.0.0.1:8700")
    return Composer(target, clock=clock, monotonic=clock, random=Random(7))


def document(payload: str = '{"event":"game","properties":{"token":"t"}}') -> Document:
    request = TrackRequest("GET", "http://127.0.0.1:8700/track/?ip=1&x=1&x=2")
    return Document(with_payload(request, payload))


@pytest.fixture
def draft(clock: Clock) -> Draft:
    return Draft(document(), clock)
