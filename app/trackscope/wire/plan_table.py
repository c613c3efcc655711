"""The rules on a tracking plan, as data: none of them changes a verdict.

`trackscope.plan` checks them; they are listed here with all the others.
"""

from __future__ import annotations

from trackscope.wire.rule import WARNING, Basis, Rule, rule

_PLAN = Basis("the tracking plan that was given; the specification knows no plans", WARNING)


def _row(id_: str, title: str, example: str) -> Rule:
    return rule(id_, title, example, _PLAN)


PLAN_RULES = (
    _row("plan.unplanned", "An event is in the plan", 'event "purchase", planned is "Purchase"'),
    _row("plan.required", "A required property is there", 'no "amount" in a "Purchase"'),
    _row("plan.type", "A value is of the planned type", '"amount": "12", planned is a number'),
    _row("plan.enum", "A value is one of those that the plan lists", '"plan": "pr"'),
    _row("plan.pattern", "A text matches the plan's pattern", '"sku": "a b", planned is ^[a-z]+$'),
    _row("plan.range", "A value is within the plan's limits", '"amount": -1, planned is 0 or more'),
    _row("plan.extra-property", "A property is in the plan", '"amuont" in a "Purchase"'),
    _row("plan.format", "A text has the planned format", '"mail": "ann", planned is email'),
)
"""A row a rule, in the order of listing; the same in every era."""
