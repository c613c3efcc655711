from __future__ import annotations

from trackscope.wire.era import ERAS, RULES
from trackscope.wire.finding import Severity
from trackscope.wire.plan_table import PLAN_RULES


def test_the_rules_on_plans_are_warnings_in_every_era() -> None:
    assert {each.id for each in PLAN_RULES} == {id_ for id_ in RULES if id_.startswith("plan.")}
    for each in PLAN_RULES:
        severities = {each.severity(era, strict=strict) for era in ERAS for strict in (False, True)}
        assert severities == {Severity.WARNING}
