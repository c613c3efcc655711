from __future__ import annotations

import json
from typing import Any

import pytest
from tests.wire.rules.asking import NOW, event, found, get, judged, rules_of, the
from tests.wire.rules.cases import made_by, profile, with_plus
from tests.wire.sdks import BY_HAND, HERE, recorded, records

from trackscope.wire.decoding import decode
from trackscope.wire.era import rule_book
from trackscope.wire.finding import Severity
from trackscope.wire.glance import glance
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import judge
from trackscope.wire.rules.quick import quick_verdict
from trackscope.wire.rules.sdk import Fault, named_faults

STAMPED = "&ip=1&_=1795446364084"


def sdk_rules_of(request: TrackRequest) -> list[str]:
    return [rule for rule in rules_of(request) if rule.startswith("sdk.")]


def test_a_request_of_nobody_in_particular_has_no_fault_of_an_sdk() -> None:
    for request in (get(), get(event(**{"$ip": "1.2.3.4"}), "&ip=1"), with_plus()):
        assert sdk_rules_of(request) == []


@pytest.mark.parametrize("library", ["node", "go", "ruby", "php", "jdk", "web", "python"])
def test_events_without_insert_id_are_noted_once_a_request(library: str) -> None:
    batch = [made_by(library), event(mp_lib=library), event(mp_lib=library)]
    finding = the(get(batch), "sdk.insert-id")
    assert (finding.at, finding.severity) == ("/1/properties", Severity.NOTE)
    assert "add an $insert_id of your own" in finding.message


def test_where_a_newer_version_adds_an_insert_id_that_is_said() -> None:
    assert "from 2.38 on" in the(get(event(mp_lib="web")), "sdk.insert-id").message
    assert "from " not in the(get(event(mp_lib="node")), "sdk.insert-id").message


@pytest.mark.parametrize("library", ["node", "jdk", "python", "go"])
def test_a_server_that_has_users_located_by_its_own_address_is_warned(library: str) -> None:
    assert "ip=0" in the(get(made_by(library), "&ip=1"), "sdk.ip").message
    assert sdk_rules_of(get(made_by(library), "&ip=0")) == []


def test_an_app_is_where_its_user_is() -> None:
    assert sdk_rules_of(get(made_by("web"), "&ip=1")) == []


def test_an_event_spells_the_address_otherwise_than_a_profile() -> None:
    finding = the(get(made_by("ruby", **{"$ip": "1.2.3.4"})), "sdk.ip")
    assert finding.at == "/0/properties/$ip"
    assert finding.fix is not None
    both = the(get(made_by("ruby", **{"$ip": "1.2.3.4", "ip": "1.2.3.5"})), "sdk.ip")
    assert both.fix is None


def test_a_profile_has_the_address_beside_its_properties() -> None:
    within = {"$token": "t", "$distinct_id": "u", "$set": {"$ip": "1.2.3.4"}}
    beside = {"$token": "t", "$distinct_id": "u", "$ip": "1.2.3.4", "$set": {}}
    bare = profile("engage", within)
    assert found(bare, "sdk.ip") == []  # of nobody in particular
    node = TrackRequest("GET", bare.url.replace("?data=", "?ip=0&verbose=0&data="))
    assert the(node, "sdk.ip").at == "/0/$set/$ip"
    assert found(TrackRequest("GET", profile("engage", beside).url), "sdk.ip") == []


@pytest.mark.parametrize(
    ("library", "rules"),
    [("web", ["sdk.half-emoji"]), ("node", [])],
)
def test_half_an_emoji_is_explained_where_the_browser_cut_it(
    library: str, rules: list[str]
) -> None:
    said = {"deep": [{"a/b": "whole 😀"}, {"c~d": "x" * 254 + "\ud83d"}]}
    request = get(json.dumps(made_by(library, said=said)))
    assert sdk_rules_of(request) == rules
    if rules:
        assert the(request, "sdk.half-emoji").at == "/0/properties/said/deep/1/c~0d"


