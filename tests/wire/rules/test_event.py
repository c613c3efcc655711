from __future__ import annotations

from typing import Any

import pytest
from tests.wire.rules.asking import NOW, carried, event, found, get, judged, rules_of, the
from tests.wire.rules.cases import imported

HOUR = 3600


def _nested(levels: int) -> Any:
    value: Any = "leaf"
    for _ in range(levels):
        value = {"in": value}
    return value


def test_the_specifications_own_example_is_refused_today_and_was_logged_on_its_day() -> None:
    example = (
        "eyJldmVudCI6ICJnYW1lIiwgInByb3BlcnRpZXMiOiB7ImlwIjogIjEyMy4xMjMuMTIzLjEyMyIsICJ0b2tlbiI6"
        "ICJlM2JiNDEwMDMzMGMzNTcyMjc0MGZiOGM2ZjVhYmRkYyIsICJ0aW1lIjogMTI0NTYxMzg4NSwgImFjdGlvbiI6"
        "ICJwbGF5In19&ip=1"
    )
    assert rules_of(get(data=example)) == ["time.too-old", "ip.overridden"]
    assert judged(get(data=example), now=1245613885).value == 1


def test_a_good_event_has_no_finding_but_none_for_its_number() -> None:
    assert rules_of(get(event(action="play"))) == []
    assert rules_of(get(event(action="play")), strict=True) == []


class TestName:
    @pytest.mark.parametrize("name", ["a", " a ", "日本", "$x", "n" * 255])
    def test_any_string_that_is_not_blank_is_a_name(self, name: str) -> None:
        assert rules_of(get(event(name))) == []

    @pytest.mark.parametrize("name", ["", " ", "\t\n", "\u00a0", "\u2003"])
    def test_a_blank_name_is_refused(self, name: str) -> None:
        assert rules_of(get(event(name))) == ["event.name-blank"]

    @pytest.mark.parametrize("name", [7, 1.5, True, None, [], {}, ["a"]])
    def test_a_name_that_is_no_string_is_refused(self, name: Any) -> None:
        assert rules_of(get(event(name))) == ["event.name-type"]

    def test_a_name_of_256_characters_is_too_long_and_255_are_not(self) -> None:
        assert rules_of(get(event("n" * 256))) == ["event.name-length"]
        assert rules_of(get(event("n" * 255))) == []

    def test_characters_beyond_the_first_plane_count_once(self) -> None:
        assert rules_of(get(event("😀" * 255))) == []

    def test_the_key_is_event_in_lower_case(self) -> None:
        payload = {"Event": "a", "properties": {"token": "t"}}
        assert rules_of(get(payload)) == ["event.name-missing", "event.unknown-key"]


class TestOtherKeys:
    def test_keys_beside_event_and_properties_are_noted_in_their_order(self) -> None:
        payload = {"z": 1, **event(), "b": 2, "a": 3}
        places = [each.at for each in found(get(payload), "event.unknown-key")]
        assert places == ["/0/z", "/0/b", "/0/a"]
        assert judged(get(payload)).value == 1


class TestProperties:
    def test_an_event_without_properties_is_refused(self) -> None:
        assert rules_of(get({"event": "a"})) == ["properties.missing"]

    @pytest.mark.parametrize("properties", [[], "x", 1, True, None])
    def test_properties_that_are_no_object_are_refused(self, properties: Any) -> None:
        payload = {"event": "a", "properties": properties}
        assert rules_of(get(payload)) == ["properties.type"]

    def test_256_properties_are_too_many_and_255_are_not(self) -> None:
        full = event(**{f"p{number}": "" for number in range(253)})
        assert len(full["properties"]) == 255
        assert rules_of(get(full)) == []
        full["properties"]["one more"] = ""
        assert rules_of(get(full)) == ["properties.count"]
        assert judged(get(full)).value == 1

    def test_a_propertys_name_of_256_characters_is_too_long_and_255_are_not(self) -> None:
        assert rules_of(get(event(**{"n" * 255: ""}))) == []
        assert rules_of(get(event(**{"n" * 256: ""}))) == ["property.name-length"]

    def test_values_nested_4_deep_are_too_deep_and_3_are_not(self) -> None:
        assert "properties.nesting" not in rules_of(get(event(deep=_nested(3))))
        assert the(get(event(deep=_nested(4))), "properties.nesting").at == "/0/properties/deep"

    def test_lists_count_as_levels_too(self) -> None:
        assert "properties.nesting" not in rules_of(get(event(deep=[[["leaf"]]])))
        assert "properties.nesting" in rules_of(get(event(deep=[[[["leaf"]]]])))

    def test_one_note_names_all_values_that_are_no_strings(self) -> None:
        finding = the(get(event(a=1, b=None, c="x", d=[1])), "property.value-type")
        assert finding.at == "/0/properties"
        assert finding.message.startswith("a, b, d are no strings")

    def test_a_distinct_id_that_is_no_string_is_accepted_with_a_note(self) -> None:
        assert rules_of(get(event(distinct_id=7))) == ["property.value-type"]
        assert judged(get(event(distinct_id=7)), strict=True).value == 1


