from __future__ import annotations

from trackscope.wire.era import ERAS, RULES
from trackscope.wire.finding import Severity
from trackscope.wire.sdk_table import SDK_TABLE


def test_every_rule_on_sdks_is_in_the_table_of_rules() -> None:
    assert {row.id for row in SDK_TABLE} == {id_ for id_ in RULES if id_.startswith("sdk.")}


def test_no_fault_of_an_sdk_changes_a_verdict() -> None:
    for row in SDK_TABLE:
        rule = RULES[row.id]
        severities = {rule.severity(era, strict=strict) for era in ERAS for strict in (False, True)}
        assert severities == {row.severity}
        assert Severity.ERROR not in severities
