from __future__ import annotations

import gzip
import json

import pytest
from tests.wire.rules.asking import (
    FORM_HEADERS,
    NOW,
    TRANSPORTS,
    base64_of,
    carried,
    event,
    found,
    get,
    judged,
    rules_of,
    the,
)
from tests.wire.rules.cases import with_plus

from trackscope.wire.finding import Face, Place
from trackscope.wire.request import TrackRequest, form_encode

PADDED = json.dumps(event()).ljust(100)
"""100 bytes, whose Base64 ends in two `=`."""


def _post(body: bytes, content_type: str | None = None) -> TrackRequest:
    headers = () if content_type is None else (("Content-Type", content_type),)
    return TrackRequest("POST", "http://h/track", headers, body)


class TestReceiving:
    def test_track_with_and_without_a_slash_are_judged_alike(self) -> None:
        data = form_encode(base64_of(event()))
        for path in ("/track", "/track/"):
            assert rules_of(TrackRequest("GET", f"http://h{path}?data={data}")) == []

    @pytest.mark.parametrize(
        "content_type",
        [
            None,
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded; charset=UTF-8",
            "text/plain;charset=UTF-8",
            "application/json",
            "nonsense",
        ],
    )
    def test_a_form_is_read_whatever_its_content_type_says(self, content_type: str | None) -> None:
        body = f"data={form_encode(base64_of(event()))}".encode()
        assert rules_of(_post(body, content_type), strict=True) == []

    def test_a_raw_plus_in_a_form_is_turned_back_in_strict_mode_too(self) -> None:
        verdict = judged(with_plus(), strict=True)
        assert [each.rule for each in verdict.findings] == ["data.space"]
        assert verdict.value == 1

    def test_data_in_the_query_wins_over_data_in_the_form(self) -> None:
        first, second = (form_encode(base64_of(event(name))) for name in "ab")
        request = TrackRequest(
            "POST", f"http://h/track?data={first}", FORM_HEADERS, f"data={second}".encode()
        )
        verdict = judged(request)
        assert [each.rule for each in verdict.findings] == ["param.duplicate"]
        assert verdict.decoded.events == (event("a"),)

    @pytest.mark.parametrize("blank", ["%0A", "%0D%0A", "%09", "%0D"])
    def test_line_breaks_in_base64_are_removed_but_for_strict(self, blank: str) -> None:
        data = form_encode(base64_of(event()))
        request = get(data=f"{data[:24]}{blank}{data[24:]}")
        assert rules_of(request) == ["data.whitespace"]
        assert (judged(request).value, judged(request, strict=True).value) == (1, 0)


OFFICIAL = ["query-json", "form-json", "body-json", "form-base64-gzip", "body-json-gzip"]


class TestTransports:
    @pytest.mark.parametrize("transport", TRANSPORTS)
    def test_the_same_event_is_read_from_every_transport(self, transport: str) -> None:
        verdict = judged(carried(event(), transport))
        assert verdict.value == 1
        assert verdict.decoded.events == (event(),)

    @pytest.mark.parametrize("transport", ["query-base64", "form-base64"])
    def test_base64_in_query_or_form_is_what_the_specification_wants(self, transport: str) -> None:
        assert rules_of(carried(event(), transport), strict=True) == []

    @pytest.mark.parametrize("transport", OFFICIAL)
    def test_what_official_sdks_send_is_accepted_with_a_finding_but_for_strict(
        self, transport: str
    ) -> None:
        request = carried(event(), transport)
        assert rules_of(request) != []
        assert (judged(request).value, judged(request, strict=True).value) == (1, 0)


