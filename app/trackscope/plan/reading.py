"""Reads a plan from a text: our own shape (that of Lexicon's schemas), or another tool's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from trackscope.errors import PlanError
from trackscope.plan.foreign import is_foreign, read_foreign
from trackscope.plan.lexicon_csv import is_lexicon_csv, read_lexicon_csv
from trackscope.plan.plan import PROFILE_NAME, Entity, Entry, Plan
from trackscope.plan.schema import compiled, weight
from trackscope.plan.yaml_text import read_yaml
from trackscope.wire import json_text
from trackscope.wire.shown import short

MAX_TEXT = 16 * 1024 * 1024
"""Characters of a plan that are read."""

MAX_ENTRIES = 20_000
"""Entries of a plan; Lexicon has at most 5,000 events."""

MAX_WEIGHT = 500_000
"""What all schemas may weigh together (see `schema.weight`)."""

_ENTITIES = {
    "event": Entity.EVENT,
    "profile": Entity.PROFILE,
    "user": Entity.PROFILE,
    "group": Entity.GROUP,
}
_PASSED_OVER = ("custom_event", "lookup", "collect_everything_event")
"""What Lexicon lists besides, and no SDK sends."""

_LISTS = ("entries", "results")
"""Where the entries stand: in a request to Lexicon's API, in its answer."""

_SHAPE = 'A plan is {"entries": [{"entityType": "event", "name": …, "schemaJson": {…}}]}.'


def load(text: str, name: str = "The plan") -> Plan:
    """The plan that a text holds, whatever its form; every schema in it can be checked.

    `name` is what it is called. PlanError says in a sentence what is wrong and where: a line, or a
    JSON pointer. Nothing that the text refers to is fetched.
    """
    if len(text) > MAX_TEXT:
        limit = MAX_TEXT // 1024 // 1024
        raise PlanError(f"{name} is larger than {limit} MB.", "Split it.")
    try:
        return _checked(_read(text.removeprefix("\ufeff"), name))
    except PlanError as problem:
        raise PlanError(f"{name}: {problem.message}", problem.next_step) from None


def _read(text: str, name: str) -> Plan:
    if not text.strip():
        raise PlanError("It is empty.", _SHAPE)
    if is_lexicon_csv(text):
        return Plan(read_lexicon_csv(text), name, is_foreign=True)
    value = _value(text)
    if is_foreign(value):
        return Plan(read_foreign(value), name, is_foreign=True)
    listed, at, beside = _listed(value)
    return Plan(tuple(_entries(listed, at)), name, beside)


def _value(text: str) -> Any:
    """The value of a JSON or YAML text."""
    if text.lstrip()[:1] not in "{[":
        return read_yaml(text)
    parsed = json_text.parse(text)
    if parsed.defect is None:
        for notice in parsed.notices:
            raise PlanError(f"{_line(text, notice.offset)}: {notice.message}.", "Remove one.")
        return parsed.value
    try:
        return read_yaml(text)  # in its flow style: JSON with comments, or without quotes
    except PlanError:
        defect = parsed.defect
        raise PlanError(f"{_line(text, defect.offset)}: {defect.message}.") from None


def _line(text: str, offset: int) -> str:
    line = text.count("\n", 0, offset) + 1
    return f"Line {line}, column {offset - (text.rfind(chr(10), 0, offset) + 1) + 1}"


def _listed(value: Any) -> tuple[list[Any], str, Mapping[str, Any]]:
    """The entries, the pointer to them, and what stands beside them."""
    if isinstance(value, list):
        return value, "", {}
    if isinstance(value, dict):
        for key in _LISTS:
            if isinstance(value.get(key), list):
                return value[key], f"/{key}", {k: v for k, v in value.items() if k != key}
        if "entityType" in value or "schemaJson" in value:
            return [value], "", {}
    raise PlanError("There is no list of entries in it.", _SHAPE)


def _entries(listed: list[Any], at: str) -> Iterator[Entry]:
    if len(listed) > MAX_ENTRIES:
        raise PlanError(f"It has more than {MAX_ENTRIES:,} entries.", "Split it.")
    for index, item in enumerate(listed):
        entry = _entry(item, f"{at}/{index}")
        if entry is not None:
            yield entry


def _entry(item: Any, at: str) -> Entry | None:
    if not isinstance(item, dict):
        raise PlanError(f"At {at} stands no entry.", _SHAPE)
    kind = item.get("entityType", "event")
    if kind in _PASSED_OVER:
        return None
    if not isinstance(kind, str) or kind not in _ENTITIES:
        raise PlanError(
            f'At {at}/entityType stands "{short(str(kind))}".', "It is event, profile or group."
        )
    entity = _ENTITIES[kind]
    name = item.get("name", PROFILE_NAME if entity is Entity.PROFILE else None)
    if not isinstance(name, str) or not name:
        raise PlanError(f"The entry at {at} has no name.", 'Give it a "name".')
    return Entry(entity, name, _schema(item.get("schemaJson", {}), f"{at}/schemaJson"))


def _schema(found: Any, at: str) -> dict[str, Any]:
    """The schema, which stands as it is or as a text of JSON."""
    if isinstance(found, str):
        parsed = json_text.parse(found)
        if parsed.defect is not None:
            raise PlanError(f"The text at {at} is no JSON: {parsed.defect.message}.")
        found = parsed.value
    if not isinstance(found, dict):
        raise PlanError(f"At {at} stands no schema.", 'It is an object: {"properties": {…}}.')
    return found


def _checked(plan: Plan) -> Plan:
    """The same plan; PlanError where an entry stands twice or has a schema that cannot be used."""
    counts = Counter((each.entity, each.name) for each in plan.entries)
    for (entity, name), count in counts.items():
        if count > 1:
            raise PlanError(f'The {entity} "{short(name)}" stands {count} times.', "Merge them.")
    weighed = 0
    for entry in plan.entries:
        try:
            weighed += weight(entry.schema)
            if weighed > MAX_WEIGHT:
                raise PlanError("Its schemas and those before are too much.", "Split the plan.")
            compiled(entry.schema)
        except PlanError as problem:
            where = f'The {entry.entity} "{short(entry.name)}": {problem.message}'
            raise PlanError(where, problem.next_step) from None
    return plan
