from __future__ import annotations

import pytest
from tests.wire.rules.asking import found, judged
from tests.wire.rules.cases import EXAMPLES, FOUND_ELSEWHERE, LATER, Example

from trackscope.wire.era import DAY_S, ERAS, HOUR_S, RULES, era_named, rule_book
from trackscope.wire.finding import Severity

NAMED_BY_THE_DECISIONS = """
    data.missing data.alphabet data.url-safe data.padding data.space data.whitespace
    data.double-encoded data.nested data.raw-json data.utf8 data.cesu8
    json.syntax json.shape json.empty-batch json.duplicate-key json.not-finite json.depth
    json.number event.name-missing event.name-type event.name-blank event.name-length
    event.unknown-key event.duplicate event.size properties.missing properties.type
    properties.count properties.nesting token.missing token.type time.type time.too-old
    time.milliseconds time.future property.reserved-prefix property.name-length
    property.value-type ip.address ip.overridden batch.size param.value param.duplicate
    param.unknown redirect.scheme callback.name url.length test.rate
"""

LEADS_TO = {
    "sdk.pixel": {"data.missing"},
    "sdk.not-finite": {"json.not-finite"},
    "sdk.length": {"token.missing"},
}
"""Why a request is refused in which the fault of an SDK was at work."""

by_rule = pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.rule)


def test_every_rule_that_the_decisions_name_is_there() -> None:
    assert set(NAMED_BY_THE_DECISIONS.split()) <= set(RULES)


def test_every_rule_has_an_example_request_here_or_needs_more_than_one_request() -> None:
    assert {each.rule for each in EXAMPLES} == set(RULES) - FOUND_ELSEWHERE


@by_rule
def test_a_rule_finds_its_example_where_it_stands(example: Example) -> None:
    findings = found(example.request, example.rule, era=example.era)
    assert [each.at for each in findings] == [example.at]


@by_rule
@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
def test_a_rule_is_as_severe_as_was_decided(example: Example, strict: bool) -> None:
    (finding,) = found(example.request, example.rule, strict=strict, era=example.era)
    assert finding.severity is (example.strict if strict else example.lenient)


@by_rule
@pytest.mark.parametrize("era", ERAS)
def test_a_rule_finds_its_example_in_every_era_that_has_it_and_in_no_other(
    example: Example, era: str
) -> None:
    request = LATER.get((example.rule, era), example.request)
    for strict in (False, True):
        severities = [
            each.severity for each in found(request, example.rule, strict=strict, era=era)
        ]
        expected = RULES[example.rule].severity(era, strict=strict)
        assert severities == ([] if expected is None else [expected])


@by_rule
def test_an_example_breaks_no_other_rule_so_badly_that_it_would_be_refused(
    example: Example,
) -> None:
    findings = judged(example.request, era=example.era).findings
    errors = {each.rule for each in findings if each.severity is Severity.ERROR}
    assert errors <= {example.rule} | LEADS_TO.get(example.rule, set())


@by_rule
def test_a_finding_is_one_sentence_for_people(example: Example) -> None:
    (finding,) = found(example.request, example.rule, era=example.era)
    assert finding.message
    assert finding.message.isprintable()
    assert not finding.message.endswith(".")
    assert len(finding.message) <= 400


def test_no_two_rules_have_the_same_title_or_example() -> None:
    assert len({each.title for each in RULES.values()}) == len(RULES)
    assert len({each.example for each in RULES.values()}) == len(RULES)


def test_the_rules_are_listed_by_their_ids() -> None:
    assert all(id_ == rule.id for id_, rule in RULES.items())


@pytest.mark.parametrize("era", ERAS)
def test_a_rule_book_gives_every_rule_of_the_era_its_severity(era: str) -> None:
    for strict in (False, True):
        expected = {rule.id for rule in RULES.values() if era in rule.bases}
        assert set(rule_book(era, strict).severities) == expected


def test_every_rule_belongs_to_an_era() -> None:
    assert all(rule.bases for rule in RULES.values())


@pytest.mark.parametrize("era", ERAS)
def test_strict_is_never_milder(era: str) -> None:
    order = [Severity.NOTE, Severity.WARNING, Severity.ERROR]
    lenient, strict = rule_book(era).severities, rule_book(era, strict=True).severities
    assert all(order.index(strict[rule]) >= order.index(lenient[rule]) for rule in lenient)


def test_in_2011_only_how_the_payload_travels_is_refused_for_strictness_alone() -> None:
    lenient, strict = rule_book("2011").severities, rule_book("2011", strict=True).severities
    assert {rule for rule in lenient if lenient[rule] != strict[rule]} == {
        "data.whitespace",
        "data.double-encoded",
        "data.nested",
        "data.raw-json",
        "data.json-body",
        "data.gzip",
    }


def test_the_windows_are_48_hours_and_5_days() -> None:
    windows = {name: era.window_s for name, era in ERAS.items()}
    assert windows == {"2011": 48 * HOUR_S, "classic": 5 * DAY_S, "current": 5 * DAY_S}


def test_a_batch_holds_50_and_today_2000() -> None:
    assert [era.batch_limit for era in ERAS.values()] == [50, 50, 2000]


def test_an_era_that_another_program_wrote_is_taken_for_2011() -> None:
    assert [era_named(name).name for name in ("classic", "2031")] == ["classic", "2011"]


def test_an_era_that_there_is_not_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        rule_book("1999")
