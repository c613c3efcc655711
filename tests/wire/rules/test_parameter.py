from __future__ import annotations

import pytest
from tests.wire.rules.asking import (
    FORM_HEADERS,
    base64_of,
    carried,
    event,
    found,
    get,
    judged,
    rules_of,
    the,
)

from trackscope.wire.era import ERAS
from trackscope.wire.finding import Face, Place
from trackscope.wire.request import TrackRequest, form_encode
from trackscope.wire.rules.parameter import FLAGS

DATA = form_encode(base64_of(event()))


def _post(query: str = "", form: str = "") -> TrackRequest:
    body = f"data={DATA}{form}".encode()
    return TrackRequest("POST", f"http://h/track/{query}", FORM_HEADERS, body)


class TestFlags:
    @pytest.mark.parametrize("flag", FLAGS)
    @pytest.mark.parametrize("value", ["0", "1", ""])
    def test_0_1_and_nothing_are_accepted(self, flag: str, value: str) -> None:
        assert rules_of(get(extra=f"&{flag}={value}")) == []

    @pytest.mark.parametrize("flag", FLAGS)
    @pytest.mark.parametrize("value", ["2", "true", "yes", "-1", "01", "1%20", "%001", "１", "on"])
    def test_any_other_value_counts_as_0_with_a_warning(self, flag: str, value: str) -> None:
        verdict = judged(get(extra=f"&{flag}={value}"))
        assert [each.rule for each in verdict.findings] == ["param.value"]
        assert not verdict.decoded.is_on(flag)
        assert verdict.value == 1

    @pytest.mark.parametrize(
        ("value", "wanted"),
        [("true", "1"), ("YES", "1"), ("on", "1"), ("false", "0"), ("no", "0"), ("2", "0")],
    )
    def test_the_fix_writes_what_was_meant(self, value: str, wanted: str) -> None:
        finding = the(get(extra=f"&ip={value}"), "param.value")
        assert finding.fix is not None
        assert finding.fix.label == f"Set to {wanted}"

    def test_a_flag_without_equals_sign_is_empty(self) -> None:
        assert rules_of(get(extra="&ip")) == []


class TestUnknown:
    @pytest.mark.parametrize("name", ["IP", "Data", "x", "strict", "api_key", "verbose%20"])
    def test_a_parameter_that_is_not_in_the_specification_is_noted(self, name: str) -> None:
        assert rules_of(get(extra=f"&{name}=1")) == ["param.unknown"]
        assert judged(get(extra=f"&{name}=1"), strict=True).value == 1

    def test_the_underscore_that_sdks_add_is_not(self) -> None:
        assert rules_of(get(extra="&_=1256307253103")) == []

    def test_verbose_is_known_although_the_text_does_not_have_it(self) -> None:
        assert rules_of(get(extra="&verbose=1")) == []

    def test_names_are_case_sensitive(self) -> None:
        request = TrackRequest("GET", f"http://h/track/?DATA={DATA}")
        assert rules_of(request) == ["data.missing", "param.unknown"]


class TestByEra:
    @pytest.mark.parametrize(
        ("name", "eras"),
        [
            ("api_key", {"classic", "current"}),
            ("strict", {"current"}),
            ("project_id", {"current"}),
            ("IP", set()),
        ],
    )
    def test_a_parameter_is_known_in_the_eras_that_have_it(self, name: str, eras: set[str]) -> None:
        request = get(extra=f"&{name}=1")
        assert {era for era in ERAS if "param.unknown" not in rules_of(request, era=era)} == eras

    def test_strict_is_a_flag_where_it_is_a_parameter(self) -> None:
        assert rules_of(get(extra="&strict=yes"), era="current") == ["param.value"]
        assert rules_of(get(extra="&strict=yes"), era="classic") == ["param.unknown"]

    def test_only_an_import_needs_credentials(self) -> None:
        request = TrackRequest("POST", "http://h/import", FORM_HEADERS, f"data={DATA}".encode())
        for era in ("classic", "current"):
            assert "credentials.missing" in rules_of(request, era=era)
            assert "credentials.missing" not in rules_of(_post(), era=era)
        assert "credentials.missing" not in rules_of(request)


class TestRepeats:
    def test_the_first_of_the_query_counts(self) -> None:
        verdict = judged(get(extra="&ip=1&ip=0"))
        assert [each.rule for each in verdict.findings] == ["param.duplicate"]
        assert verdict.decoded.is_on("ip")

    def test_the_query_wins_over_the_form(self) -> None:
        verdict = judged(_post("?verbose=1", "&verbose=0"))
        assert [each.rule for each in verdict.findings] == ["param.duplicate"]
        assert "the query wins" in verdict.findings[0].message
        assert verdict.decoded.is_on("verbose")

    def test_parameters_of_query_and_form_are_merged(self) -> None:
        verdict = judged(_post("?ip=1", "&verbose=1"))
        assert verdict.findings == ()
        assert verdict.decoded.is_on("ip")
        assert verdict.decoded.is_on("verbose")

    def test_a_repeat_of_the_same_value_says_so(self) -> None:
        message = the(get(extra="&ip=1&ip=1"), "param.duplicate").message
        assert "the same value" in message

    def test_a_thousand_repeats_are_one_finding(self) -> None:
        assert len(found(get(extra="&ip=1" * 900), "param.duplicate")) == 1

    def test_the_underscore_may_repeat(self) -> None:
        assert rules_of(get(extra="&_=1&_=2")) == []

    def test_a_repeated_unknown_parameter_is_noted_once(self) -> None:
        assert rules_of(get(extra="&x=1&x=2")) == ["param.unknown"]

    def test_a_repeat_in_the_form_is_pointed_at_in_the_body(self) -> None:
        request = _post("", "&ip=1&ip=0")
        place = the(request, "param.duplicate").place
        assert place == Place(Face.BODY, request.body.index(b"ip=0"))


