"""The rules are listed for people and for programs."""

from __future__ import annotations

from tests.cli.conftest import Run

from trackscope.wire.era import RULES


def in_era(era: str) -> list[str]:
    return [rule.id for rule in RULES.values() if era in rule.bases]


def test_the_table_has_a_line_for_every_rule_of_2011(run: Run) -> None:
    ran = run("rules")
    assert [line.split()[0] for line in ran.out.splitlines()] == ["rule", *in_era("2011")]


def test_an_era_has_a_table_of_its_own(run: Run) -> None:
    lines = [line.split() for line in run("rules", "--era", "current").out.splitlines()]
    assert [line[0] for line in lines] == ["rule", *in_era("current")]
    assert ["properties.count", "error", "error"] in [line[:3] for line in lines]


def test_json_has_every_rule_with_its_severities_and_its_source(run: Run) -> None:
    records = {record["id"]: record for record in run("rules", "--json").records}
    assert list(records) == list(RULES)
    assert records["data.whitespace"]["severity"]["2011"] == {
        "lenient": "warning",
        "strict": "error",
    }
    assert list(records["redirect.removed"]["severity"]) == ["current"]
    assert all(record["source"] and record["example"] for record in records.values())


def test_json_of_an_era_has_its_rules_with_its_sources(run: Run) -> None:
    records = run("rules", "--era", "current", "--json").records
    assert [record["id"] for record in records] == in_era("current")
    assert all(record["source"] == record["sources"]["current"] for record in records)


def test_one_rule_is_shown_in_full_in_every_era(run: Run) -> None:
    ran = run("rules", "data.raw-json")
    assert ran.code == 0
    assert RULES["data.raw-json"].source in ran.out
    assert "2011      warning, error when strict" in ran.out
    assert "current   has no such rule" in ran.out
    assert "token.missing" not in ran.out


def test_one_rule_is_shown_in_full_in_one_era(run: Run) -> None:
    ran = run("rules", "--era", "classic", "time.too-old")
    assert "5 days" in ran.out
    assert "“requests will be rejected" not in ran.out


def test_an_unknown_rule_is_answered_with_its_relatives(run: Run) -> None:
    ran = run("rules", "data.paddin")
    assert ran.code == 2
    assert "data.padding" in ran.err
