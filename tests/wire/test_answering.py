from __future__ import annotations

import gzip
import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.wire.rules.asking import NOW, event, get

from trackscope.wire.answering import answer
from trackscope.wire.encoding import MAX_UNPACKED
from trackscope.wire.era import ERAS, rule_book
from trackscope.wire.reply import NO_OP_CALLBACK, PIXEL, PNG_PIXEL, Reply, understand
from trackscope.wire.request import TrackRequest, form_encode
from trackscope.wire.rules import judge

HOME = "https://shop.example/thanks?a=1&b=2"
TEXT = "text/plain; charset=utf-8"
SCRIPT = "text/javascript; charset=utf-8"
BLANK = "the event's name is blank"

both_values = pytest.mark.parametrize("value", [1, 0])
later_eras = pytest.mark.parametrize("era", ["classic", "current"])


def asking(value: int = 1, **params: str) -> TrackRequest:
    """A request with a good event (or, to be answered 0, a blank one) and these parameters."""
    extra = "".join(f"&{name}={form_encode(each)}" for name, each in params.items())
    return get(event() if value else event(" "), extra)


def answered(
    request: TrackRequest, era: str = "2011", *, strict: bool = False, failure: str | None = None
) -> Reply:
    book = rule_book(era, strict)
    return answer(request, judge(request, book, NOW), book, failure)


def headers_of(reply: Reply) -> dict[str, str]:
    assert len({name.lower() for name, _ in reply.headers}) == len(reply.headers)
    return dict(reply.headers)


@pytest.mark.parametrize("era", ERAS)
def test_a_payload_that_unpacks_to_too_much_is_too_large(era: str) -> None:
    bomb = gzip.compress(bytes(MAX_UNPACKED + 1))
    reply = answered(TrackRequest("POST", "http://h/track?verbose=1", (), bomb), era)
    assert reply.status == 413
    assert reply.body == b"Unpacked, the payload is larger than 10 MB.\n"


class TestIn2011:
    @both_values
    def test_plainly_it_is_exactly_one_character(self, value: int) -> None:
        assert answered(asking(value)) == Reply(
            200, (("Content-Type", TEXT), ("Content-Length", "1")), b"%d" % value
        )

    def test_verbose_gives_status_and_error(self) -> None:
        good = answered(asking(verbose="1"))
        assert good.body == b'{"status": 1, "error": null}'
        assert headers_of(good) == {"Content-Type": "application/json", "Content-Length": "28"}
        bad = answered(asking(0, verbose="1"))
        assert bad.status == 200
        assert json.loads(bad.body) == {"status": 0, "error": BLANK}
        assert bad.header("content-length") == str(len(bad.body))

    @both_values
    def test_a_callback_is_called_with_it(self, value: int) -> None:
        reply = answered(asking(value, callback="mpmetrics.jsonp_callback"))
        assert reply.status == 200
        assert reply.body == b"mpmetrics.jsonp_callback(%d);" % value
        assert headers_of(reply) == {
            "Content-Type": SCRIPT,
            "Content-Length": str(len(reply.body)),
            "X-Content-Type-Options": "nosniff",
        }

    def test_a_callback_is_called_with_what_verbose_says(self) -> None:
        reply = answered(asking(0, callback="f", verbose="1"))
        assert reply.body == b'f({"status": 0, "error": "%s"});' % BLANK.encode()
        assert reply.header("Content-Type") == SCRIPT

    def test_the_sdks_no_op_is_called(self) -> None:
        assert answered(asking(callback=NO_OP_CALLBACK)).body == b"(function(){})(1);"

    @both_values
    def test_an_unusable_callback_is_400_in_plain_words(self, value: int) -> None:
        reply = answered(asking(value, callback="alert(1)"))
        assert reply.status == 400
        assert reply.header("Content-Type") == TEXT
        assert b"callback" in reply.body
        assert b"alert" not in reply.body
        assert reply.header("Content-Length") == str(len(reply.body))

    @both_values
    def test_img_is_a_transparent_gif_of_one_pixel(self, value: int) -> None:
        reply = answered(asking(value, img="1"))
        assert (reply.status, reply.body) == (200, PIXEL)
        assert headers_of(reply) == {
            "Content-Type": "image/gif",
            "Content-Length": "43",
            "Cache-Control": "no-store",
        }

    @both_values
    def test_a_redirect_is_302_for_good_and_bad_data(self, value: int) -> None:
        reply = answered(asking(value, redirect=HOME))
        assert reply == Reply(302, (("Location", HOME), ("Content-Length", "0")))

    def test_a_redirect_that_may_not_be_is_answered_as_if_it_was_not_there(self) -> None:
        for url in ("javascript:alert(1)", "//a.b", "/x", "http:/x", "http://a\\b", "http://a/\n"):
            assert answered(asking(redirect=url)) == answered(asking())
            assert answered(asking(redirect=url, img="1")) == answered(asking(img="1"))

    @pytest.mark.parametrize("flag", ["img", "verbose"])
    @pytest.mark.parametrize("value", ["", "0", "2", "true", "01", " 1"])
    def test_a_flag_other_than_1_is_off(self, flag: str, value: str) -> None:
        assert answered(asking(1, **{flag: value})) == answered(asking())

    def test_empty_redirect_and_callback_are_none(self) -> None:
        assert answered(asking(redirect="", callback="")) == answered(asking())

    def test_a_test_is_answered_like_any_other(self) -> None:
        assert answered(asking(0, test="1")) == answered(asking(0))

    @both_values
    @pytest.mark.parametrize("flags", list(itertools.product([False, True], repeat=4)))
    def test_redirect_goes_before_img_before_callback_before_plain(
        self, flags: tuple[bool, ...], value: int
    ) -> None:
        named = {"redirect": HOME, "img": "1", "callback": "f.g", "verbose": "1"}
        chosen = {name: named[name] for name, on in zip(named, flags, strict=True) if on}
        request = asking(value, **chosen)
        reply = answered(request)
        meaning = understand(judge(request, rule_book(), NOW).decoded, reply)
        verbose = json.dumps({"status": value, "error": None if value else BLANK})
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
        assert answered(asking(0, redirect=HOME, callback="alert(1)")).status == 302
        assert answered(asking(0, img="1", callback="alert(1)")).body == PIXEL

    def test_what_could_not_be_stored_is_0_with_the_reason(self) -> None:
        assert answered(asking(), failure="the disk is full").body == b"0"
        reply = answered(asking(verbose="1"), failure="the disk is full")
        assert json.loads(reply.body) == {"status": 0, "error": "the disk is full"}


