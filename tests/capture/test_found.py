from __future__ import annotations

import pytest

from trackscope.capture.found import carried, moment, wait_ms


def test_secrets_and_what_the_client_computes_are_not_carried() -> None:
    headers = (
        (":authority", "h"),
        ("Host", "h"),
        ("Cookie", "a=b"),
        ("authorization", "Basic x"),
        ("X-A", "1"),
        ("Content-Length", "3"),
        ("x-a", "2"),
    )
    kept, notes = carried(headers)
    assert kept == (("X-A", "1"), ("x-a", "2"))
    assert notes == (
        "Cookie is left out: it is a secret",
        "authorization is left out: it is a secret",
    )


@pytest.mark.parametrize("seconds", [None, -1.0, 0.0, 1e300, float("nan"), float("inf")])
def test_a_time_that_is_none_is_left_out(seconds: float | None) -> None:
    assert moment(seconds) is None


def test_a_wait_is_never_negative() -> None:
    assert wait_ms(1.5, 2.0) == 500.0
    assert wait_ms(2.0, 1.5) == 0.0
    assert wait_ms(2.0, None) is None
    assert wait_ms(None, 2.0) is None
