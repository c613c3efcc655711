"""The rules as data, each with the texts it rests on; `TABLE` has them in the order of listing."""

from __future__ import annotations

from trackscope.wire.plan_table import PLAN_RULES
from trackscope.wire.rule import Basis, Rule, rule
from trackscope.wire.rule_table.event import EVENT_RULES
from trackscope.wire.rule_table.payload import PAYLOAD_RULES
from trackscope.wire.rule_table.profile import PROFILE_RULES
from trackscope.wire.rule_table.request import REQUEST_RULES
from trackscope.wire.sdk_table import SDK_TABLE

TABLE: tuple[Rule, ...] = (
    *PAYLOAD_RULES,
    *EVENT_RULES,
    *PROFILE_RULES,
    *REQUEST_RULES,
    *(rule(row.id, row.title, row.example, Basis(row.source, row.severity)) for row in SDK_TABLE),
    *PLAN_RULES,
)
"""Every rule there is."""
