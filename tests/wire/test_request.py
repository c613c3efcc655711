from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.wire.request import (
    MAX_PARAMS,
    Carrier,
    Param,
    TrackRequest,
    endpoint_of,
    form_decode,
    form_encode,
    host_of,
    is_form,
    param,
    params,
    query_span,
)

URLS = st.text(st.characters(), max_size=40) | st.builds(
    "http://h/track/{}".format, st.text("?&=#%+ad1é😀\ud800/", max_size=30)
)
BODIES = st.binary(max_size=40) | st.text("?&=#%+ad1{[é", max_size=30).map(str.encode)
REQUESTS = st.builds(TrackRequest, st.sampled_from(["GET", "POST"]), URLS, st.just(()), BODIES)


def _pairs(request: TrackRequest) -> list[tuple[str, str]]:
    return [(each.name, each.value) for each in params(request)]


def _literal(request: TrackRequest, found: Param) -> tuple[str, str]:
    """The piece, and the value, that the parameter's places cut out."""
    if found.carrier is Carrier.QUERY:
        return request.url[found.start : found.end], request.url[found.value_start : found.end]
    body = request.body
    return (
        body[found.start : found.end].decode("latin-1"),
        body[found.value_start : found.end].decode("latin-1"),
    )


@given(REQUESTS)
def test_the_places_of_a_parameter_cut_its_literal(request: TrackRequest) -> None:
    for found in params(request):
        piece, value = _literal(request, found)
        name, _, rest = piece.partition("=")
        assert value == rest
        assert "&" not in piece
        if found.carrier is Carrier.QUERY:
            assert (found.name, found.value) == (form_decode(name), form_decode(value))
        else:
            assert found.name == form_decode(name.encode("latin-1"))
            assert found.value == form_decode(value.encode("latin-1"))


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=6))
def test_parameters_come_back_in_their_order_with_repeats(pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{form_encode(name)}={form_encode(value)}" for name, value in pairs)
    assert _pairs(TrackRequest("GET", f"http://h/track/?{query}#top")) == pairs
    assert _pairs(TrackRequest("POST", "http://h/track/", body=query.encode())) == pairs


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ("a=1&b", [("a", "1"), ("b", "")]),
        ("a=&=b", [("a", ""), ("", "b")]),
        ("&&a=1&&", [("a", "1")]),
        ("a=b=c", [("a", "b=c")]),
        ("a+b=c%20d", [("a b", "c d")]),
        ("a=%zz%", [("a", "%zz%")]),
        ("a=%ff", [("a", "\udcff")]),
        ("a=é", [("a", "é")]),
        ("a=1;b=2", [("a", "1;b=2")]),
        ("a=?", [("a", "?")]),
        ("", []),
    ],
)
def test_a_query_and_a_form_are_read_alike(query: str, pairs: list[tuple[str, str]]) -> None:
    assert _pairs(TrackRequest("GET", f"http://h/?{query}")) == pairs
    if query:
        assert _pairs(TrackRequest("POST", "http://h/", body=query.encode())) == pairs


def test_parameters_of_the_query_come_before_those_of_the_form_and_count() -> None:
    request = TrackRequest("POST", "http://h/?ip=1", body=b"ip=0&img=1")
    assert _pairs(request) == [("ip", "1"), ("ip", "0"), ("img", "1")]
    found = param(request, "ip")
    assert found is not None
    assert (found.value, found.carrier) == ("1", Carrier.QUERY)
    assert param(request, "verbose") is None


def test_no_more_parameters_than_the_limit_are_cut_and_nothing_is_lost() -> None:
    url = "http://h/?" + "&".join(f"a{number}=1" for number in range(MAX_PARAMS + 5))
    found = params(TrackRequest("GET", url))
    assert len(found) == MAX_PARAMS
    assert found[-1].end == len(url)


@pytest.mark.parametrize(
    ("url", "query"),
    [
        ("http://h/", ""),
        ("http://h/?", ""),
        ("http://h/?a", "a"),
        ("http://h/?a#b", "a"),
        ("http://h/#?a", ""),
        ("http://h/?a?b", "a?b"),
        ("?a", "a"),
        ("", ""),
    ],
)
def test_the_query_lies_between_question_mark_and_fragment(url: str, query: str) -> None:
    start, end = query_span(url)
    assert url[start:end] == query
    assert start <= end


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"data=e30=", True),
        (b"anything", True),
        (b"", False),
        (b" \n", False),
        (b' {"event": "a"}', False),
        (b"[]", False),
        (b" " * 100 + b"{}", False),
        (b"\x1f\x8b\x08", False),
        (b"\xef\xbb\xbf{}", False),
        (b"\xff\xfe{\x00", False),
    ],
)
def test_a_body_is_a_form_unless_it_is_json_or_compressed(body: bytes, expected: bool) -> None:
    assert is_form(TrackRequest("POST", "http://h/", body=body)) is expected


@pytest.mark.parametrize(
    ("url", "host", "endpoint"),
    [
        ("http://api.example/track/?data=x", "api.example", "/track"),
        ("http://u:p@h:8080/engage", "h:8080", "/engage"),
        ("http://[::1]:8700/track/", "[::1]:8700", "/track"),
        ("http://h", "h", "/"),
        ("http://h?a=/b", "h", "/"),
        ("/track/", "", "/track"),
        ("http://[::1/track", "", "/"),
        ("", "", "/"),
    ],
)
def test_host_and_endpoint_are_read_as_written(url: str, host: str, endpoint: str) -> None:
    request = TrackRequest("GET", url)
    assert (host_of(request), endpoint_of(request)) == (host, endpoint)


@given(URLS)
def test_host_and_endpoint_never_raise(url: str) -> None:
    request = TrackRequest("GET", url)
    assert isinstance(host_of(request), str)
    assert endpoint_of(request)


def test_a_header_is_found_whatever_its_case() -> None:
    request = TrackRequest("GET", "http://h/", (("X-A", "1"), ("x-a", "2")))
    assert request.header("x-A") == "1"
    assert request.header("y") is None
