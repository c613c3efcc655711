from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.wire.rules.asking import get

from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.reply import (
    MAX_CALLBACK,
    NO_OP_CALLBACK,
    PIXEL,
    Reply,
    is_callback,
    redirect_target,
    understand,
)
from trackscope.wire.request import form_encode

HOME = "https://shop.example/thanks?a=1&b=2"


def asked(**params: str) -> Decoded:
    """A request with these parameters beside a good event."""
    return decode(get(extra="".join(f"&{k}={form_encode(v)}" for k, v in params.items())))


class TestCallbackNames:
    def test_128_characters_are_called_and_129_are_not(self) -> None:
        assert is_callback("f" * MAX_CALLBACK)
        assert not is_callback("f" * (MAX_CALLBACK + 1))
        assert MAX_CALLBACK == 128

    @given(st.text(max_size=20))
    def test_what_is_called_is_a_path_of_names_and_nothing_else(self, name: str) -> None:
        if is_callback(name):
            assert name.isascii()
            assert not set(name) & set("<>;=+-*/&|\\\n\r\t ,`")


class TestRedirectTargets:
    @pytest.mark.parametrize(
        ("url", "location"),
        [
            (HOME, HOME),
            ("http://a.b", "http://a.b"),
            ("HTTPS://A.b/%20%zz", "HTTPS://A.b/%20%zz"),
            ("http://u:p@a.b:8080/x#y", "http://u:p@a.b:8080/x#y"),
            ("http://[::1]:80/", "http://[::1]:80/"),
            ("http://a.b/straße?q=日", "http://a.b/stra%C3%9Fe?q=%E6%97%A5"),
            ("http://münchen.de/", "http://m%C3%BCnchen.de/"),
            ("http://a.b/\udcff", "http://a.b/%FF"),
            ("http://a.b/\ud800", "http://a.b/%ED%A0%80"),
            ("http://a.b/{}|^`\"<>'", "http://a.b/{}|^`\"<>'"),
        ],
    )
    def test_the_location_is_the_url_with_all_beyond_ascii_encoded(
        self, url: str, location: str
    ) -> None:
        assert redirect_target(url) == location

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "http:",
            "http:/x",
            "http:x",
            "http://",
            "http:///x",
            "//x",
            "x",
            "/x",
            "ftp://a.b",
            "javascript://a.b/%0a",
            "http://a.b:x/",
            "http://a.b:65536/",
            "http://[::1",
            "http://@",
            "http://:80",
            " http://a.b",
            "http://a.b ",
            "http://a.b\t",
            "ht\rtp://a.b",
            "\0http://a",
            "http://a.b/\x7f",
            "http://a.b/\x80",
            "http://a.b/\x9f",
            "http:\\\\a.b",
            "http://a\\@b",
        ],
    )
    def test_anything_but_an_absolute_http_url_has_none(self, url: str) -> None:
        assert redirect_target(url) is None

    @given(st.text() | st.text().map(lambda text: f"http://{text}"))
    def test_a_location_never_breaks_a_header(self, url: str) -> None:
        location = redirect_target(url)
        if location is not None:
            assert location.isascii()
            assert location.isprintable()
            assert " " not in location
            assert location.lower().startswith(("http://", "https://"))


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0"
GIF_10 = b"GIF89a\x0a\0\x0a\0" + PIXEL[10:]


