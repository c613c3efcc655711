"""Reads tracking plans of Segment (its Config and Public API) and of RudderStack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trackscope.errors import PlanError
from trackscope.plan.plan import PROFILE_NAME, Entity, Entry, Schema
from trackscope.wire.shown import short

_ABOUT_A_CALL = ("context", "traits", "properties", "messageId", "timestamp", "userId", "event")
_ENTITIES = {"track": Entity.EVENT, "identify": Entity.PROFILE, "group": Entity.GROUP}
_GROUP_NAME = "$group"


def is_foreign(value: Any) -> bool:
    """Whether a value is a plan of Segment or RudderStack."""
    return _rules(value) is not None


def read_foreign(value: Any) -> tuple[Entry, ...]:
    """The entries of such a plan: what it says of a track call's properties, and of traits.

    Rules on calls that Mixpanel does not have (page, screen, common ones) are passed over.
    """
    rules = _rules(value) or []
    found = [each for index, rule in enumerate(rules) for each in _entry(rule, f"rule {index + 1}")]
    if not found:
        raise PlanError("It has no rule on a track, identify or group call.")
    return tuple(found)


def _rules(value: Any) -> list[Any] | None:
    """The rules: `rules`, `events` or both, one within the other, perhaps below `data`."""
    if not isinstance(value, dict):
        return None
    for key in ("data", "trackingPlan", "tracking_plan"):
        if isinstance(value.get(key), dict):
            return _rules(value[key])
    for key in ("rules", "events"):
        found = value.get(key)
        if isinstance(found, dict):
            return _rules(found)
        if isinstance(found, list) and all(map(_is_rule, found)):
            return found
    return None


def _is_rule(value: Any) -> bool:
    return isinstance(value, dict) and bool({"jsonSchema", "json_schema", "rules"} & value.keys())


def _entry(rule: dict[str, Any], where: str) -> Iterator[Entry]:
    kind = str(rule.get("type") or rule.get("eventType") or "track").lower()
    entity = _ENTITIES.get(kind)
    if entity is None:
        return
    schema = next(
        (rule[key] for key in ("jsonSchema", "json_schema", "rules") if key in rule), None
    )
    if not isinstance(schema, dict):
        raise PlanError(f"In {where} stands no schema.")
    name = rule.get("key") or rule.get("name")
    if entity is not Entity.EVENT:
        name = PROFILE_NAME if entity is Entity.PROFILE else _GROUP_NAME
    if not isinstance(name, str) or not name:
        raise PlanError(f'In {where} the event has no name: "{short(str(name))}".')
    yield Entry(entity, name, _inner(schema, "properties" if kind == "track" else "traits", rule))


def _inner(schema: Schema, part: str, rule: dict[str, Any]) -> Schema:
    """What a schema on a whole call says of its properties, or of its traits."""
    members = schema.get("properties")
    inner: Any = schema
    if isinstance(members, dict) and members and set(members) <= set(_ABOUT_A_CALL):
        inner = members.get(part, {})
    found = dict(inner) if isinstance(inner, dict) else {}
    for key in ("$schema", "$defs", "definitions"):
        if schema.get(key):
            found.setdefault(key, schema[key])
    description = rule.get("description")
    if isinstance(description, str) and description:
        found.setdefault("description", description)
    return found