class TestToken:
    @pytest.mark.parametrize("token", ["t", " ", "e3bc4100330c35722740fb8c6f5abddc"])
    def test_any_string_that_is_not_empty_is_a_token(self, token: str) -> None:
        assert rules_of(get(event(token=token))) == []

    def test_an_event_without_a_token_is_refused(self) -> None:
        payload = {"event": "a", "properties": {}}
        assert rules_of(get(payload)) == ["token.missing"]

    @pytest.mark.parametrize("token", ["", None])
    def test_an_empty_token_is_a_missing_one(self, token: str | None) -> None:
        assert the(get(event(token=token)), "token.missing").at == "/0/properties/token"

    @pytest.mark.parametrize("token", [7, 0, True, [], {}, 1.5])
    def test_a_token_that_is_no_string_is_refused(self, token: Any) -> None:
        assert rules_of(get(event(token=token))) == ["token.type"]


class TestTime:
    def test_exactly_48_hours_are_accepted_and_a_second_more_is_refused(self) -> None:
        assert rules_of(get(event(time=int(NOW) - 48 * HOUR))) == []
        assert rules_of(get(event(time=int(NOW) - 48 * HOUR - 1))) == ["time.too-old"]

    def test_a_fraction_of_a_second_more_than_48_hours_is_refused(self) -> None:
        assert rules_of(get(event(time=NOW - 48 * HOUR - 0.001))) == ["time.too-old"]
        assert rules_of(get(event(time=int(NOW))), now=NOW + 48 * HOUR) == []
        assert rules_of(get(event(time=int(NOW))), now=NOW + 48 * HOUR + 0.001) == ["time.too-old"]

    def test_an_absent_time_is_the_time_of_arrival(self) -> None:
        assert rules_of(get({"event": "a", "properties": {"token": "t"}})) == []

    @pytest.mark.parametrize("time", [int(NOW), NOW - 0.5, str(int(NOW)), "01322092800", 1.32209e9])
    def test_integers_fractions_and_strings_of_digits_are_seconds(self, time: Any) -> None:
        assert rules_of(get(event(time=time))) == []

    @pytest.mark.parametrize(
        "time",
        [
            "2011-11-23",
            "",
            " 1322092800",
            "1322092800 ",
            "1322092800\n",
            "1322092800.5",
            "-1",
            "+1322092800",
            "1_322_092_800",
            "１３２２０９２８００",
            "1e9",
            "0x4ECD8A00",
            True,
            False,
            None,
            [],
            {},
            [1322092800],
            "1" * 21,
        ],
    )
    def test_anything_else_is_refused(self, time: Any) -> None:
        assert rules_of(get(event(time=time))) == ["time.type"]

    @pytest.mark.parametrize("time", [0, -1, -1e300, "0", "000", 0.0, -(10**400)])
    def test_zero_or_less_is_too_old(self, time: Any) -> None:
        assert "time.too-old" in rules_of(get(event(time=time)))

    def test_1e11_and_more_is_milliseconds_and_less_is_the_future(self) -> None:
        assert rules_of(get(event(time=100_000_000_000))) == ["time.milliseconds"]
        assert rules_of(get(event(time=99_999_999_999))) == ["time.future"]
        assert rules_of(get(event(time="100000000000"))) == ["time.milliseconds"]

    @pytest.mark.parametrize("time", [10**400, 1e308, "9" * 20])
    def test_a_time_beyond_all_bounds_is_milliseconds(self, time: Any) -> None:
        assert rules_of(get(event(time=time))) == ["time.milliseconds"]

    def test_milliseconds_are_mended_to_seconds(self) -> None:
        finding = the(get(event(time=1322092800123)), "time.milliseconds")
        assert finding.fix is not None
        assert "1322092800" in str(finding.fix.edits)

    def test_the_future_is_accepted_with_a_warning(self) -> None:
        assert rules_of(get(event(time=int(NOW) + 1))) == ["time.future"]
        assert judged(get(event(time=int(NOW) + 1)), strict=True).value == 1

    def test_an_old_time_says_how_old_it_is(self) -> None:
        message = the(get(event(time=int(NOW) - 50 * HOUR)), "time.too-old").message
        assert "50 hours" in message
        assert "2011-11-21 22:00:00 UTC" in message


