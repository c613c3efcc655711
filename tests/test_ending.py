"""The guard of hostile input stops what has no end, and nothing else."""

from __future__ import annotations

import pytest
from tests.ending import ends


def endless() -> None:
    while True:
        pass


def test_work_without_end_fails() -> None:
    with pytest.raises(AssertionError, match="does not end"), ends(0.05):
        endless()


def test_work_that_ends_passes_and_leaves_no_alarm_behind() -> None:
    with ends(0.05):
        pass
    assert sum(range(3_000_000)) > 0  # longer than the guard, which is off by now
