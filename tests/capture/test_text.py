from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture import text

BASE = "http://base.example/track/"
# {"event":"game","properties":{"token":"abc"}}
DATA = "eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIn19"
URL = f"http://h/track/?data={DATA}&ip=1"


def _urls(source: str) -> list[str]:
    return [each.request.url for each in text.read(source, BASE)]


@pytest.mark.parametrize(
    "source",
    [
        "{}", "  {}  \n", "<{}>", "<{}|label>", '"{}"', "'{}'", "({})", "({}).", "`{}`", "see {}.",
        "see {}, then", "[pixel]({})", '![]({} "open")', "| 1 | `{}` |", "**{}**", "“{}”",
        "view-source:{}", "url={};", "see\n{}\nThanks", "{}\r\n", "> {}\n> ok", "(see {})",
    ],
)  # fmt: skip
def test_a_url_is_freed_of_what_surrounds_it(source: str) -> None:
    assert _urls(source.replace("{}", URL)) == [URL]


@pytest.mark.parametrize("indent", ["", "    ", "> ", ">> ", "\t"])
@pytest.mark.parametrize("width", [30, 52, 60, 72, 76, 80, 82, 84, 86])
@pytest.mark.parametrize("ending", ["", "\n\nThanks", "           \n\nThis is a Base64"])
@pytest.mark.parametrize("url", [URL, f"http://h/track/?ip=1&data={DATA}%3D"])
def test_a_wrapped_url_is_put_together(url: str, ending: str, width: int, indent: str) -> None:
    lines = [indent + url[start : start + width] for start in range(0, len(url), width)]
    assert _urls("\n".join(lines) + ending) == [url]


@pytest.mark.parametrize("following", ["Thanks", "and so on", "http://h/other", "", "- item"])
@pytest.mark.parametrize("url", [URL, f"http://h/track/?ip=1&data={DATA}"])
def test_a_line_that_follows_a_whole_url_is_no_part_of_it(url: str, following: str) -> None:
    assert _urls(f"{url}\n{following}")[0] == url


@pytest.mark.parametrize("divider", [",", ";", "|"])
def test_urls_of_a_list_in_one_line_are_told_apart(divider: str) -> None:
    other = URL.replace("ip=1", "redirect=http://i/x")
    assert _urls(f"these: {divider.join([URL, other, URL])}") == [URL, other, URL]


def test_rows_with_urls_are_not_one_wrapped_url() -> None:
    rows = f"id,url,n\n1,{URL},3\n2,{URL}\n3,x,{URL},4,5\n"
    assert [url.partition(",")[0] for url in _urls(rows)] == [URL] * 3


def test_a_lone_url_is_taken_as_it_is() -> None:
    url = "http://h/track/?data=(x).&redirect=http://i/'a',"
    assert _urls(url) == [url]


def test_entities_and_script_escapes_are_undone_and_noted() -> None:
    escaped = f"<http://h/track/?data={DATA}&amp;ip=1>"
    [found] = text.read(escaped, BASE)
    assert (found.request.url, found.notes) == (URL, ("&amp; read as &",))
    assert _urls(f'u = "http:\\/\\/h\\/track\\/?data={DATA}\\u0026ip=1";') == [URL]


def test_json_may_stand_in_the_url_as_it_is() -> None:
    url = 'http://h/track/?data={"event": "a b"}&ip=1'
    assert _urls(f"{url}  \nmore") == [url]
    assert _urls('see http://h/track/?data={"event":"a"}&ip=1 there') == [
        'http://h/track/?data={"event":"a"}&ip=1'
    ]


def test_what_lacks_scheme_or_host_gets_it_and_a_note() -> None:
    [found] = text.read("GET /track/?data=e30%3D HTTP/1.1", BASE)
    assert found.request.url == "http://base.example/track/?data=e30%3D"
    assert found.notes == ("http://base.example added",)
    assert _urls("api.mixpanel.com/track?data=x") == ["http://api.mixpanel.com/track?data=x"]


def test_positions_are_lines_and_spans_are_places() -> None:
    source = f"first\n{URL}\n\n{URL}"
    found = list(text.read(source, BASE))
    assert [each.position for each in found] == ["line 2", "line 4"]
    assert [source[slice(*each.span or ())] for each in found] == [URL, URL]
    assert next(text.read(URL, BASE)).position == "URL 1"


LINES = st.lists(
    st.builds(
        "{}http://h/{}{}".format,
        st.sampled_from(["", " ", "\t"]),
        st.text("track/?&=data%2Be1_-+~@$.", max_size=12)
        | st.text("track.,:;!'\"()[]<>`\\ \u00e9#", max_size=5),
        st.sampled_from(["", " ", "\r", ".", "\n", "=", "\x0b"]),
    ),
    min_size=1,
    max_size=6,
)


@given(LINES.map("\n".join), st.sampled_from(["", "\n", "\n\n"]))
def test_a_list_is_read_as_any_other_text_but_faster(source: str, ending: str) -> None:
    if text.is_list(source + ending):
        slowly = list(text.read(source + ending, BASE))
        assert list(text.read_list(source + ending, BASE)) == slowly


@pytest.mark.parametrize(
    ("source", "is_list"),
    [
        (f"{URL}\n{URL}", True),
        (f"{URL}\r\n\n  {URL}  \n", True),
        (URL, False),
        (f"{URL}\n", False),
        (f"# a\n{URL}\n{URL}", False),
        (f"{URL}\nand {URL}", False),
        (f"{URL}\n{URL}.", False),
        (f"{URL[:40]}\n{URL[40:]}", False),
        ("", False),
    ],
)
def test_a_list_is_lines_of_plain_urls(source: str, is_list: bool) -> None:
    assert text.is_list(source) is is_list
