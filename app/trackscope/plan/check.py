"""Checks events against a plan: the validator decides, its errors become findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from jsonschema_rs import ValidationError, Validator

from trackscope.plan.finding import PlanFinding
from trackscope.plan.half_emoji import mended
from trackscope.plan.nearest import Nearest
from trackscope.plan.plan import Entity, Entry, Plan, is_implicit
from trackscope.plan.schema import compiled
from trackscope.plan.wording import SECRETS, Demand, demand_of, value_in_words
from trackscope.wire.finding import Severity
from trackscope.wire.json_text import escape_pointer
from trackscope.wire.shown import short

MAX_FINDINGS = 100
"""Findings on one event."""

_EXTRA = ("additionalProperties", "unevaluatedProperties")


class _Planned(NamedTuple):
    """An entry with its validator, and the validator's quick answer."""

    entry: Entry
    validator: Validator
    is_valid: Callable[[Any], bool]


class _Place(NamedTuple):
    """Where in a record something is looked at: the entry's name, and the pointer to its values."""

    name: str
    pointer: str
    values: dict[str, Any]


class _Found(NamedTuple):
    """An error of the validator: the steps to the value, and the pointer to the keyword."""

    steps: list[str | int]
    planned_at: str
    entry: Entry
    place: _Place

    def finding(
        self, rule: str, steps: list[str | int], message: str, expected: str, got: str, nearest: str
    ) -> PlanFinding:
        """The finding at some steps from the place."""
        return PlanFinding(
            rule,
            Severity.WARNING,
            self.place.pointer + _pointer(steps),
            message,
            event=self.place.name,
            expected=expected,
            got=got,
            nearest=nearest,
            planned_at=self.planned_at,
        )


