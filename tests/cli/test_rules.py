"""The rules are listed for people and for programs."""

from __future__ import annotations

from tests.cli.conftest import Run

from trackscope.wire.era import RULES


def test_the_table_has_a_line_for_every_rule(run: Run) -> None:
    ran = run("rules")
    assert [line.split()[0] for line in ran.out.splitlines()] == ["rule", *RULES]


def test_json_has_every_rule_with_its_severities_and_its_source(run: Run) -> None:
    records = {record["id"]: record for record in run("rules", "--json").records}
    assert list(records) == list(RULES)
    assert records["data.whitespace"]["severity"]["2011"] == {
        "lenient": "warning",
        "strict": "error",
    }
    assert all(record["source"] and record["example"] for record in records.values())


def test_one_rule_is_shown_in_full(run: Run) -> None:
    ran = run("rules", "data.padding")
    assert ran.code == 0
    assert RULES["data.padding"].source in ran.out
    assert "token.missing" not in ran.out


def test_an_unknown_rule_is_answered_with_its_relatives(run: Run) -> None:
    ran = run("rules", "data.paddin")
    assert ran.code == 2
    assert "data.padding" in ran.err