class TestInLaterEras:
    @later_eras
    @both_values
    def test_plainly_it_still_is_exactly_one_character(self, era: str, value: int) -> None:
        assert answered(asking(value), era) == answered(asking(value))

    @pytest.mark.parametrize(
        ("request_", "classic", "current"),
        [
            (TrackRequest("GET", "http://h/track?verbose=1"), "data, missing or empty", None),
            (get(data="eyJ!", extra="&verbose=1"), "data, invalid base64 encoding", None),
            (get(event(token=""), "&verbose=1"), "token, missing or empty", None),
            (
                get(event(" "), "&verbose=1"),
                "event, missing or empty",
                "'event' must not be missing or blank",
            ),
            (
                TrackRequest("POST", "http://h/engage?verbose=1", (), b'{"$token":"t","$set":{}}'),
                "$distinct_id, missing or empty",
                None,
            ),
        ],
    )
    def test_verbose_words_an_error_as_the_service_did(
        self, request_: TrackRequest, classic: str, current: str | None
    ) -> None:
        for era, error in (("classic", classic), ("current", current or classic)):
            assert json.loads(answered(request_, era).body) == {"status": 0, "error": error}

    @later_eras
    def test_a_failed_test_is_answered_like_verbose_and_a_good_one_plainly(self, era: str) -> None:
        assert json.loads(answered(asking(0, test="1"), era).body)["status"] == 0
        assert answered(asking(test="1"), era).body == b"1"

    def test_the_pixel_is_a_gif_in_classic_and_a_png_today(self) -> None:
        assert answered(asking(img="1"), "classic").body == PIXEL
        reply = answered(asking(img="1"), "current")
        assert (reply.body, reply.header("content-type")) == (PNG_PIXEL, "image/png")

    def test_a_redirect_is_honoured_today_unless_strict(self) -> None:
        asked = asking(redirect=HOME)
        assert answered(asked, "classic", strict=True).status == 302
        assert answered(asked, "current").status == 302
        assert answered(asked, "current", strict=True).body == b"1"

    def test_a_batch_with_one_good_event_is_1_today_and_0_before(self) -> None:
        batch = get([event(), event(" ")])
        assert [answered(batch, era).body for era in ERAS] == [b"0", b"0", b"1"]


def importing(records: list[Any], query: str, *, user: bool = True) -> TrackRequest:
    headers = (("Authorization", "Basic dG9rZW46"),) if user else ()
    body = json.dumps(records).encode()
    return TrackRequest("POST", f"http://h/import?{query}", headers, body)


def imported(**properties: Any) -> dict[str, Any]:
    """A good event for /import."""
    named = {"time": int(NOW), "distinct_id": "u", "$insert_id": "5d958f87-542d", **properties}
    return {"event": "a", "properties": named}