class Checker:
    """Checks records against one plan; its schemas are compiled once.

    PlanError is raised for a plan that was not loaded but made, where a schema of it is none.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._events = _compiled(plan, Entity.EVENT)
        self._profiles = _compiled(plan, Entity.PROFILE)
        self._groups = _compiled(plan, Entity.GROUP)
        self._nearest = Nearest()

    def findings(self, event: Any, index: int = 0) -> tuple[PlanFinding, ...]:
        """What the plan has against the `index`th event of a payload; empty if it follows it.

        What is no event at all is the rules' business, not the plan's.
        """
        if not isinstance(event, dict):
            return ()
        name, properties = event.get("event"), event.get("properties")
        if not isinstance(name, str):
            return ()
        planned = self._events.get(name)
        if planned is None:
            return () if is_implicit(name) else (self._unplanned(name, index),)
        values = properties if isinstance(properties, dict) else {}
        try:  # most events are right, and to know it takes no list of errors
            if planned.is_valid(values):
                return ()
        except ValueError:  # half an emoji, which is no Unicode
            pass
        return self._checked(planned, _Place(name, f"/{index}/properties", values))

    def profile_findings(self, record: Any, index: int = 0) -> tuple[PlanFinding, ...]:
        """The same for what is set in a profile or group, as far as the plan describes it.

        An update need not set everything: no property is required of it.
        """
        if not isinstance(record, dict):
            return ()
        key = record.get("$group_key")
        if isinstance(key, str):
            planned = self._groups.get(key)
        else:
            planned = next(iter(self._profiles.values()), None)
        found: list[PlanFinding] = []
        for operation in ("$set", "$set_once"):
            values = record.get(operation)
            if planned is not None and isinstance(values, dict):
                place = _Place(planned.entry.name, f"/{index}/{operation}", values)
                found += self._checked(planned, place)
        return tuple(found)

    def _checked(self, planned: _Planned, place: _Place) -> tuple[PlanFinding, ...]:
        errors = _errors(planned.validator, place.values)
        told = (each for error in errors for each in self._told(error, planned.entry, place))
        return tuple(islice(told, MAX_FINDINGS))

    def _unplanned(self, name: str, index: int) -> PlanFinding:
        nearest = self._nearest.of(name, self._events)
        return PlanFinding(
            "plan.unplanned",
            Severity.WARNING,
            f"/{index}/event",
            f"the event {_quoted(name)} is not in the plan{_meant(nearest)}",
            event=name,
            expected=_quoted(nearest) if nearest else "an event that is in the plan",
            got=_quoted(name),
            nearest=nearest,
        )

    def _told(self, error: ValidationError, entry: Entry, place: _Place) -> Iterator[PlanFinding]:
        keyword, detail = error.kind.name, error.kind.as_dict()
        steps = _steps(place.values, error.instance_path)
        found = _Found(steps, _pointer(error.schema_path), entry, place)
        if keyword == "required":
            yield self._missing(detail["property"], found)
        elif keyword in _EXTRA:
            for name in detail["unexpected"]:
                yield self._extra(name, found)
        else:
            yield self._wrong(demand_of(keyword, detail), found)

    def _missing(self, name: str, found: _Found) -> PlanFinding:
        there = _at(found.place.values, found.steps) or {}
        planned = found.entry.properties
        others = [each for each in there if each not in planned and not is_implicit(each)]
        nearest = self._nearest.of(name, others)
        return found.finding(
            "plan.required",
            [*found.steps, name],
            f"the property {_quoted(name)} is missing{_meant(nearest)}",
            "a property that is always there",
            "nothing",
            nearest,
        )

    def _extra(self, name: str, found: _Found) -> PlanFinding:
        values = found.place.values
        planned = [each for each in found.entry.properties if each not in values]
        nearest = "" if found.steps else self._nearest.of(name, planned)
        return found.finding(
            "plan.extra-property",
            [*found.steps, name],
            f"the property {_quoted(name)} is not in the plan{_meant(nearest)}",
            _quoted(nearest) if nearest else "a property that is in the plan",
            _quoted(name),
            nearest,
        )

    def _wrong(self, expected: Demand, found: _Found) -> PlanFinding:
        steps = found.steps
        value = _at(found.place.values, steps)
        is_secret = any(str(step).lower() in SECRETS for step in steps)
        got = value_in_words(value, is_secret=is_secret)
        nearest = ""
        if expected.options and isinstance(value, str):
            nearest = self._nearest.of(value, expected.options)
        name = _quoted(str(steps[0])) if len(steps) == 1 else short(_pointer(steps)[1:])
        about = f"{name} is {got}" if steps else "the properties together are not as planned"
        message = f"{about}; the plan expects {expected.words}{_meant(nearest)}"
        return found.finding(expected.rule, steps, message, expected.words, got, nearest)


def _compiled(plan: Plan, entity: Entity) -> dict[str, _Planned]:
    found = {}
    for name, entry in plan.of(entity).items():
        schema = entry.schema
        if entity is not Entity.EVENT:
            schema = {key: value for key, value in schema.items() if key != "required"}
        validator = compiled(schema)
        found[name] = _Planned(entry, validator, validator.is_valid)
    return found


def _errors(validator: Validator, values: dict[str, Any]) -> list[ValidationError]:
    """What the validator has against some values."""
    try:
        return list(islice(validator.iter_errors(values), MAX_FINDINGS))
    except ValueError:
        return list(islice(validator.iter_errors(mended(values)), MAX_FINDINGS))


def _steps(values: Any, path: list[str | int]) -> list[str | int]:
    """The path with its keys as they are: the validator gives a key `"1"` as a number."""
    steps: list[str | int] = []
    for step in path:
        steps.append(str(step) if isinstance(values, dict) else step)
        values = _at(values, steps[-1:])
    return steps


def _at(values: Any, steps: list[str | int]) -> Any:
    """The value at a place; the mended spelling of a key leads nowhere, to None."""
    for step in steps:
        try:
            values = values[step]
        except (LookupError, TypeError):
            return None
    return values


def _pointer(steps: list[str | int]) -> str:
    return "".join(f"/{escape_pointer(str(step))}" for step in steps)


def _quoted(name: str) -> str:
    return f'"{short(name)}"'


def _meant(nearest: str) -> str:
    return f"; perhaps {_quoted(nearest)} is meant" if nearest else ""
