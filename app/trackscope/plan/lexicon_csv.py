"""Reads the CSV file that Lexicon exports: a row for each event and for each property.

The columns are found by their names, of which there have been several spellings.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any, NamedTuple

from trackscope.errors import PlanError
from trackscope.plan.plan import PROFILE_NAME, Entity, Entry, Schema

_COLUMNS = {
    "kind": ("entitytype", "resourcetype", "entity", "kind"),
    "event": ("eventname", "event", "parententity", "parentevent"),
    "property": ("propertyname", "property"),
    "name": ("entityname", "name"),
    "type": ("propertytype", "datatype", "propertydatatype", "valuetype", "type"),
    "description": (
        "description", "entitydescription", "propertydescription", "eventdescription",
    ),
}  # fmt: skip

_TYPES: dict[str, Schema] = {
    "string": {"type": "string"},
    "text": {"type": "string"},
    "number": {"type": "number"},
    "numeric": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "bool": {"type": "boolean"},
    "date": {"type": "string"},
    "datetime": {"type": "string"},
    "list": {"type": "array"},
    "array": {"type": "array"},
    "object": {"type": "object"},
    "listofobjects": {"type": "array", "items": {"type": "object"}},
}

_NOT_A_LETTER = re.compile(r"[^a-z]")


class _Row(NamedTuple):
    """The cells of a row that matter, empty where there are none."""

    kind: str
    event: str
    property: str
    name: str
    type: str
    description: str


def is_lexicon_csv(text: str) -> bool:
    """Whether a text begins with the header of such a file."""
    head = text[:4096].lstrip()
    if head[:1] in ("{", "[") or "," not in head.partition("\n")[0]:
        return False
    try:
        columns = _columns(next(csv.reader(StringIO(head)), []))
    except csv.Error:
        return False
    return "event" in columns or ("name" in columns and "kind" in columns)


def read_lexicon_csv(text: str) -> tuple[Entry, ...]:
    """The entries of such a file: events with the properties listed for them, and the profile.

    PlanError with the line where it is no CSV. Rows of what no SDK sends are passed over.
    """
    found: dict[tuple[Entity, str], Schema] = {}
    event = ""
    for row in _rows(text):
        kind = _letters(row.kind)
        is_property = bool(row.property) or "propert" in kind
        is_other = kind and not is_property and "event" not in kind
        if is_other or kind == "customevent":
            continue
        if "profile" in kind or "user" in kind:
            schema = found.setdefault((Entity.PROFILE, PROFILE_NAME), {"properties": {}})
        else:
            event = row.event or ("" if is_property else row.name) or event
            if not event:
                continue
            schema = found.setdefault((Entity.EVENT, event), {"properties": {}})
        if is_property:
            schema["properties"][row.property or row.name] = _property(row)
        elif row.description:
            schema["description"] = row.description
    if not found:
        raise PlanError("This CSV names no event.", "Export events and properties from Lexicon.")
    return tuple(Entry(entity, name, schema) for (entity, name), schema in found.items())


def _rows(text: str) -> Iterator[_Row]:
    reader = csv.reader(StringIO(text))
    try:
        columns = _columns(next(reader, []))
        for cells in reader:
            values = [_cell(cells, columns.get(name)) for name in _Row._fields]
            if any(values):
                yield _Row(*values)
    except csv.Error as problem:
        raise PlanError(f"Line {reader.line_num}: {problem}.") from None


def _columns(header: list[str]) -> dict[str, int]:
    """The number of each column that is known, by our name for it."""
    names = [_letters(each) for each in header]
    return {
        ours: names.index(theirs)
        for ours, spellings in reversed(_COLUMNS.items())
        for theirs in reversed(spellings)
        if theirs in names
    }


def _cell(cells: list[str], column: int | None) -> str:
    return cells[column].strip() if column is not None and column < len(cells) else ""


def _letters(text: str) -> str:
    return _NOT_A_LETTER.sub("", text.lower())


def _property(row: _Row) -> Schema:
    schema: dict[str, Any] = dict(_TYPES.get(_letters(row.type), {}))
    if row.description:
        schema["description"] = row.description
    return schema
