"""Where a request goes, from what a person types."""

from __future__ import annotations

import pytest

from trackscope.cli.request_options import endpoint, pair
from trackscope.errors import UsageError


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("api.mixpanel.com", "https://api.mixpanel.com/track/"),
        ("http://api.mixpanel.com", "http://api.mixpanel.com/track/"),
        ("http://api.mixpanel.com/", "http://api.mixpanel.com/track/"),
        ("http://h.io?verbose=1", "http://h.io/track/?verbose=1"),
        ("http://h.io/collect", "http://h.io/collect"),
        ("127.0.0.1:8700/track", "http://127.0.0.1:8700/track"),
        ("[::1]:8700", "http://[::1]:8700/track/"),
    ],
)
def test_a_path_is_used_as_it_is_and_a_bare_host_gets_the_endpoint(typed: str, url: str) -> None:
    assert endpoint(typed) == url


@pytest.mark.parametrize("typed", ["", "/track/", "ftp://h.io/", "javascript:alert(1)", "http://["])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        endpoint(typed)


def test_a_value_may_have_an_equals_sign_of_its_own() -> None:
    assert pair("a=b=c", "--param") == ("a", "b=c")
