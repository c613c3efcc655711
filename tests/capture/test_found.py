from __future__ import annotations

from trackscope.capture.found import carried


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
