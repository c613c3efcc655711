from __future__ import annotations

import pytest

from trackscope.capture.logentry import CUT, NO_BODY, captured, unescaped
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest


def test_an_entry_becomes_the_request_with_all_that_the_log_knows() -> None:
    found = captured(
        7, "GET", "/track?data=a%2B", host="h.example:8080", at=5.0, status=200, took_ms=1.5,
        peer="::1", referer="http://r/", agent="-",
    )  # fmt: skip
    assert found is not None
    assert found.request == TrackRequest(
        "GET", "http://h.example:8080/track?data=a%2B", (("Referer", "http://r/"),)
    )
    assert (found.position, found.at, found.took_ms, found.peer) == ("line 7", 5.0, 1.5, "::1")
    assert (found.reply, found.has_host, found.notes, found.problem) == (Reply(200), True, (), "")


@pytest.mark.parametrize(
    ("target", "host", "scheme", "url"),
    [
        ("/track", "h", "https", "https://h/track"),
        ("/track", "h:443", "", "https://h:443/track"),
        ("/track", "[::1]:80", "", "http://[::1]:80/track"),
        ("http://a.example/track", "h", "", "http://a.example/track"),
        ("HTTPS://a.example/track", "", "", "HTTPS://a.example/track"),
    ],
)
def test_the_url_is_put_together_from_what_the_log_says(
    target: str, host: str, scheme: str, url: str
) -> None:
    found = captured(1, "GET", target, host=host, scheme=scheme)
    assert found is not None
    assert (found.request.url, found.has_host) == (url, True)


@pytest.mark.parametrize("host", ["", "_", "-", "a b", "h/x", "h@x", "*"])
def test_where_no_server_is_named_the_services_own_stands_in(host: str) -> None:
    found = captured(1, "GET", "/track?a#b c", host="" if host == "-" else host)
    assert found is not None
    assert found.request.url == "http://api.mixpanel.com/track?a#b c"
    assert not found.has_host
    assert found.notes == ("http://api.mixpanel.com added: the log does not name the server",)


def test_what_is_missing_is_said() -> None:
    assert getattr(captured(1, "POST", "/track"), "problem", "") == NO_BODY
    assert getattr(captured(1, "POST", "/track", body=b"data=e30="), "problem", "x") == ""
    assert getattr(captured(1, "POST", "/track?data=e30="), "problem", "x") == ""
    assert getattr(captured(1, "GET", "/track?da", is_cut=True), "problem", "") == CUT


@pytest.mark.parametrize("target", ["*", "h:443", "track", "", "ftp://h/track"])
def test_what_is_no_resource_is_no_request(target: str) -> None:
    assert captured(1, "GET", target) is None


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (b"a", "a"),
        (rb"a\x22b\x5C\xE9", 'a"b\\\udce9'),
        (rb"\xC3\xA9\"\\\n\t", 'é"\\\n\t'),
        (b"\xff\\", "\udcff\\"),
        (rb"\xZZ\q", "xZZq"),
    ],
)
def test_the_escapes_of_logs_are_undone(field: bytes, text: str) -> None:
    assert unescaped(field) == text