class TestImports:
    def test_all_good_is_200_with_the_number(self) -> None:
        reply = answered(importing([imported(), imported()], "strict=1"), "current")
        assert (reply.status, reply.header("content-type")) == (200, "application/json")
        assert json.loads(reply.body) == {"code": 200, "num_records_imported": 2, "status": "OK"}

    def test_some_bad_is_400_with_a_row_for_each_that_failed(self) -> None:
        records = [imported(), imported(time="x"), imported(**{"$insert_id": "a_b"}), {}, 7]
        reply = answered(importing(records, "strict=1"), "current")
        assert reply.status == 400
        assert json.loads(reply.body) == {
            "code": 400,
            "error": "some data points in the request failed validation",
            "failed_records": [
                {
                    "index": 1,
                    "insert_id": "5d958f87-542d",
                    "field": "properties.time",
                    "message": "'properties.time' is invalid: "
                    "must be specified as seconds since epoch",
                },
                {
                    "index": 2,
                    "insert_id": "a_b",
                    "field": "properties.$insert_id",
                    "message": "'properties.$insert_id' is invalid: "
                    "must only contain alphanumeric or hyphen '-' characters",
                },
                {
                    "index": 3,
                    "insert_id": "",
                    "field": "event",
                    "message": "'event' must not be missing or blank",
                },
                {
                    "index": 4,
                    "insert_id": "",
                    "field": "",
                    "message": "an event is expected here: an object with event and properties",
                },
            ],
            "num_records_imported": 1,
            "status": "Bad Request",
        }

    def test_what_cannot_be_read_at_all_is_400_without_rows(self) -> None:
        reply = answered(importing([], "strict=1"), "current")
        found = json.loads(reply.body)
        assert (reply.status, found["failed_records"], found["num_records_imported"]) == (
            400,
            [],
            0,
        )

    @pytest.mark.parametrize("query", ["strict=0", "project_id=3"])
    def test_without_strict_it_is_answered_like_track(self, query: str) -> None:
        assert answered(importing([imported()], query), "current").body == b"1"
        assert answered(importing([{}], query), "current").body == b"0"

    @later_eras
    def test_without_credentials_it_is_401(self, era: str) -> None:
        request = importing([imported()], "verbose=1", user=False)
        reply = answered(request, era)
        assert (reply.status, json.loads(reply.body)["error"]) == (401, "Invalid credentials")
        assert answered(importing([], "strict=1", user=False), era).status == 401
        assert answered(request).status == 200  # 2011 had no /import, and asks for nothing

    @later_eras
    def test_an_api_key_is_enough(self, era: str) -> None:
        request = importing([imported()], "verbose=1&api_key=k", user=False)
        assert json.loads(answered(request, era).body)["status"] == 1

    def test_what_could_not_be_stored_is_500_so_that_it_is_sent_again(self) -> None:
        request = importing([imported()], "strict=1")
        reply = answered(request, "current", failure="the disk is full")
        assert reply.status == 500
        assert json.loads(reply.body)["error"] == "the disk is full"

    def test_profiles_and_groups_are_answered_by_record_too(self) -> None:
        record = {"$token": "t", "$group_key": "k", "$set": {}}
        for path in ("engage", "groups"):
            request = TrackRequest(
                "POST", f"http://h/{path}?strict=1", (), json.dumps([record]).encode()
            )
            (row,) = json.loads(answered(request, "current").body)["failed_records"]
            assert row["field"] in ("$distinct_id", "$group_id")

    def test_before_today_strict_was_no_parameter(self) -> None:
        request = importing([imported()], "strict=1")
        assert answered(request).body == answered(request, "classic").body == b"1"


@given(
    st.dictionaries(st.sampled_from(["redirect", "img", "callback", "verbose", "test"]), st.text()),
    st.sampled_from([0, 1]),
    st.sampled_from(list(ERAS)),
    st.booleans(),
    st.none() | st.text(),
)
def test_any_request_has_an_answer_that_can_be_sent(
    params: dict[str, str], value: int, era: str, strict: bool, failure: str | None
) -> None:
    params = {k: v.encode("utf-8", "replace").decode() for k, v in params.items()}
    reply = answered(asking(value, **params), era, strict=strict, failure=failure)
    assert reply.status in (200, 302, 400)
    assert reply.header("content-length") == str(len(reply.body))
    assert all(text.isascii() and text.isprintable() for pair in reply.headers for text in pair)


@given(st.binary(max_size=60), st.sampled_from(["track", "engage", "groups", "import"]))
def test_the_answer_to_anything_means_what_the_verdict_was(body: bytes, path: str) -> None:
    headers = (("Authorization", "Basic dG9rZW46"),)
    for era, query in itertools.product(ERAS, ("", "verbose=1", "strict=1")):
        request = TrackRequest("POST", f"http://h/{path}?{query}", headers, body)
        book = rule_book(era)
        verdict = judge(request, book, NOW)
        assert understand(verdict.decoded, answer(request, verdict, book)).value == verdict.value
