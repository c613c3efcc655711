from __future__ import annotations

import itertools
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
    answer,
    is_callback,
    redirect_target,
    understand,
)
from trackscope.wire.request import form_encode

HOME = "https://shop.example/thanks?a=1&b=2"
TEXT = "text/plain; charset=utf-8"
SCRIPT = "text/javascript; charset=utf-8"


def asked(**params: str) -> Decoded:
    """A request with these parameters beside a good event."""
    return decode(get(extra="".join(f"&{k}={form_encode(v)}" for k, v in params.items())))


def headers_of(reply: Reply) -> dict[str, str]:
    assert len({name.lower() for name, _ in reply.headers}) == len(reply.headers)
    return dict(reply.headers)


class TestAnswer:
    @pytest.mark.parametrize("value", [1, 0])
    def test_plainly_it_is_exactly_one_character(self, value: int) -> None:
        assert answer(asked(), value, "because") == Reply(
            200, (("Content-Type", TEXT), ("Content-Length", "1")), b"%d" % value
        )

    def test_verbose_gives_status_and_error(self) -> None:
        good = answer(asked(verbose="1"), 1)
        assert good.body == b'{"status": 1, "error": null}'
        assert headers_of(good) == {"Content-Type": "application/json", "Content-Length": "28"}
        bad = answer(asked(verbose="1"), 0, "the “token” is missing")
        assert bad.status == 200
        assert json.loads(bad.body) == {"status": 0, "error": "the “token” is missing"}
        assert bad.header("content-length") == str(len(bad.body))

    @pytest.mark.parametrize("value", [1, 0])
    def test_a_callback_is_called_with_it(self, value: int) -> None:
        reply = answer(asked(callback="mpmetrics.jsonp_callback"), value, "because")
        assert reply.status == 200
        assert reply.body == b"mpmetrics.jsonp_callback(%d);" % value
        assert headers_of(reply) == {
            "Content-Type": SCRIPT,
            "Content-Length": str(len(reply.body)),
            "X-Content-Type-Options": "nosniff",
        }

    def test_a_callback_is_called_with_what_verbose_says(self) -> None:
        reply = answer(asked(callback="f", verbose="1"), 0, "bad")
        assert reply.body == b'f({"status": 0, "error": "bad"});'
        assert reply.header("Content-Type") == SCRIPT

    def test_the_sdks_no_op_is_called(self) -> None:
        assert answer(asked(callback=NO_OP_CALLBACK), 1).body == b"(function(){})(1);"

    @pytest.mark.parametrize("value", [1, 0])
    def test_an_unusable_callback_is_400_in_plain_words(self, value: int) -> None:
        reply = answer(asked(callback="alert(1)"), value)
        assert reply.status == 400
        assert reply.header("Content-Type") == TEXT
        assert b"callback" in reply.body
        assert b"alert" not in reply.body
        assert reply.header("Content-Length") == str(len(reply.body))

    @pytest.mark.parametrize("value", [1, 0])
    def test_img_is_a_transparent_gif_of_one_pixel(self, value: int) -> None:
        reply = answer(asked(img="1"), value, "because")
        assert (reply.status, reply.body) == (200, PIXEL)
        assert headers_of(reply) == {
            "Content-Type": "image/gif",
            "Content-Length": "43",
            "Cache-Control": "no-store",
        }

    @pytest.mark.parametrize("value", [1, 0])
    def test_a_redirect_is_302_for_good_and_bad_data(self, value: int) -> None:
        reply = answer(asked(redirect=HOME), value, "because")
        assert reply == Reply(302, (("Location", HOME), ("Content-Length", "0")))

    def test_a_redirect_that_may_not_be_is_answered_as_if_it_was_not_there(self) -> None:
        for url in ("javascript:alert(1)", "//a.b", "/x", "http:/x", "http://a\\b", "http://a/\n"):
            assert answer(asked(redirect=url), 1) == answer(asked(), 1)
            assert answer(asked(redirect=url, img="1"), 1) == answer(asked(img="1"), 1)

    @pytest.mark.parametrize("flag", ["img", "verbose"])
    @pytest.mark.parametrize("value", ["", "0", "2", "true", "01", " 1"])
    def test_a_flag_other_than_1_is_off(self, flag: str, value: str) -> None:
        assert answer(asked(**{flag: value}), 1) == answer(asked(), 1)

    def test_empty_redirect_and_callback_are_none(self) -> None:
        assert answer(asked(redirect="", callback=""), 1) == answer(asked(), 1)

    @pytest.mark.parametrize("value", [1, 0])
    @pytest.mark.parametrize("flags", list(itertools.product([False, True], repeat=4)))
    def test_redirect_goes_before_img_before_callback_before_plain(
        self, flags: tuple[bool, ...], value: int
    ) -> None:
        named = {"redirect": HOME, "img": "1", "callback": "f.g", "verbose": "1"}
        chosen = {name: named[name] for name, on in zip(named, flags, strict=True) if on}
        reply = answer(asked(**chosen), value, None if value else "bad")
        meaning = understand(asked(**chosen), reply)
        verbose = json.dumps({"status": value, "error": None if value else "bad"})
        inner = verbose if "verbose" in chosen else str(value)
        if "redirect" in chosen:
            assert (reply.status, reply.header("location"), reply.body) == (302, HOME, b"")
            assert (meaning.kind, meaning.value) == ("redirect", None)
        elif "img" in chosen:
            assert (reply.status, reply.body) == (200, PIXEL)
            assert (meaning.kind, meaning.value, meaning.headline) == ("pixel", None, "1×1 GIF")
        elif "callback" in chosen:
            assert (reply.status, reply.body) == (200, f"f.g({inner});".encode())
            assert (meaning.kind, meaning.value) == ("jsonp", value)
            assert meaning.headline == f"f.g({value})"
        else:
            assert (reply.status, reply.body) == (200, inner.encode())
            assert meaning.kind == ("verbose" if "verbose" in chosen else "plain")
            assert (meaning.value, meaning.headline) == (value, str(value))

    def test_a_person_who_clicks_arrives_whatever_the_callback_is(self) -> None:
        assert answer(asked(redirect=HOME, callback="alert(1)"), 0).status == 302
        assert answer(asked(img="1", callback="alert(1)"), 0).body == PIXEL


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
        meaning = understand(asked(callback=name), answer(asked(callback=name), 0))
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
        lambda inner: st.dictionaries(st.sampled_from(["status", "error"]), inner),
    ).map(lambda value: json.dumps(value).encode()),
)


