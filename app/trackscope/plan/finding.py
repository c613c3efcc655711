"""A finding of a plan: what an event has that the plan does not allow, or lacks."""

from __future__ import annotations

from dataclasses import dataclass

from trackscope.wire.finding import Finding


@dataclass(frozen=True, slots=True)
class PlanFinding(Finding):
    """What the plan expected of an event and what it got instead, in words.

    `at` is a JSON pointer into the list of events, as in every finding. `planned_at` is a JSON
    pointer into the schema of the event's entry, to the keyword that was not met; empty for an
    event that is not in the plan. `nearest` is the name or value that was likely meant, empty where
    none is near.
    """

    event: str = ""
    expected: str = ""
    got: str = ""
    nearest: str = ""
    planned_at: str = ""

    @property
    def property(self) -> str:
        """The pointer within the event's properties, without the numbers of list elements.

        >>> at = "/3/properties/items/12/price"
        >>> PlanFinding("plan.type", "warning", at, "").property
        '/items/*/price'
        """
        steps = self.at.split("/")[3:]
        return "".join(
            f"/{'*' if step.isdecimal() and number else step}" for number, step in enumerate(steps)
        )
