"""Writes a plan so that it can be read in a review: an entry a block, in the plan's order."""

from __future__ import annotations

from typing import Any

from trackscope.plan.plan import Plan
from trackscope.plan.yaml_text import write_yaml
from trackscope.wire.json_text import dumps

YAML_SUFFIXES = (".yaml", ".yml")
"""How the names of files end that hold YAML; all others hold JSON."""


def plan_text(plan: Plan, file_name: str) -> str:
    """The plan as the text of a file of that name, in the shape of Lexicon's schemas."""
    record = plan_record(plan)
    if file_name.lower().endswith(YAML_SUFFIXES):
        return write_yaml(record)
    return dumps(record, indent=2) + "\n"


def plan_record(plan: Plan) -> dict[str, Any]:
    """The plan as a value of JSON; what stood beside the entries comes after them."""
    entries = [
        {"entityType": str(each.entity), "name": each.name, "schemaJson": each.schema}
        for each in plan.entries
    ]
    return {"entries": entries, **plan.beside}