@given(st.integers(0, 1000), HEADERS, BODIES, st.text(max_size=5) | st.just("f"))
def test_any_answer_means_something(
    status: int, headers: list[tuple[str, str]], body: bytes, callback: str
) -> None:
    meaning = understand(asked(callback=callback), Reply(status, tuple(headers), body))
    assert meaning.value in (0, 1, None)
    assert meaning.kind in ("plain", "pixel", "redirect", "jsonp", "verbose", "other")
    assert 0 < len(meaning.headline) < 50
    assert 0 < len(meaning.sentence) < 2000
    assert meaning.sentence.isprintable()
    assert meaning.headline.isprintable()


@given(
    st.dictionaries(st.sampled_from(["redirect", "img", "callback", "verbose"]), st.text()),
    st.sampled_from([0, 1]),
    st.none() | st.text(),
)
def test_any_request_has_an_answer_that_can_be_sent(
    params: dict[str, str], value: int, error: str | None
) -> None:
    params = {k: v.encode("utf-8", "replace").decode() for k, v in params.items()}
    reply = answer(asked(**params), value, error)
    assert reply.status in (200, 302, 400)
    assert reply.header("content-length") == str(len(reply.body))
    assert all(text.isascii() and text.isprintable() for pair in reply.headers for text in pair)