class TestBase64:
    @pytest.mark.parametrize("strict", [False, True])
    def test_unpadded_base64_is_refused_either_way(self, strict: bool) -> None:
        request = get(data=base64_of(PADDED).rstrip("="))
        assert rules_of(request, strict=strict) == ["data.padding"]
        assert judged(request, strict=strict).value == 0

    @pytest.mark.parametrize("strict", [False, True])
    def test_the_url_safe_alphabet_is_refused_either_way(self, strict: bool) -> None:
        data = base64_of('{"event":"~~~","properties":{"token":"???>>>"}}')
        assert "/" in data or "+" in data
        safe = form_encode(data.replace("+", "-").replace("/", "_"))
        assert rules_of(get(data=safe), strict=strict) == ["data.url-safe"]
        assert judged(get(data=safe), strict=strict).value == 0

    @pytest.mark.parametrize("character", ["!", "~", ".", "%2C", "%C3%A9", "%00", "%E2%82%AC"])
    def test_a_character_outside_the_65_is_refused_where_it_stands(self, character: str) -> None:
        finding = the(get(data=f"eyJh{character}AAA"), "data.alphabet")
        assert finding.place == Place(Face.DATA, 4)

    @pytest.mark.parametrize("data", ["e", "eyJhb", "eyJh=AAA", "eyJhIjoxfQ====", "e==="])
    def test_padding_that_does_not_fit_is_refused(self, data: str) -> None:
        assert rules_of(get(data=data)) == ["data.padding"]

    def test_the_number_of_missing_equals_signs_is_told(self) -> None:
        message = the(get(data=base64_of(PADDED).rstrip("=")), "data.padding").message
        assert message.startswith("2 = are missing")

    def test_base64_in_base64_is_read_but_for_strict(self) -> None:
        request = get(data=form_encode(base64_of(base64_of(event()))))
        assert rules_of(request) == ["data.nested"]
        assert (judged(request).value, judged(request, strict=True).value) == (1, 0)

    @pytest.mark.parametrize("times", [1, 2, 3])
    def test_further_percent_encodings_are_undone_but_for_strict(self, times: int) -> None:
        data = form_encode(base64_of(PADDED))
        for _ in range(times):
            data = form_encode(data)
        assert rules_of(get(data=data)) == ["data.double-encoded"]
        assert (judged(get(data=data)).value, judged(get(data=data), strict=True).value) == (1, 0)


@pytest.mark.parametrize("data", ["", "%20", "+", "%0A"])
def test_empty_data_is_missing(data: str) -> None:
    assert rules_of(get(data=data)) == ["data.missing"]


class TestText:
    @pytest.mark.parametrize(
        "body",
        [
            b"\xef\xbb\xbf{}",
            '{"event":"a"}'.encode("utf-16"),
            '{"event":"a"}'.encode("utf-16-le"),
            '{"event":"a"}'.encode("utf-16-be"),
            b'{"event":"\xff"}',
            b'{"event":"\xc0\xaf"}',
            b'{"event":"\xed\xa0\xbd"}',
        ],
    )
    def test_what_is_no_plain_utf_8_is_refused(self, body: bytes) -> None:
        assert rules_of(get(data=form_encode(base64_of(body)))) == ["data.utf8"]
        assert judged(_post(body)).value == 0

    def test_cesu_8_pairs_are_joined_with_a_warning(self) -> None:
        body = b'{"event":"\xed\xa0\xbd\xed\xb8\x80","properties":{"token":"t"}}'
        verdict = judged(get(data=form_encode(base64_of(body))))
        assert [each.rule for each in verdict.findings] == ["data.cesu8"]
        assert verdict.value == 1
        assert verdict.decoded.events is not None
        assert verdict.decoded.events[0]["event"] == "😀"


