"""Widens an entry of a plan until it accepts what was observed, and says what that changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from trackscope.plan.finding import PlanFinding
from trackscope.plan.observed import Observed
from trackscope.plan.plan import Entry, Schema
from trackscope.plan.wording import RULES, kinds
from trackscope.wire.json_text import escape_pointer, steps


class Learned(StrEnum):
    """What learning again did to a plan, or found in it."""

    ADDED = "added"
    WIDENED = "widened"
    MISSING = "missing"
    """It is planned, and never came: it stays."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between a plan and what was observed; `property` is empty for the event."""

    what: Learned
    event: str
    property: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class Breach:
    """A keyword that something observed did not meet, as the finding says it.

    `name` is the property's, empty for all of them together; `is_inner` tells that it is something
    within its value.
    """

    planned_at: str
    name: str
    is_inner: bool

    @property
    def keyword(self) -> str:
        """The keyword of JSON Schema."""
        return self.planned_at.rpartition("/")[2]


def breach_of(finding: PlanFinding) -> Breach:
    """What a finding on an event says of its entry."""
    way = steps(finding.at)[2:]
    return Breach(finding.planned_at, way[0] if way else "", len(way) > 1)


def widened(
    entry: Entry, observed: Observed, breaches: Iterable[Breach]
) -> tuple[Entry, list[Change]]:
    """The entry that also accepts what was observed, given all that did not meet it."""
    widening = _Widening(entry, observed)
    for breach in breaches:
        widening.meet(breach)
    widening.add_new()
    widening.tell_missing()
    return replace(entry, schema=widening.schema), widening.changes


class _Widening:
    """The schema of an entry while it is being widened."""

    def __init__(self, entry: Entry, observed: Observed) -> None:
        self._entry, self._observed = entry, observed
        self.changes: list[Change] = []
        self.schema: Schema = dict(entry.schema)
        if entry.properties or observed.members:
            self.schema["properties"] = dict(entry.properties)
        self._properties: dict[str, Any] = self.schema.get("properties", {})
        self._is_replaced = False

    def meet(self, breach: Breach) -> None:
        """Change what a breach is of."""
        name, at = breach.name, breach.planned_at
        if at == "/required" and not breach.is_inner:
            self.schema["required"] = [each for each in self.schema["required"] if each != name]
            self._tell(name, "it is not always there")
        elif at in ("/additionalProperties", "/unevaluatedProperties"):
            return  # it will be in `properties`
        elif name in self._properties and f"{at}/".startswith(_place(name)):
            self._widen(breach)
        elif not name and at == f"/{breach.keyword}":
            self.schema.pop(breach.keyword, None)
            self._tell("", f"{breach.keyword} is no longer asked for")
        else:
            self._replace()

    def add_new(self) -> None:
        """Add the properties that are not in the entry."""
        if self._is_replaced:
            return
        for name, observed in sorted(self._observed.members.items()):
            if name not in self._properties:
                self._properties[name] = observed.schema()
                self.changes.append(Change(Learned.ADDED, self._entry.name, name))

    def tell_missing(self) -> None:
        """Tell which planned properties never came."""
        for name in self._entry.properties:
            if name not in self._observed.members:
                self.changes.append(Change(Learned.MISSING, self._entry.name, name))

    def _widen(self, breach: Breach) -> None:
        name, keyword = breach.name, breach.keyword
        old, observed = self._properties[name], self._observed.members[name]
        is_own = breach.planned_at == _place(name) + keyword and keyword in RULES
        if breach.is_inner or not is_own or not isinstance(old, dict) or keyword not in old:
            if observed.schema() not in _alternatives(old):
                self._properties[name] = {"anyOf": [*_alternatives(old), observed.schema()]}
                self._tell(name, "it may have another form too")
        elif keyword == "type":
            types = [old["type"]] if isinstance(old["type"], str) else list(old["type"])
            types += [each for each in observed.kinds if each not in types]
            self._properties[name] = {**old, "type": types}
            self._tell(name, f"it is {kinds(types)}")
        elif keyword == "enum" and (options := observed.options()):
            values = [*old["enum"], *(each for each in options if each not in old["enum"])]
            self._properties[name] = {**old, "enum": values}
            self._tell(name, "it has further values")
        else:
            self._properties[name] = {key: old[key] for key in old if key != keyword}
            self._tell(name, f"{keyword} is no longer asked for")

    def _replace(self) -> None:
        """Take the schema of what was observed where the planned one cannot be widened."""
        if not self._is_replaced:
            self._is_replaced = True
            self.schema = self._observed.schema()
            self._properties = self.schema.get("properties", {})
            self._tell("", "its schema was learned anew")

    def _tell(self, name: str, how: str) -> None:
        change = Change(Learned.WIDENED, self._entry.name, name, how)
        if change not in self.changes:
            self.changes.append(change)


def _place(name: str) -> str:
    """The pointer to a property's schema, with a slash at its end."""
    return f"/properties/{escape_pointer(name)}/"


def _alternatives(schema: Any) -> list[Any]:
    """The alternatives of a property that is nothing but alternatives; itself otherwise."""
    if isinstance(schema, dict) and list(schema) == ["anyOf"]:
        return list(schema["anyOf"])
    return [schema]
