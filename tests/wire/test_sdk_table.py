from __future__ import annotations

from trackscope.wire.era import RULES
from trackscope.wire.finding import Severity
from trackscope.wire.sdk_table import SDK_TABLE


def test_every_rule_on_sdks_is_in_the_table_of_rules() -> None:
    assert {row.id for row in SDK_TABLE} == {id_ for id_ in RULES if id_.startswith("sdk.")}


def test_no_fault_of_an_sdk_changes_a_verdict() -> None:
    for row in SDK_TABLE:
        severities = {each for pair in RULES[row.id].severities.values() for each in pair}
        assert severities == {row.severity}
        assert Severity.ERROR not in severities