@pytest.mark.parametrize("said", ["x" * 254 + "😀", "x" * 253 + "😀", "\ud83d", "\\ud83d 😀"])
def test_an_emoji_that_the_sdk_did_not_cut_is_not_explained(said: str) -> None:
    assert sdk_rules_of(get(json.dumps(made_by("web", said=said)))) == []


def test_properties_that_are_empty_are_the_browsers_fault_only_in_its_requests() -> None:
    emptied = {"event": "a", "properties": {}}
    assert sdk_rules_of(get([emptied, emptied], STAMPED)) == ["sdk.length"]
    assert sdk_rules_of(get(emptied)) == []


@pytest.mark.parametrize(("library", "rules"), [("python", ["sdk.not-finite"]), ("web", [])])
def test_numbers_that_are_none_are_explained_in_python(library: str, rules: list[str]) -> None:
    request = get(json.dumps(made_by(library, a=1, n=float("nan"), m=float("inf"))))
    assert sdk_rules_of(request) == rules
    for finding in found(request, "sdk.not-finite"):
        assert finding.at == "/0/properties/n"


def test_what_is_no_event_has_no_fault() -> None:
    odd: list[Any] = [7, None, {}, {"properties": []}, {"properties": {"mp_lib": ["web"]}}]
    assert named_faults(odd, lambda: True) == []
    assert named_faults([*odd, made_by("jdk")], lambda: True) == [Fault("sdk.ip", 5)]


@pytest.mark.parametrize("library", ["jdk", "web", "python", "nobody", 7])
@pytest.mark.parametrize("query", ["", "&ip=1", "&ip=0&ip=1", STAMPED])
def test_the_fast_path_says_the_same(library: Any, query: str) -> None:
    events = [event(mp_lib=library), made_by(library, **{"$ip": "1.2.3.4"}), event()]
    for payload in (*events, events, [events[2], events[1]]):
        request = get(payload, query)
        seen = glance(request)
        assert seen is not None
        quick = quick_verdict(request.url, seen, rule_book(), NOW)
        assert quick is not None
        assert list(quick.rules) == rules_of(request)


def test_no_fault_changes_the_verdict() -> None:
    for payload in (event(mp_lib="node"), made_by("jdk")):
        assert judged(get(payload, "&ip=1"), strict=True).value == 1


@HERE
@pytest.mark.parametrize(
    ("rule", "id_"),
    [
        ("sdk.pixel", "br-1954"),
        ("sdk.pixel", "br-1639"),
        ("sdk.pixel", "br-1808"),
        ("sdk.cesu8", "br-0421"),
        ("sdk.cesu8", "br-1753"),
        ("sdk.raw-base64", "br-1138"),
        ("sdk.insert-id", "nd-0461"),
        ("sdk.insert-id", "go-0003"),
        ("sdk.insert-id", "br-0422"),
        ("sdk.ip", "jv-0138"),
    ],
)
def test_a_fault_is_found_in_the_recorded_request_that_has_it(rule: str, id_: str) -> None:
    record = recorded(id_)
    verdict = judge(record.request, rule_book(), NOW)
    assert [each.rule for each in verdict.findings].count(rule) == 1
    assert record.sdk in next(each for each in verdict.findings if each.rule == rule).message or (
        rule == "sdk.raw-base64"
    )


@HERE
def test_recorded_requests_have_only_the_faults_that_their_sdks_are_known_for() -> None:
    known = {
        "sdk.pixel": {"mixpanel-browser"},
        "sdk.cesu8": {"mixpanel-browser"},
        "sdk.raw-base64": {"mixpanel-browser", "mixpanel-node"},
        "sdk.ip": {"mixpanel-java"},
    }
    for each in records():
        found = judge(each.request, rule_book(), NOW, decode(each.request)).findings
        rules = [one.rule for one in found if one.rule.startswith("sdk.")]
        assert len(rules) == len(set(rules)), each.id
        assert each.sdk != BY_HAND or rules == [], each.id
        for rule in rules:
            assert each.sdk in known.get(rule, {each.sdk}), each.id
