"""Where a URL leads, and whether it leaves the machine."""

from __future__ import annotations

import pytest

from trackscope.session.target import Target, base_of, is_loopback, with_base, with_recent
from trackscope.wire.request import TrackRequest


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://127.0.0.1:8700/track/?data=x", "http://127.0.0.1:8700"),
        ("https://[::1]?data=x", "https://[::1]"),
        ("HTTP://h#x", "HTTP://h"),
        ("http://h\n:81/track", "http://h\n:81"),
        ("http://[/track", "http://["),
        ("/track/?data=x", ""),
        ("http:///track", ""),
        ("", ""),
    ],
)
def test_the_base_is_scheme_and_authority_as_they_are_written(url: str, base: str) -> None:
    assert base_of(url) == base


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://localhost", "https://[::1]:2/x", "http://127.9.9.9"]
)
def test_what_stays_on_this_machine_is_loopback(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.mixpanel.com/track",
        "http://127.0.0.1@example.com/",
        "http://example.com\\@127.0.0.1/",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1\n.example.com/",
        "http://localhost.example.com/",
        "/track",
        "",
    ],
)
def test_everything_else_is_not(url: str) -> None:
    assert not is_loopback(url)


def test_another_base_keeps_path_query_and_body() -> None:
    request = TrackRequest("POST", "http://a:1/track/?ip=1", (("X", "y"),), b"data=")
    moved = with_base(request, "https://b")
    assert moved == TrackRequest("POST", "https://b/track/?ip=1", (("X", "y"),), b"data=")


@pytest.mark.parametrize("url", ["", "nonsense", "http:///"])
def test_a_url_that_leads_nowhere_becomes_the_endpoint_there(url: str) -> None:
    assert with_base(TrackRequest("GET", url), "http://b").url.startswith("http://b/")


def test_recent_targets_are_each_there_once_the_newest_first() -> None:
    recent: tuple[str, ...] = ()
    for base in [f"http://{number}" for number in range(12)] + ["http://5"]:
        recent = with_recent(recent, base)
    assert recent[:2] == ("http://5", "http://11")
    assert len(recent) == len(set(recent)) == 8


def test_the_url_of_a_target_is_its_endpoint() -> None:
    assert Target("x", "http://h").url == "http://h/track/"
