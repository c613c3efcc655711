"""Rules on who an event is about, and which one it is: `distinct_id`, `$insert_id`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from trackscope.wire.edit import RemoveMember, SetMember
from trackscope.wire.json_text import dumps, escape_pointer
from trackscope.wire.rules.case import Case, Raw, fix
from trackscope.wire.shown import short

NOBODY = frozenset(
    (
        *("00000000-0000-0000-0000-000000000000", "anon", "anonymous", "nil", "none", "null"),
        *("n/a", "na", "undefined", "unknown", "<nil>", "0", "-1", "true", "false", "[]", "{}"),
    )
)
"""What is refused as an id (reference of /import, "properties.distinct_id")."""

HIDING = ("bucket", "$bucket", "$ignore")
"""Properties that hide what an event holds, or drop it (wire-facts, §8)."""

MAX_INSERT_ID = 36

_INSERT_ID = re.compile(r"[A-Za-z0-9-]+")


def identity_rules(case: Case, at: str, properties: dict[str, Any]) -> Iterator[Raw]:
    """The findings on the ids of an event, whose properties are at `at`."""
    if "distinct-id.refused" not in case.book.severities:
        return  # an era without these rules: they need not be asked for every event
    yield from id_rules(at, properties)
    for name in HIDING:
        if name in properties:
            place = f"{at}/{escape_pointer(name)}"
            what = "drops its event" if name == "$ignore" else "hides what an event holds"
            message = f"{name} {what} without a word, though the answer is 1"
            mend = fix("Remove it", RemoveMember(place))
            yield Raw("property.hiding", place, message, fix=mend)


def id_rules(at: str, properties: dict[str, Any]) -> Iterator[Raw]:
    """The findings on the ids that there are."""
    if "distinct_id" in properties:
        yield from _distinct_id(f"{at}/distinct_id", properties["distinct_id"])
    if "$insert_id" in properties:
        yield from _insert_id(f"{at}/$insert_id", properties["$insert_id"])


def _distinct_id(at: str, value: Any) -> Iterator[Raw]:
    if _text(value) in NOBODY:
        message = f"distinct_id is {short(_text(value))}, which names nobody"
        mend = fix("Say that it was nobody", SetMember(at, '""'))
        yield Raw("distinct-id.refused", at, message, fix=mend)


def _insert_id(at: str, value: Any) -> Iterator[Raw]:
    if not isinstance(value, str):
        message = "$insert_id is no string"
    elif len(value) > MAX_INSERT_ID:
        message = f"$insert_id has {len(value)} characters, more than {MAX_INSERT_ID}"
    elif not _INSERT_ID.fullmatch(value):
        message = f"$insert_id is “{short(value)}”: only letters, digits and hyphens are expected"
    elif value in NOBODY:
        message = f"$insert_id is {value}, which tells no event from another"
    else:
        return
    yield Raw("insert-id.form", at, message)


def _text(value: Any) -> str:
    """A value as text; of a list or an object only whether it is empty matters."""
    if isinstance(value, str):
        return value
    return "…" if isinstance(value, (list, dict)) and value else dumps(value)
