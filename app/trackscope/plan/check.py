"""Checks events against a plan: the validator decides, its errors become findings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from jsonschema_rs import ValidationError, Validator

from trackscope.plan.finding import PlanFinding
from trackscope.plan.nearest import Nearest
from trackscope.plan.plan import Entity, Entry, Plan, is_implicit
from trackscope.plan.schema import compiled
from trackscope.plan.wording import Expectation, expectation, value_in_words
from trackscope.wire.finding import Severity
from trackscope.wire.json_text import escape_pointer
from trackscope.wire.shown import short

MAX_FINDINGS = 100
"""Findings on one event."""

SECRETS = frozenset(("token", "$token", "api_key", "api_secret", "secret", "password"))
"""Properties of whose values only the kind is told."""

_EXTRA = ("additionalProperties", "unevaluatedProperties")


class _Planned(NamedTuple):
    """An entry with its validator."""

    entry: Entry
    validator: Validator


class _Place(NamedTuple):
    """Where in a record something is looked at: the entry's name, and the pointer to its values."""

    name: str
    pointer: str
    values: dict[str, Any]


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
        if _is_right(planned.validator, values):
            return ()
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
            if planned is None or not isinstance(values, dict):
                continue
            if not _is_right(planned.validator, values):
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
        steps = error.instance_path
        if keyword == "required":
            yield self._missing(detail["property"], steps, entry, place)
        elif keyword in _EXTRA:
            for name in detail["unexpected"]:
                yield self._extra(name, steps, keyword, entry, place)
        else:
            keyword = str(error.schema_path[-1]) if "pattern" not in detail else "pattern"
            is_known = keyword in ("pattern", error.kind.name)
            expected = expectation(keyword if is_known else error.kind.name, detail)
            yield self._wrong(expected, steps, place)

    def _missing(
        self, name: str, steps: list[str | int], entry: Entry, place: _Place
    ) -> PlanFinding:
        there = _at(place.values, steps)
        others = [each for each in there if each not in entry.properties and not is_implicit(each)]
        nearest = self._nearest.of(name, others)
        return PlanFinding(
            "plan.required",
            Severity.WARNING,
            place.pointer + _pointer([*steps, name]),
            f"the property {_quoted(name)} is missing{_meant(nearest)}",
            event=place.name,
            expected="a property that is always there",
            got="nothing",
            nearest=nearest,
            keyword="required",
        )

    def _extra(
        self, name: str, steps: list[str | int], keyword: str, entry: Entry, place: _Place
    ) -> PlanFinding:
        planned = [] if steps else [each for each in entry.properties if each not in place.values]
        nearest = self._nearest.of(name, planned)
        return PlanFinding(
            "plan.extra-property",
            Severity.WARNING,
            place.pointer + _pointer([*steps, name]),
            f"the property {_quoted(name)} is not in the plan{_meant(nearest)}",
            event=place.name,
            expected=_quoted(nearest) if nearest else "a property that is in the plan",
            got=_quoted(name),
            nearest=nearest,
            keyword=keyword,
        )

    def _wrong(self, expected: Expectation, steps: list[str | int], place: _Place) -> PlanFinding:
        value = _at(place.values, steps)
        is_secret = any(str(step).lower() in SECRETS for step in steps)
        got = value_in_words(value, is_secret=is_secret)
        nearest = ""
        if expected.options and isinstance(value, str):
            nearest = self._nearest.of(value, expected.options)
        name = _quoted(str(steps[0])) if len(steps) == 1 else _pointer(steps).lstrip("/")
        about = f"{short(name)} is {got}" if steps else "the properties together are not right"
        return PlanFinding(
            expected.rule,
            Severity.WARNING,
            place.pointer + _pointer(steps),
            f"{about}; the plan expects {expected.words}{_meant(nearest)}",
            event=place.name,
            expected=expected.words,
            got=got,
            nearest=nearest,
            keyword=expected.keyword,
        )


def _compiled(plan: Plan, entity: Entity) -> dict[str, _Planned]:
    found = {}
    for name, entry in plan.of(entity).items():
        schema = entry.schema
        if entity is not Entity.EVENT:
            schema = {key: value for key, value in schema.items() if key != "required"}
        found[name] = _Planned(entry, compiled(schema))
    return found


def _is_right(validator: Validator, values: dict[str, Any]) -> bool:
    """Whether some values meet their schema: most do, and to know it takes no list of errors."""
    try:
        return validator.is_valid(values)
    except ValueError:  # half an emoji, which is no Unicode
        return False


def _errors(validator: Validator, values: dict[str, Any]) -> list[ValidationError]:
    """What the validator has against some values."""
    try:
        return list(islice(validator.iter_errors(values), MAX_FINDINGS))
    except ValueError:
        return list(islice(validator.iter_errors(_mended(values)), MAX_FINDINGS))


def _at(values: Any, steps: list[str | int]) -> Any:
    """The value at a place; the mended spelling of a key leads nowhere, to None."""
    for step in steps:
        try:
            values = values[step]
        except (LookupError, TypeError):
            return None
    return values


def _mended(value: Any) -> Any:
    """The value with halves of emoji replaced, which the validator cannot read."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_mended(key): _mended(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_mended(inner) for inner in value]
    return value


def _pointer(steps: list[str | int]) -> str:
    return "".join(f"/{escape_pointer(str(step))}" for step in steps)


def _quoted(name: str) -> str:
    return f'"{short(name)}"'


def _meant(nearest: str) -> str:
    return f"; perhaps {_quoted(nearest)} is meant" if nearest else ""
