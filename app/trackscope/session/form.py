"""The form's view of an event: typed rows, and what changing one of them does to the document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from trackscope.session.draft import Document
from trackscope.session.generator import Generator, Kind
from trackscope.wire.edit import AddMember, Edit, RemoveMember, RenameMember, SetMember
from trackscope.wire.json_text import dumps, escape_pointer, parse, quoted

_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)


class Type(StrEnum):
    """The type of a property's value; `date` is a text in ISO 8601."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "true/false"
    NULL = "null"
    LIST = "list"
    OBJECT = "object"
    DATE = "date"
    NOW = "now"
    AGO = "seconds ago"
    MOMENT = "moment"
    UUID = "uuid"
    COUNTER = "counter"
    CHOICE = "random choice"


VALUE_TYPES = (
    Type.TEXT,
    Type.NUMBER,
    Type.BOOLEAN,
    Type.NULL,
    Type.LIST,
    Type.OBJECT,
    Type.DATE,
    Type.NOW,
    Type.UUID,
    Type.COUNTER,
    Type.CHOICE,
)
"""What a property can be: the types of JSON, dates, and the generators."""

TIME_TYPES = (Type.NOW, Type.MOMENT, Type.AGO, Type.NUMBER, Type.TEXT)
"""What `time` can be; removing the row means none."""

_GENERATED = {
    Type.NOW: Kind.NOW,
    Type.AGO: Kind.AGO,
    Type.UUID: Kind.UUID,
    Type.COUNTER: Kind.COUNTER,
    Type.CHOICE: Kind.CHOICE,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One property: where it is, its name, its type, and its value as one edits it.

    `preview` is what a generator made last, or how a moment reads; empty otherwise.
    """

    pointer: str
    name: str
    type: Type
    text: str
    preview: str = ""


def rows(document: Document, index: int) -> tuple[Row, ...]:
    """The properties of an event in their order; none where the event has no readable ones."""
    properties = document.value_at(f"/{index}/properties")
    if not isinstance(properties, dict):
        return ()
    generators = dict(document.generators)
    at = f"/{index}/properties"
    return tuple(
        _row(f"{at}/{escape_pointer(name)}", name, value, generators)
        for name, value in properties.items()
    )


def _row(pointer: str, name: str, value: Any, generators: dict[str, Generator]) -> Row:
    generator = generators.get(pointer)
    if generator is not None:
        return Row(pointer, name, Type(generator.kind), generator.argument, _shown(value))
    if name == "time" and _is_number(value):
        return Row(pointer, name, Type.MOMENT, moment_text(value) or dumps(value), dumps(value))
    return Row(pointer, name, type_of(value), _shown(value))


def type_of(value: Any) -> Type:
    """The type that a value shows as."""
    if isinstance(value, str):
        return Type.DATE if _DATE.fullmatch(value) else Type.TEXT
    if isinstance(value, bool):
        return Type.BOOLEAN
    if value is None:
        return Type.NULL
    if isinstance(value, list):
        return Type.LIST
    return Type.OBJECT if isinstance(value, dict) else Type.NUMBER


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else dumps(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def moment_text(seconds: float) -> str | None:
    """Seconds since 1970 as `2011-11-23 14:00:00` in UTC; None outside the calendar."""
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return moment.strftime("%Y-%m-%d %H:%M:%S") if float(seconds).is_integer() else None


def with_name(document: Document, index: int, name: str) -> Document:
    """The document with another name for the event."""
    event = document.value_at(f"/{index}")
    if isinstance(event, dict) and "event" not in event:
        return document.with_edits(AddMember(f"/{index}", "event", quoted(name)))
    return document.with_edits(SetMember(f"/{index}/event", quoted(name)))


def with_value(document: Document, row: Row, text: str) -> Document:
    """The document after the row's value was edited to this text."""
    return with_typed(document, row, row.type, text)


def with_typed(document: Document, row: Row, type_: Type, text: str) -> Document:
    """The document with this type and text for the row, the value read as that type.

    A text that does not fit the type stays as it is typed: as text, where the type is one of
    JSON's (the findings then say what is wrong with it).
    """
    kind = _GENERATED.get(type_)
    if kind is not None:
        return document.with_generator(row.pointer, Generator(kind, text))
    document = document.with_generator(row.pointer, None)
    return document.with_edits(SetMember(row.pointer, json_of(type_, text)))


def json_of(type_: Type, text: str) -> str:
    """The JSON text for what was typed as a value of a type; a string where it does not fit."""
    match type_:
        case Type.NULL:
            return "null"
        case Type.BOOLEAN:
            return "true" if text.strip().lower() in ("true", "1", "yes") else "false"
        case Type.MOMENT:
            return _seconds_of(text)
        case Type.NUMBER | Type.LIST | Type.OBJECT:
            parsed = parse(text)
            fits = parsed.defect is None and type_of(parsed.value) is type_
            return text.strip() if fits else quoted(text)
        case _:
            return quoted(text)


def retyped(document: Document, row: Row, type_: Type) -> Document:
    """The document with another type for the row, its present value kept as well as it can be."""
    return with_typed(document, row, type_, converted(type_, row.preview or row.text))


def converted(type_: Type, text: str) -> str:
    """The text to begin with when a row's type is changed, keeping what it can."""
    match type_:
        case Type.AGO:
            return "0"
        case Type.NUMBER | Type.COUNTER:
            parsed = parse(text)
            return text if parsed.defect is None and _is_number(parsed.value) else "0"
        case Type.LIST:
            return text if text.lstrip().startswith("[") else f"[{quoted(text)}]" if text else "[]"
        case Type.OBJECT:
            return text if text.lstrip().startswith("{") else "{}"
        case Type.NULL | Type.NOW | Type.UUID:
            return ""
        case _:
            return text


def _seconds_of(text: str) -> str:
    """Seconds for a date and time in UTC; a number stays; other text becomes a string."""
    parsed = parse(text)
    if parsed.defect is None and _is_number(parsed.value):
        return text.strip()
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return quoted(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return str(int(moment.timestamp()))


def with_property(document: Document, index: int, name: str, json_value: str = '""') -> Document:
    """The document with one more property at the end, under a name that is free."""
    at = f"/{index}/properties"
    properties = document.value_at(at)
    edits: list[Edit] = []
    if properties is None:
        edits.append(AddMember(f"/{index}", "properties", "{}"))
        properties = {}
    free, number = name, 1
    while free in properties:
        number += 1
        free = f"{name} {number}"
    return document.with_edits(*edits, AddMember(at, free, json_value))


def without_property(document: Document, row: Row) -> Document:
    """The document without the row's property."""
    return document.with_generator(row.pointer, None).with_edits(RemoveMember(row.pointer))


def with_property_name(document: Document, row: Row, name: str) -> Document:
    """The document with another name for the row's property; its generator moves along."""
    generator = document.generator_at(row.pointer)
    renamed = document.with_generator(row.pointer, None).with_edits(RenameMember(row.pointer, name))
    if generator is None:
        return renamed
    parent = row.pointer.rpartition("/")[0]
    return renamed.with_generator(f"{parent}/{escape_pointer(name)}", generator)
