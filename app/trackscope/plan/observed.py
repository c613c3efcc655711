"""What was observed of a value: enough for a schema that accepts all that came."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs

from trackscope.plan.plan import Schema

MAX_OPTIONS = 10
"""Different texts that make an enumeration; with more it is any text."""

TIMES_EACH = 5
"""How often the texts of an enumeration came on average."""

MAX_OPTION = 60
"""Characters of a text in an enumeration."""

MAX_MEMBERS = 200
"""Properties that are learned one by one; an object with more may have any."""

MAX_LEVELS = 5
"""Levels of objects and lists that are looked into."""

FORMATS = ("date-time", "date", "uuid", "email", "uri", "ipv4")
"""Formats that are recognised, the narrowest first."""


class Observed:
    """All values that came at one place: their types, and what their texts and members were."""

    __slots__ = (
        "_element",
        "_formats",
        "_level",
        "_members",
        "_objects",
        "_texts",
        "count",
        "kinds",
    )

    def __init__(self, level: int = 0) -> None:
        self.count = 0
        self.kinds: dict[str, None] = {}
        self._level = level
        self._texts: set[str] | None = set()
        self._formats: tuple[str, ...] = FORMATS
        self._objects = 0
        self._members: dict[str, Observed] | None = {} if level < MAX_LEVELS else None
        self._element: Observed | None = None

    @property
    def members(self) -> dict[str, Observed]:
        """What was observed of each property of the objects; empty where there were too many."""
        return self._members or {}

    def add(self, value: Any) -> None:
        """Observe a value of JSON, without halves of emoji in it."""
        self.count += 1
        kind = kind_of(value)
        self.kinds[kind] = None
        if kind == "string":
            self._add_text(value)
        elif kind == "object":
            self._add_members(value)
        elif kind == "array" and self._level < MAX_LEVELS:
            if self._element is None:
                self._element = Observed(self._level + 1)
            for each in value:
                self._element.add(each)

    def schema(self) -> Schema:
        """A schema that accepts every value that was observed."""
        kinds = [each for each in self.kinds if each != "integer" or "number" not in self.kinds]
        schema: Schema = {"type": kinds[0] if len(kinds) == 1 else sorted(kinds)}
        if "string" in self.kinds:
            if self._formats:
                schema["format"] = self._formats[0]
            elif options := self.options():
                schema = {"enum": options}
        if self._element is not None and self._element.count:
            schema["items"] = self._element.schema()
        if "object" in self.kinds and self._members is not None:
            schema |= self._of_members(self._members)
        return schema

    def options(self) -> list[str]:
        """The texts, where nothing else came and they are few and come again; else none."""
        texts = self._texts or set()
        is_enough = len(texts) > 1 and self.count >= TIMES_EACH * len(texts)
        return sorted(texts) if is_enough and list(self.kinds) == ["string"] else []

    def _of_members(self, members: dict[str, Observed]) -> Schema:
        required = sorted(name for name, each in members.items() if each.count == self._objects)
        schema: Schema = {"properties": {name: members[name].schema() for name in sorted(members)}}
        if required:
            schema["required"] = required
        schema["additionalProperties"] = False
        return schema

    def _add_text(self, text: str) -> None:
        if self._formats:
            self._formats = tuple(each for each in self._formats if _has_format(text, each))
        texts = self._texts
        if texts is not None:
            texts.add(text[: MAX_OPTION + 1])
            if len(texts) > MAX_OPTIONS or len(text) > MAX_OPTION:
                self._texts = None

    def _add_members(self, value: dict[str, Any]) -> None:
        self._objects += 1
        members = self._members
        if members is None:
            return
        for name, inner in value.items():
            if name not in members:
                members[name] = Observed(self._level + 1)
            members[name].add(inner)
        if len(members) > MAX_MEMBERS:
            self._members = None


def kind_of(value: Any) -> str:
    """The type of JSON Schema that a value has.

    >>> [kind_of(value) for value in (True, 1, 1.5, "a", None)]
    ['boolean', 'integer', 'number', 'string', 'null']
    """
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "null")


def _has_format(text: str, name: str) -> bool:
    return _format(name).is_valid(text)


@cache
def _format(name: str) -> jsonschema_rs.Validator:
    """The validator's own idea of a format, so that it accepts what is learned."""
    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True, offline=True)


_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)