class TestOtherServers:
    @pytest.mark.parametrize("value", [1, 0])
    @pytest.mark.parametrize("body", ["%d\n", " %d", "%d\r\n", "\t%d "])
    def test_blanks_around_the_digit_are_told_of(self, body: str, value: int) -> None:
        meaning = understand(asked(), Reply(200, (), (body % value).encode()))
        assert (meaning.kind, meaning.value, meaning.headline) == ("plain", value, str(value))
        assert "SDKs" in meaning.sentence
        assert "SDKs" not in understand(asked(), Reply(200, (), b"%d" % value)).sentence

    @pytest.mark.parametrize(
        ("body", "value", "part"),
        [
            ('{"error":null,"status":1}', 1, "Data was logged"),
            ('{"status":0,"error":"some data points failed"}', 0, "some data points failed"),
            ('{"status":0}', 0, "no reason given"),
            ('{"code":200,"num_records_imported":1,"status":1}', 1, "Data was logged"),
        ],
    )
    def test_a_status_in_json_is_understood(self, body: str, value: int, part: str) -> None:
        meaning = understand(asked(), Reply(200, (), body.encode()))
        assert (meaning.kind, meaning.value) == ("verbose", value)
        assert part in meaning.sentence

    @pytest.mark.parametrize(
        ("body", "value", "sentence"),
        [
            (
                '{"code":200,"num_records_imported":7,"status":"OK"}',
                1,
                "7 records were logged",
            ),
            ('{"code":200,"status":"OK"}', 1, "Data was logged"),
            (
                '{"code":401,"error":"Invalid credentials","status":"Unauthorized"}',
                0,
                "Data was not logged: Invalid credentials",
            ),
            (
                '{"code":400,"status":"Bad Request","num_records_imported":1,'
                '"failed_records":[{"index":0,"message":"too old"},{}]}',
                0,
                "Not all was logged: some records failed validation (2 failed: too old); "
                "1 record was logged all the same",
            ),
            (
                '{"code":413,"error":"too many bytes","status":"x","failed_records":[7]}',
                0,
                "Data was not logged: too many bytes (1 failed)",
            ),
        ],
    )
    def test_an_answer_by_record_is_understood(self, body: str, value: int, sentence: str) -> None:
        code = json.loads(body)["code"]
        meaning = understand(asked(), Reply(code, (), body.encode()))
        assert (meaning.kind, meaning.value, meaning.headline) == ("import", value, str(code))
        assert meaning.sentence == sentence

    def test_a_refusal_before_the_endpoint_is_a_0(self) -> None:
        body = b'{"error":"Forbidden","status":"error"}'
        meaning = understand(asked(), Reply(403, (), body))
        assert (meaning.kind, meaning.value) == ("verbose", 0)
        assert meaning.sentence == "Data was not logged: Forbidden (status 403)"

    def test_a_status_in_json_of_an_error_says_both(self) -> None:
        body = b'{"status":0,"error":"too old"}'
        meaning = understand(asked(), Reply(400, (), body))
        assert (meaning.kind, meaning.value) == ("verbose", 0)
        assert "too old" in meaning.sentence
        assert "400" in meaning.sentence

    @pytest.mark.parametrize(
        ("status", "body"),
        [
            (200, b""),
            (204, b""),
            (200, b"2"),
            (200, b"11"),
            (200, b'"1"'),
            (200, b"[1]"),
            (200, b"true"),
            (200, b'{"status":"OK"}'),
            (200, b'{"status":2}'),
            (200, b'{"status":[]}'),
            (200, b"<html>1</html>"),
            (200, bytes(range(256))),
            (200, b"1" * 1_000_000),
            (200, b"[" * 1_000_000),
            (200, b"\xef\xbb\xbf1"),
            (200, "１".encode()),
            (404, b"<html>not found</html>"),
            (413, b"<html>too large</html>"),
            (414, b""),
            (421, b""),
            (429, b""),
            (500, b"<html>"),
            (503, b"1"),
            (404, b"0"),
            (300, b""),
            (304, b""),
            (999, b"1"),
            (0, b""),
        ],
    )
    def test_anything_else_says_neither(self, status: int, body: bytes) -> None:
        meaning = understand(asked(), Reply(status, (), body))
        assert (meaning.kind, meaning.value, meaning.headline) == ("other", None, str(status))
        assert meaning.sentence
        assert len(meaning.sentence) < 200

    @pytest.mark.parametrize(
        ("status", "part"), [(404, "no such endpoint"), (413, "too large"), (414, "POST form")]
    )
    def test_the_commonest_errors_are_explained(self, status: int, part: str) -> None:
        assert part in understand(asked(), Reply(status)).sentence

    def test_images_are_told_by_their_bytes_and_their_size(self) -> None:
        for body, headline in ((PIXEL, "1×1 GIF"), (GIF_10, "10×10 GIF"), (PNG, "1×1 PNG")):
            meaning = understand(asked(img="1"), Reply(200, (), body))
            assert (meaning.kind, meaning.value, meaning.headline) == ("pixel", None, headline)
        assert "not a pixel" in understand(asked(), Reply(200, (), GIF_10)).sentence

    def test_a_redirect_that_nobody_asked_for_is_told_of(self) -> None:
        reply = Reply(308, (("location", "http://a.b/track/"),))
        assert "no redirect was asked for" in understand(asked(), reply).sentence
        assert "no redirect" not in understand(asked(redirect=HOME), reply).sentence


