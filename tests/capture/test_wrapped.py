from __future__ import annotations

from urllib.parse import quote

import pytest
from tests.capture.seeds import URL

from trackscope.capture.detect import read_text
from trackscope.capture.wrapped import unwrapped

INNER = quote(URL, safe="")
SAFE = f"https://eur01.safelinks.protection.outlook.com/?url={INNER}&data=05%7C02%7Ca&reserved=0"
GOOGLE = f"https://www.google.com/url?q={INNER}&source=gmail"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (SAFE, "Safe Links"),
        (GOOGLE, "Google"),
        (f"https://www.google.co.uk/url?sa=t&url={INNER}", "Google"),
        (f"https://l.facebook.com/l.php?u={INNER}&h=x", "Facebook"),
        (f"https://slack-redir.net/link?url={INNER}", "Slack"),
    ],
)
def test_the_url_within_is_taken_out_and_noted(url: str, name: str) -> None:
    assert unwrapped(url) == (URL, (f"taken out of a {name} link",))


def test_wrappings_around_wrappings_are_taken_off_but_not_for_ever() -> None:
    url = f"https://www.google.com/url?q={quote(SAFE, safe='')}"
    assert unwrapped(url)[0] == URL
    for _ in range(5):
        url = f"https://www.google.com/url?q={quote(url, safe='')}"
    assert len(unwrapped(url)[1]) == 3


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "https://www.google.com/search?q=http",
        f"https://google.com.evil.example/url?q={INNER}",
        f"https://safelinks.protection.outlook.com.evil.example/?url={INNER}",
        "https://www.google.com/url?q=javascript:alert(1)",
        "http://[",
    ],
)
def test_other_urls_stay_as_they_are(url: str) -> None:
    assert unwrapped(url) == (url, ())


def test_links_in_mails_and_pages_are_freed() -> None:
    found = read_text(f"Look: {SAFE} and <a href='{GOOGLE}'>")
    assert [each.request.url for each in found.requests] == [URL, URL]
    assert found.requests[0].notes == ("taken out of a Safe Links link",)
