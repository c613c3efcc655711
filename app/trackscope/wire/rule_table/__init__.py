"""The rules as data, each with the texts it rests on; `TABLE` has them in the order of listing."""

from __future__ import annotations

from trackscope.wire.rule import Rule
from trackscope.wire.rule_table.event import EVENT_RULES
from trackscope.wire.rule_table.payload import PAYLOAD_RULES
from trackscope.wire.rule_table.profile import PROFILE_RULES
from trackscope.wire.rule_table.request import REQUEST_RULES

TABLE: tuple[Rule, ...] = (*PAYLOAD_RULES, *EVENT_RULES, *PROFILE_RULES, *REQUEST_RULES)
"""Every rule there is."""
