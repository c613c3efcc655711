"""Small edits of a request, as data: what a fix does, and what the form does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetParam:
    """Give the parameter this value (every repeat becomes one); `None` removes it."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class SetData:
    """Replace the value of `data` by this text, as it reads after form-decoding."""

    text: str


@dataclass(frozen=True, slots=True)
class SetTransport:
    """Let the payload travel another way, for example `form-base64`."""

    transport: str


@dataclass(frozen=True, slots=True)
class SetPayload:
    """Replace the payload by this JSON text, encoded cleanly in the request's transport."""

    json_text: str


@dataclass(frozen=True, slots=True)
class SetMember:
    """Replace the value at the pointer by this JSON text; the rest keeps its formatting.

    Pointers lead into the list of events, as in `Finding`; of a repeated key the last counts.
    """

    pointer: str
    json_text: str


@dataclass(frozen=True, slots=True)
class AddMember:
    """Add a member at the end of the object at the pointer."""

    pointer: str
    key: str
    json_text: str


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """Remove the member or element at the pointer and its repeats, with their commas."""

    pointer: str


@dataclass(frozen=True, slots=True)
class RenameMember:
    """Give the member at the pointer, and its repeats, another key."""

    pointer: str
    key: str


@dataclass(frozen=True, slots=True)
class RemoveRepeats:
    """Remove each member whose key is repeated later in the same object: the last one counts."""


@dataclass(frozen=True, slots=True)
class WriteAsText:
    """Turn those members of the object at the pointer that are no strings into strings."""

    pointer: str
    keys: tuple[str, ...]


Edit = (
    SetParam
    | SetData
    | SetTransport
    | SetPayload
    | SetMember
    | AddMember
    | RemoveMember
    | RenameMember
    | RemoveRepeats
    | WriteAsText
)