class TestCalls:
    @pytest.mark.parametrize(
        "body", ["f.g(1);", "f.g(1)", "f.g( 1 );\n", " f.g (1) ; ", "/**/f.g(1);", "/**/ f.g(1)"]
    )
    def test_a_call_is_understood_however_it_is_spaced(self, body: str) -> None:
        meaning = understand(asked(callback="f.g"), Reply(200, (), body.encode()))
        assert (meaning.kind, meaning.value, meaning.headline) == ("jsonp", 1, "f.g(1)")
        assert meaning.sentence == "Data was logged"

    @pytest.mark.parametrize("name", ['mixpanel._jsc["65"]', "mixpanel._jsc[65]", NO_OP_CALLBACK])
    def test_every_name_that_sdks_ask_for_is_understood(self, name: str) -> None:
        meaning = understand(asked(callback=name), Reply(200, (), f"{name}(0);".encode()))
        assert (meaning.kind, meaning.value) == ("jsonp", 0)
        assert "asked for" not in meaning.sentence

    def test_another_name_than_was_asked_for_is_told_of(self) -> None:
        meaning = understand(asked(callback="f.g"), Reply(200, (), b"other(1);"))
        assert (meaning.kind, meaning.value, meaning.headline) == ("jsonp", 1, "other(1)")
        assert "other" in meaning.sentence
        assert "f.g" in meaning.sentence

    def test_a_status_in_json_is_understood_within_a_call(self) -> None:
        body = b'f({"status": 0, "error": "it (says) no); really"});'
        meaning = understand(asked(callback="f"), Reply(200, (), body))
        assert (meaning.kind, meaning.value, meaning.headline) == ("jsonp", 0, "f(0)")
        assert "it (says) no); really" in meaning.sentence

    def test_a_call_with_neither_says_neither(self) -> None:
        meaning = understand(asked(callback="f"), Reply(200, (), b"f(2);"))
        assert (meaning.kind, meaning.value) == ("jsonp", None)

    def test_a_call_is_none_where_none_was_asked_for(self) -> None:
        assert understand(asked(), Reply(200, (), b"f(1);")).kind == "other"

    def test_the_digit_alone_is_understood_where_a_call_was_asked_for(self) -> None:
        assert understand(asked(callback="f"), Reply(200, (), b"1")).kind == "plain"


HEADERS = st.lists(st.tuples(st.sampled_from(["Location", "X", "Content-Type"]), st.text()))
BODIES = st.one_of(
    st.binary(),
    st.text().map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([PIXEL, PNG]).flatmap(
        lambda image: st.integers(0, len(image)).map(lambda cut: image[:cut])
    ),
    st.text().map(lambda text: f"f({text});".encode("utf-8", "surrogatepass")),
    st.recursive(
        st.none() | st.integers() | st.text() | st.floats(),
        lambda inner: st.dictionaries(
            st.sampled_from(["status", "error", "code", "num_records_imported", "failed_records"]),
            inner,
        ),
    ).map(lambda value: json.dumps(value).encode()),
)


@given(st.integers(0, 1000), HEADERS, BODIES, st.text(max_size=5) | st.just("f"))
def test_any_answer_means_something(
    status: int, headers: list[tuple[str, str]], body: bytes, callback: str
) -> None:
    meaning = understand(asked(callback=callback), Reply(status, tuple(headers), body))
    assert meaning.value in (0, 1, None)
    assert meaning.kind in ("plain", "pixel", "redirect", "jsonp", "verbose", "import", "other")
    assert 0 < len(meaning.headline) < 50
    assert 0 < len(meaning.sentence) < 2000
    assert meaning.sentence.isprintable()
    assert meaning.headline.isprintable()
