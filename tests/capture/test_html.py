from __future__ import annotations

import pytest

from trackscope.capture import html

URL = "http://h/track/?data=e30%3D&ip=1"
ESCAPED = URL.replace("&", "&amp;")


def _urls(source: str) -> list[str]:
    return [each.request.url for each in html.read(source, "http://unused/")]


@pytest.mark.parametrize(
    "source",
    [
        f'<img src="{ESCAPED}" width="1">',
        f"<IMG WIDTH=1 SRC='{ESCAPED}'>",
        f"<img src={ESCAPED}>",
        f'<img src = " {ESCAPED}\n">',
        f'<a class="x" href="{ESCAPED}">Go</a>',
        f'<script src="{ESCAPED}"></script>',
        f'<img src="{ESCAPED.removeprefix("http:")}">',
        f'<img src="{URL.replace("&", "&#38;")}">',
        f'<style>.p {{ background: url("{URL}") }}</style>',
        f"<p><!-- old: {URL} -->",
        f'<script >var u = "{URL.replace("/", chr(92) + "/")}";</script>',
    ],
)
def test_a_url_is_found_wherever_a_page_holds_it(source: str) -> None:
    assert html.place(source) == 0
    assert _urls(source) == [URL]


def test_a_parameter_that_looks_like_an_entity_stays() -> None:
    assert _urls('<img src="http://h/track?a=1&copy=2&lt=3">') == ["http://h/track?a=1&copy=2&lt=3"]


def test_other_schemes_are_not_taken() -> None:
    assert _urls('<img src="data:image/gif;base64,R0lG"><a href="javascript:x()">') == []


def test_positions_are_lines() -> None:
    source = f'<p>\n<img src="{ESCAPED}">\n{URL}'
    found = list(html.read(source, ""))
    assert [each.position for each in found] == ["line 2", "line 3"]
    assert source[slice(*found[0].span or ())] == ESCAPED


@pytest.mark.parametrize("source", ["a < b", "<http://h/|x>", "the <img> tag", "x"])
def test_text_with_angle_brackets_is_not_html(source: str) -> None:
    assert html.place(source) == -1
