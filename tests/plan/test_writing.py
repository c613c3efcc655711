from __future__ import annotations

from trackscope.plan.plan import Entity, Entry, Plan
from trackscope.plan.reading import load
from trackscope.plan.writing import plan_text

PLAN = Plan(
    (
        Entry(Entity.EVENT, "Login", {"properties": {"ok": {"enum": ["no", "yes"]}}}),
        Entry(Entity.PROFILE, "$user", {}),
    ),
    beside={"expectations": ["never: Error"]},
)


def test_yaml_has_an_entry_a_block() -> None:
    assert plan_text(PLAN, "plan.YAML") == (
        "entries:\n"
        "- entityType: event\n"
        "  name: Login\n"
        "  schemaJson:\n"
        "    properties:\n"
        "      ok:\n"
        "        enum:\n"
        "        - 'no'\n"
        "        - 'yes'\n"
        "- entityType: profile\n"
        "  name: $user\n"
        "  schemaJson: {}\n"
        "expectations:\n"
        "- 'never: Error'\n"
    )


def test_what_is_written_reads_as_the_same_plan() -> None:
    for name in ("plan.json", "plan.yml"):
        again = load(plan_text(PLAN, name), PLAN.name)
        assert again == PLAN