class TestTimeByEra:
    @pytest.mark.parametrize(
        ("era", "age_s", "rules"),
        [
            ("2011", 48 * HOUR, []),
            ("2011", 48 * HOUR + 1, ["time.too-old"]),
            ("classic", 120 * HOUR, []),
            ("classic", 120 * HOUR + 1, ["time.too-old"]),
            ("current", 120 * HOUR, []),
            ("current", 120 * HOUR + 1, ["time.too-old"]),
            ("2011", -1, ["time.future"]),
            ("classic", -1, ["time.future"]),
            ("current", -HOUR, []),
            ("current", -HOUR - 1, ["time.future"]),
        ],
    )
    def test_an_event_may_be_as_old_or_early_as_the_era_allows(
        self, era: str, age_s: int, rules: list[str]
    ) -> None:
        assert rules_of(get(event(time=int(NOW) - age_s)), era=era) == rules

    @pytest.mark.parametrize(
        "time", [NOW * 1000, str(int(NOW * 1000)), (NOW - 5 * 24 * HOUR) * 1e3]
    )
    def test_today_milliseconds_are_a_time(self, time: object) -> None:
        assert rules_of(get(event(time=time)), era="current") == []
        assert "time.milliseconds" in rules_of(get(event(time=time)), era="classic")

    def test_today_milliseconds_can_be_too_old(self) -> None:
        finding = the(get(event(time=1245613885000)), "time.too-old", era="current")
        assert finding.message.startswith("time is 2009-06-21 19:51:25 UTC, 2 years before")
        assert finding.message.endswith("more than 5 days")

    def test_today_microseconds_are_no_time(self) -> None:
        finding = the(get(event(time=int(NOW * 1e6))), "time.milliseconds", era="current")
        assert finding.message.endswith("is in microseconds: seconds since 1970 are expected")

    def test_what_is_imported_may_be_of_any_age_but_today_not_before_1971(self) -> None:
        for time, rules in ((-5, ["time.too-old"]), (365 * 24 * HOUR, []), (0, ["time.too-old"])):
            request = imported({"time": time, "distinct_id": "u", "$insert_id": "i"})
            assert rules_of(request, era="current") == rules
            assert rules_of(request, era="classic") == []

    def test_in_classic_what_is_imported_is_older_than_what_is_tracked(self) -> None:
        for age, rules in ((0, ["time.recent"]), (120 * HOUR, ["time.recent"]), (121 * HOUR, [])):
            request = imported({"time": int(NOW) - age})
            assert rules_of(request, era="classic") == rules
            assert "time.recent" not in rules_of(request, era="current")

    def test_in_the_future_is_refused_today_only_by_the_letter(self) -> None:
        request = get(event(time=int(NOW) + 2 * HOUR))
        assert judged(request, era="current").value == 1
        assert judged(request, era="current", strict=True).value == 0


@pytest.mark.parametrize("era", ["classic", "current"])
def test_later_eras_do_not_note_what_their_own_sdks_send(era: str) -> None:
    request = get(
        event(
            mp_lib="web",
            mp_sent_by_lib_version="2.83.0",
            level=7,
            **{"$os": "Linux", "$insert_id": "a1"},
        )
    )
    assert rules_of(request, era=era) == []