class TestRedirect:
    @pytest.mark.parametrize(
        "url",
        [
            "http://a.b/",
            "https://a.b/c?d=e#f",
            "HTTP://a.b",
            "http://[::1]:8080/x",
            "http://user:word@a.b/",
            "http://münchen.de/straße",
            "http://a.b/日本?q=ü",
            "http://localhost:1",
            "http://a.b/\u2028",  # percent-encoded in Location
        ],
    )
    def test_an_absolute_http_or_https_url_is_followed(self, url: str) -> None:
        assert rules_of(get(extra=f"&redirect={form_encode(url)}")) == []

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://a.b/",
            "file:///etc/passwd",
            "//a.b/c",
            "/relative",
            "a.b/c",
            "http:/a.b",
            "http:a.b",
            "http:///a.b",
            "http://",
            "http://:80/",
            "http://user@/",
            "http:\\\\a.b",
            "http://a.b\\@c.d",
            "http://a.b/\r\nSet-Cookie: x",
            "http://a.b/\0",
            "http://a.b/\x7f",
            "http://a.b/ x",
            " http://a.b/",
            "ht\ntp://a.b/",
            "http://[::1",
            "http://[x]/",
            "http://a.b:port/",
            "http://a.b:99999/",
            "http://a.b/\x85",
            "javascript://a.b/%0aalert(1)",
        ],
    )
    def test_anything_else_is_not(self, url: str) -> None:
        request = get(extra=f"&redirect={form_encode(url)}")
        assert rules_of(request) == ["redirect.scheme"]
        assert judged(request, strict=True).value == 1

    def test_an_empty_one_is_none(self) -> None:
        assert rules_of(get(extra="&redirect=")) == []


class TestCallback:
    @pytest.mark.parametrize(
        "name",
        [
            "mpmetrics.jsonp_callback",
            "mpq.metrics.jsonp_callback",
            "Storify.events.jsonp_callback",
            'mixpanel._jsc["12345"]',
            "mixpanel._jsc['12345']",
            'mixpanel.second._jsc["6551584"]',
            "mixpanel._jsc[12345]",
            "(function(){})",
            "$",
            "_",
            "a[0][1].b",
            "n" * 128,
        ],
    )
    def test_an_identifier_path_or_the_no_op_is_called(self, name: str) -> None:
        assert rules_of(get(extra=f"&callback={form_encode(name)}")) == []

    @pytest.mark.parametrize(
        "name",
        [
            "alert(1)",
            "a b",
            "a;b",
            "1a",
            "a.",
            ".a",
            "a..b",
            "a[b]",
            "a[]",
            'a["b',
            "a[\"b']",
            'a["b c"]',
            'a["\\u0041"]',
            "é",
            "a\n",
            "a\0",
            "<script>",
            "function(){}",
            "(function(){alert(1)})",
            "(function(){})()",
            " a",
            "a١",
            "a[١]",
            "n" * 129,
        ],
    )
    def test_anything_else_is_refused(self, name: str) -> None:
        request = get(extra=f"&callback={form_encode(name)}")
        assert rules_of(request) == ["callback.name"]
        assert judged(request).value == 0

    def test_an_empty_one_is_none(self) -> None:
        assert rules_of(get(extra="&callback=")) == []


class TestUrlLength:
    def _url(self, length: int) -> TrackRequest:
        url = f"http://h/track/?data={DATA}&_="
        return TrackRequest("GET", url + "1" * (length - len(url)))

    def test_8191_characters_are_too_long_and_8190_are_not(self) -> None:
        assert rules_of(self._url(8190)) == []
        assert rules_of(self._url(8191)) == ["url.length"]

    def test_a_long_body_is_not(self) -> None:
        assert rules_of(carried(event(text="x" * 10_000), "form-base64")) == []


@pytest.mark.parametrize(
    "extra",
    [
        "&ip=" + "x" * 5000,
        "&" + "y" * 5000,
        "&ip=%0A%1B%E2%80%AE",
        "&%0A%1B%E2%80%AE",
        "&ip=%FF%FE",
        "&callback=%0A%1B",
        "&redirect=%0A%1B",
    ],
)
def test_what_was_sent_is_shown_short_and_on_one_line(extra: str) -> None:
    for finding in judged(get(extra=extra)).findings:
        assert len(finding.message) < 300
        assert finding.message.isprintable()