class TestJson:
    @pytest.mark.parametrize(
        "text",
        [
            "x",
            '{"event": "a",}',
            "{",
            "{'event': 'a'}",
            '{"a": 01}',
            '{"a": "\n"}',
            "{} {}",
            "[1,]",
        ],
    )
    def test_what_is_no_json_is_refused(self, text: str) -> None:
        assert rules_of(get(text)) == ["json.syntax"]

    @pytest.mark.parametrize("text", ['"event"', "7", "true", "null", "1.5"])
    def test_a_payload_that_is_neither_object_nor_list_is_refused(self, text: str) -> None:
        assert rules_of(get(text)) == ["json.shape"]

    def test_of_duplicate_keys_the_last_one_counts(self) -> None:
        text = '{"event":"a","event":"b","properties":{"token":"t"}}'
        verdict = judged(get(text))
        assert [each.rule for each in verdict.findings] == ["json.duplicate-key"]
        assert verdict.decoded.events is not None
        assert verdict.decoded.events[0]["event"] == "b"
        assert judged(get(text), strict=True).value == 1

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e400"])
    def test_numbers_that_are_not_finite_are_refused_where_they_stand(self, number: str) -> None:
        text = f'{{"event":"a","properties":{{"token":"t","n":{number}}}}}'
        assert the(get(text), "json.not-finite").at == "/0/properties/n"
        assert judged(get(text)).value == 0

    def test_200_levels_are_read_and_201_are_refused(self) -> None:
        text = '{"event":"a","properties":{"token":"t","n":%s}}'
        assert "json.depth" not in rules_of(get(text % ("[" * 198 + "]" * 198)))
        assert rules_of(get(text % ("[" * 199 + "]" * 199))) == ["json.depth"]

    def test_a_million_brackets_are_refused_too(self) -> None:
        assert rules_of(_post(b"[" * 1_000_000))[-1] == "json.depth"

    def test_integers_of_4300_digits_are_read_and_of_4301_are_refused(self) -> None:
        text = '{"event":"a","properties":{"token":"t","n":%s}}'
        assert "json.number" not in rules_of(get(text % ("1" * 4300)))
        assert rules_of(get(text % ("1" * 4301))) == ["json.number"]
        assert rules_of(get(text % ("-" + "1" * 4301))) == ["json.number"]


class TestGzip:
    def test_gzip_that_is_damaged_is_refused_either_way(self) -> None:
        packed = gzip.compress(b"data=" + form_encode(base64_of(event())).encode(), mtime=0)
        for body in (packed[:-10], packed[:20] + b"x" * 20, b"\x1f\x8b"):
            assert "data.gzip" in rules_of(_post(body))
            assert judged(_post(body)).value == 0

    def test_gzip_that_unpacks_beyond_the_limit_is_refused(self) -> None:
        verdict = judged(_post(gzip.compress(b"a" * (10 * 1024 * 1024 + 1), mtime=0)))
        assert [each.rule for each in verdict.findings] == ["data.size"]
        assert verdict.value == 0

    def test_what_is_compressed_in_another_way_is_refused_in_words(self) -> None:
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            headers = (("Content-Encoding", "br"), ("Content-Type", kind))
            found = judged(TrackRequest("POST", "http://h/track", headers, b"\x8b\xff")).findings
            assert found[0].message == "the body is compressed (br): only gzip is read"

    def test_gzip_within_base64_is_read_with_a_finding(self) -> None:
        packed = gzip.compress(json.dumps(event()).encode(), mtime=0)
        assert rules_of(get(data=form_encode(base64_of(packed)))) == ["data.gzip"]


def test_each_repair_is_told_in_words_of_its_own() -> None:
    messages = [
        the(request, rule).message
        for request, rule in (
            (with_plus(), "data.space"),
            (carried(event(), "form-json"), "data.raw-json"),
            (carried(event(), "body-json"), "data.json-body"),
            (carried(event(), "form-base64-gzip"), "data.gzip"),
        )
    ]
    assert len(set(messages)) == 4


def test_a_payload_that_cannot_be_read_has_no_findings_on_its_events() -> None:
    assert {each.rule.split(".")[0] for each in judged(get("{")).findings} == {"json"}
    assert found(get(data="!"), "data.alphabet") != []


@pytest.mark.parametrize(("path", "rules"), [("track", ["data.lines"]), ("import", [])])
def test_today_lines_are_for_imports_only(path: str, rules: list[str]) -> None:
    properties = {"token": "t", "time": NOW, "distinct_id": "u", "$insert_id": "i"}
    lines = "\n".join([json.dumps({"event": "a", "properties": properties})] * 2)
    request = TrackRequest("POST", f"http://h/{path}?api_key=k", (), lines.encode())
    assert rules_of(request, era="current") == rules
    assert rules_of(request) == ["data.json-body", "param.unknown"]