def test_today_an_ip_of_0_asks_for_no_location() -> None:
    for address in (0, "0"):
        assert rules_of(get(event(ip=address)), era="current") == []
        assert "ip.address" in rules_of(get(event(ip=address)), era="classic")
    assert rules_of(get(event(ip=False)), era="current") == ["ip.address"]


class TestReservedPrefix:
    @pytest.mark.parametrize("name", ["mp_page", "mp_", "mp_lib", "mp_name_tags", "mp_Name_tag"])
    def test_properties_prefixed_with_mp_are_ignored(self, name: str) -> None:
        assert rules_of(get(event(**{name: "x"}))) == ["property.reserved-prefix"]

    @pytest.mark.parametrize("name", ["mp_name_tag", "MP_page", "mp", "xmp_page", "$mp_page"])
    def test_other_names_are_free(self, name: str) -> None:
        assert rules_of(get(event(**{name: "x"}))) == []


class TestIp:
    @pytest.mark.parametrize("address", ["127.0.0.1", "::1", "2001:db8::1", "255.255.255.255"])
    def test_an_address_is_accepted(self, address: str) -> None:
        assert rules_of(get(event(ip=address))) == []

    @pytest.mark.parametrize(
        "address",
        [
            "localhost",
            "",
            " 127.0.0.1",
            "256.1.1.1",
            "127.1",
            "1.2.3.4:80",
            1,
            2130706433,
            None,
            [],
        ],
    )
    def test_anything_else_gets_a_warning(self, address: Any) -> None:
        assert rules_of(get(event(ip=address))) == ["ip.address"]
        assert judged(get(event(ip=address)), strict=True).value == 1

    def test_ip_1_overrides_the_property_with_a_note(self) -> None:
        assert rules_of(get(event(ip="1.2.3.4"), "&ip=1")) == ["ip.overridden"]
        assert rules_of(get(event(ip="1.2.3.4"), "&ip=0")) == []
        assert rules_of(get(event(), "&ip=1")) == []


class TestBatch:
    def test_51_events_are_more_than_50(self) -> None:
        assert rules_of(carried([event()] * 50, "form-base64")) == []
        assert rules_of(carried([event()] * 51, "form-base64")) == ["batch.size"]

    def test_any_error_refuses_the_whole_batch(self) -> None:
        verdict = judged(get([event(), event(token=""), event()]))
        assert verdict.value == 0
        assert [each.at for each in verdict.findings] == ["/1/properties/token"]

    @pytest.mark.parametrize("other", [1, "a", None, [], [event()], True])
    def test_an_element_that_is_no_object_is_refused_where_it_stands(self, other: Any) -> None:
        assert the(get([event(), other]), "json.shape").at == "/1"

    def test_an_empty_batch_is_refused(self) -> None:
        assert rules_of(get("[]")) == ["json.empty-batch"]


class TestSize:
    def _of(self, size: int) -> dict[str, Any]:
        empty = '{"event":"game","properties":{"token":"e3bc41","time":1322092800,"text":""}}'
        return event(text="x" * (size - len(empty)))

    def test_an_event_of_a_megabyte_is_accepted_and_a_byte_more_warned_of(self) -> None:
        assert rules_of(carried(self._of(1_000_000), "form-base64")) == []
        assert rules_of(carried(self._of(1_000_001), "form-base64")) == ["event.size"]

    def test_the_size_is_counted_in_bytes(self) -> None:
        wide = event(text="日" * 400_000)
        assert "event.size" in rules_of(carried(wide, "form-base64"))

    def test_events_are_measured_one_by_one(self) -> None:
        assert "event.size" not in rules_of(carried([self._of(600_000)] * 2, "form-base64"))


def test_findings_of_an_odd_name_point_at_it_with_escapes() -> None:
    finding = the(get(event(**{"mp_a/b~c": "x"})), "property.reserved-prefix")
    assert finding.at == "/0/properties/mp_a~1b~0c"


def test_a_hostile_name_is_shown_short_and_on_one_line() -> None:
    request = carried({**event(**{"mp_" + "\n<b>" * 5000: 1}), "k\u202e" * 5000: 1}, "form-base64")
    for finding in judged(request).findings:
        assert len(finding.message) < 400
        assert finding.message.isprintable()
