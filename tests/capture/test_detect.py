from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ending import ends

from trackscope.capture import detect
from trackscope.capture.detect import MAX_TEXT, read_text
from trackscope.wire.decoding import decode

DATA = "eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIn19"
URL = f"http://h/track/?data={DATA}"
EXAMPLE = """
  http://api.mixpanel.com/track/?data=eyJldmVudCI6ICJnYW1lIiwgInByb3BlcnRpZXMi
  OiB7ImlwIjogIjEyMy4xMjMuMTIzLjEyMyIsICJ0b2tlbiI6ICJlM2JiNDEwMDMzMGMzNTcyMjc0
  MGZiOGM2ZjVhYmRkYyIsICJ0aW1lIjogMTI0NTYxMzg4NSwgImFjdGlvbiI6ICJwbGF5In19&ip=1           
"""


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (URL, "url"),
        (f"see {URL}.", "url"),
        (f"{URL}\n{URL}", "urls"),
        (f"curl {URL}", "curl"),
        (f'curl.exe ^"{URL}^"', "curl"),
        (DATA, "base64"),
        (f"data={DATA}", "base64"),
        ('{"event": "x"}', "json"),
        ('{"url": "' + URL + '"}', "url"),
        ('{"event": "x; curl http://h/track?data=x"}', "json"),
        (f"data={DATA}&ip=1", "form"),
        (f"<img src='{URL}'>", "html"),
        (f"<p><script>fetch('/x')</script><img src='{URL}'>", "html"),
        (f"requests.get('{URL}')", "python"),
        (f"fetch('{URL}')", "javascript"),
        (f"iwr '{URL}'", "powershell"),
    ],
)
def test_each_form_is_known_by_its_content(source: str, kind: str) -> None:
    found = read_text(source)
    assert found.kind == kind
    assert len(found.requests) == 1 + (kind == "urls")
    assert found.problem == ""


def test_the_example_of_the_specification_is_read_as_it_is_printed() -> None:
    found = read_text(EXAMPLE)
    assert found.kind == "url"
    [event] = decode(found.requests[0].request).events or ()
    assert event["properties"]["action"] == "play"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "nothing to read"),
        ("  \n", "nothing to read"),
        ("\0\1\2", "binary"),
        ("hello", "No tracking request"),
        ("https://www.example.com/?a=b", "a URL, but"),
        ("http://h/a http://h/b", "none of its 2 requests"),
        ("curl -v", "a curl command, but"),
        ("[1, 2]", "JSON, but"),
    ],
)
def test_a_text_without_requests_gets_a_sentence_and_a_next_step(source: str, words: str) -> None:
    found = read_text(source)
    assert found.requests == ()
    assert words in found.problem
    assert "Paste a" in found.problem


def test_too_long_a_text_is_refused() -> None:
    assert "32 MB" in read_text("x" * (MAX_TEXT + 1)).problem


def test_what_is_passed_over_is_counted_by_reason() -> None:
    found = read_text(f"{URL}\nhttp://h/a\nhttp://h/b\ncurl -I {URL}")
    assert [each.position for each in found.requests] == ["line 1"]
    assert dict(found.passed_over) == {"no tracking request": 2, "HEAD carries no event": 1}


def test_urls_between_commands_count_in_their_order() -> None:
    found = read_text(f"See {URL}&a=1\n$ curl '{URL}&a=2'\nthen {URL}&a=3.")
    assert [each.request.url[-1] for each in found.requests] == ["1", "2", "3"]
    assert [each.position for each in found.requests] == ["line 1", "command 1", "line 3"]


def test_requests_beyond_the_limit_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detect, "MAX_REQUESTS", 2)
    found = read_text("\n".join([URL] * 5))
    assert len(found.requests) == 2
    assert dict(found.passed_over) == {"beyond the first 2": 3}


def test_broken_requests_are_better_than_none() -> None:
    assert len(read_text("http://h/track?x=1 http://h/track?x=2").requests) == 2
    assert len(read_text("http://h/collect?data=broken").requests) == 1


def test_the_base_is_where_payloads_without_a_url_go() -> None:
    found = read_text('{"event": "x"}', base="http://127.0.0.1:8700/track/?ip=1")
    assert found.requests[0].request.url.startswith("http://127.0.0.1:8700/track/?ip=1&data=")


def test_a_byte_order_mark_is_passed() -> None:
    assert read_text(f"\ufeff{URL}").requests[0].request.url == URL


FRAGMENTS = st.sampled_from(
    [*"'\"`\\$^<>|;&()[]{}#%=\n ,:.", "curl ", "http://h/track?", "data=", "eyJ", "&amp;", "fetch(",
     "requests.post(", "iwr ", "<img src=", "{\"event\":", "\\u00", "$'", "^\n", "@{", "-d ", "> "]
)  # fmt: skip


@given(st.lists(FRAGMENTS | st.text(max_size=4), max_size=40).map("".join))
def test_no_text_can_break_the_reading(source: str) -> None:
    found = read_text(source)
    assert bool(found.requests) != bool(found.problem)
    for each in found.requests:
        start, end = each.span or (0, 0)
        assert 0 <= start <= end <= len(source)


SIZE = 100_000


@pytest.mark.parametrize(
    "piece",
    [
        '"', "'", "\\", "`", "^", "<", "&", "=", "%", "[", "(", '{"a":', "curl ", "curl '\n",
        'curl "\n', "curl $'\n", ';curl "" ', "`curl x` ", "fetch(", 'fetch("', "fetch({a:",
        "fetch('a'+", "/*", "requests.get(", 'httpx.get("""', 'iwr "', "iwr @{", "iwr `", "http:",
        "http://h ", 'http://h/track?data={"a":', "\nhttp://h/track?data=e\n> ", "http:\\\\",
        "<a ", "<!--", "<a src='", " src=\t", "&#", "&amp;", "eyJ", "eyJ\n", "a=b&", "/track?",
        "a/", " a/track/?", "```\n", " \n", "\t", "2>", "$(", "1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("prefix", ["", "curl ", "fetch(", "http://h/track?data=", "<a href='"])
def test_a_long_text_is_read_in_bounded_time(piece: str, prefix: str) -> None:
    with ends():  # where each piece looks at all others, it takes minutes
        read_text(prefix + piece * (SIZE // len(piece)))


def _expected(path: Path) -> tuple[list[Any], list[Any]]:
    record = json.loads(path.with_name(f"{path.name}.expected.json").read_text("utf-8"))
    if "events" in record:
        optional = [each["payload"] for each in record["optional"]]
        return [each["payload"] for each in record["events"]], optional
    return [event for each in record["requests"] for event in each["events"]], []


@pytest.mark.parametrize("folder", ["text", "curl"])
def test_recorded_texts_hold_the_events_they_should(folder: str, captures: Path) -> None:
    paths = [
        path
        for path in sorted((captures / "captures" / folder).iterdir())
        if not path.name.endswith(".expected.json")
    ]
    assert paths
    for path in paths:
        found = read_text(path.read_bytes().decode("utf-8"))
        events = [event for each in found.requests for event in decode(each.request).events or ()]
        required, optional = _expected(path)
        extra = [event for event in events if event not in required]
        assert [event for event in events if event not in extra] == required, path.name
        assert all(event in optional for event in extra), path.name
