"""A tracking plan: entries that say by a JSON Schema which properties an event has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Schema = dict[str, Any]
"""A JSON Schema of the properties of an event, profile or group."""

PROFILE_NAME = "$user"
"""What the only profile entry of a plan is called, as in Lexicon's schemas."""

IMPLICIT = re.compile(
    r"^(?:[$]|mp_)|^(?:token|time|distinct_id|ip|utm_(?:source|medium|campaign|content|term|id))$"
)
"""Properties that SDKs and the service add unasked: none of them need be planned."""


class Entity(StrEnum):
    """What an entry describes."""

    EVENT = "event"
    PROFILE = "profile"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a plan (or the profile, or a group by its key) and the schema it has to meet."""

    entity: Entity
    name: str
    schema: Schema

    @property
    def properties(self) -> Mapping[str, Any]:
        """The schemas of the properties by name; empty where the schema names none."""
        found = self.schema.get("properties")
        return found if isinstance(found, dict) else {}

    @property
    def required(self) -> tuple[str, ...]:
        """The properties that have to be there, in the plan's order."""
        found = self.schema.get("required")
        return tuple(found) if isinstance(found, list) else ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as a file holds it.

    `name` is how it is called in sentences; `beside` is what else stands at the top of its file
    (expectations, a version), kept when the plan is written. `is_foreign` tells that the file is
    another tool's, in a form that is read and not written.
    """

    entries: tuple[Entry, ...] = ()
    name: str = "the plan"
    beside: Mapping[str, Any] = field(default_factory=dict)
    is_foreign: bool = False

    def of(self, entity: Entity) -> dict[str, Entry]:
        """The entries of one kind by their names, in the plan's order."""
        return {each.name: each for each in self.entries if each.entity is entity}

    @property
    def events(self) -> dict[str, Entry]:
        """The planned events by their names."""
        return self.of(Entity.EVENT)


def is_implicit(name: str) -> bool:
    """Whether a property, or an event, is one that SDKs send without being told to.

    >>> [is_implicit(name) for name in ("token", "$browser", "mp_lib", "amount", "times")]
    [True, True, True, False, False]
    """
    return IMPLICIT.search(name) is not None
