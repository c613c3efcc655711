"""Values that are made anew for every send."""

from __future__ import annotations

import uuid
from random import Random

import pytest

from trackscope.session.generator import Generator, Kind


def made(kind: Kind, argument: str = "", index: int = 0) -> object:
    return Generator(kind, argument).value(now=1000.9, index=index, random=Random(1))


def test_now_is_whole_seconds() -> None:
    assert made(Kind.NOW) == 1000


def test_seconds_ago_counts_back_from_now() -> None:
    assert made(Kind.AGO, "60") == 940


def test_a_counter_goes_on_from_its_first_number() -> None:
    assert [made(Kind.COUNTER, "7", index) for index in range(3)] == [7, 8, 9]


def test_a_uuid_is_one_of_version_4() -> None:
    assert uuid.UUID(str(made(Kind.UUID))).version == 4


def test_a_choice_is_read_as_json_where_it_is_json() -> None:
    generator = Generator(Kind.CHOICE, "1, true, blue")
    values = {repr(generator.value(now=0, index=0, random=Random(seed))) for seed in range(50)}
    assert values == {"1", "True", "'blue'"}


@pytest.mark.parametrize("typed", ["", "x", "9" * 50, "1.5"])
def test_a_number_that_is_none_counts_as_zero(typed: str) -> None:
    assert made(Kind.COUNTER, typed) == 0
