"""The request that is being composed: one document, told to all its faces, with one undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from typing import Any

from trackscope.session.generator import Generator
from trackscope.session.signal import Signal
from trackscope.wire import json_text
from trackscope.wire.decoding import Decoded, decode
from trackscope.wire.edit import Edit, SetMember
from trackscope.wire.editing import apply_edits
from trackscope.wire.request import TrackRequest

UNDO_DEPTH = 500
"""Steps that can be undone."""

GROUP_PAUSE_S = 1.0
"""Edits of one face that follow each other faster than this are undone together."""

_ABSENT = object()

_KEPT = frozenset({"data.raw-json", "data.json-body"})
"""Repairs that writing a value does not make: JSON without Base64 stays that."""


@dataclass(frozen=True)
class Document:
    """A request as it would go out, and the values that are made anew for each send.

    `generators` pairs a pointer into the events with the generator of the value there.
    """

    request: TrackRequest
    generators: tuple[tuple[str, Generator], ...] = ()

    @cached_property
    def decoded(self) -> Decoded:
        """What the request carries, read once."""
        return decode(self.request)

    def value_at(self, pointer: str) -> Any:
        """The value at a pointer into the events, or `None` where nothing can be read there."""
        found = self._at(pointer)
        return None if found is _ABSENT else found

    def _at(self, pointer: str) -> Any:
        if self.decoded.events is None:
            return _ABSENT
        try:
            return json_text.resolve(list(self.decoded.events), pointer)
        except (LookupError, ValueError, TypeError):
            return _ABSENT

    def generator_at(self, pointer: str) -> Generator | None:
        """The generator of the value at the pointer."""
        return dict(self.generators).get(pointer)

    def with_generator(self, pointer: str, generator: Generator | None) -> Document:
        """The document with this generator (None: with none) for the value at the pointer."""
        kept = tuple(pair for pair in self.generators if pair[0] != pointer)
        added = () if generator is None else ((pointer, generator),)
        return replace(self, generators=kept + added)

    def with_edits(self, *edits: Edit) -> Document:
        """The document with its request edited; LookupError where a pointer leads nowhere."""
        return replace(self, request=apply_edits(self.request, edits))

    def filled(self, *, now: float, index: int, random: Random) -> Document:
        """The document with every generated value made anew."""
        if self._is_broken:
            return self
        edits = []
        for pointer, generator in self.generators:
            if self._at(pointer) is not _ABSENT:
                value = generator.value(now=now, index=index, random=random)
                edits.append(SetMember(pointer, json_text.dumps(value)))
        return self.with_edits(*edits) if edits else self

    @property
    def _is_broken(self) -> bool:
        """Whether the payload needs repairs to be read.

        Writing a value into it would encode it anew, and so mend what is to be sent broken.
        """
        return any(repair.rule not in _KEPT for repair in self.decoded.repairs)

    def keeping_generators_of(self, before: Document) -> Document:
        """Without the generators whose value is gone, or was changed by hand since `before`."""
        if self._is_broken:
            return replace(self, generators=())
        kept = tuple(
            pair for pair in self.generators if self._at(pair[0]) == before._at(pair[0]) != _ABSENT
        )
        return self if kept == self.generators else replace(self, generators=kept)


@dataclass(frozen=True, slots=True)
class Change:
    """One revision: what the document was, what it is, and which face made the edit."""

    before: Document
    after: Document
    origin: str
    revision: int


class Draft:
    """The document with its history. `changed` tells every edit exactly once.

    `clock` gives monotonic seconds; it only decides which edits are undone together.
    """

    def __init__(self, document: Document, clock: Callable[[], float]) -> None:
        self.changed: Signal[[Change]] = Signal()
        self._clock = clock
        self._document = document
        self._undo: list[Document] = []
        self._redo: list[Document] = []
        self._last_origin = ""
        self._last_at_s = 0.0
        self._revision = 0
        self._is_telling = False

    @property
    def document(self) -> Document:
        """The document as it is now."""
        return self._document

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to undo."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone edit to make again."""
        return bool(self._redo)

    def edit(self, document: Document | TrackRequest, origin: str, *, alone: bool = False) -> None:
        """Make this the document. An edit that changes nothing does nothing.

        `origin` names the face that made it, which is not rewritten. Edits of one origin in quick
        succession are one step to undo, unless one is to stand `alone`.
        """
        if isinstance(document, TrackRequest):
            document = replace(self._document, request=document)
            document = document.keeping_generators_of(self._document)
        if document == self._document:
            return
        now_s = self._clock()
        is_continued = (
            not alone and origin == self._last_origin and now_s - self._last_at_s < GROUP_PAUSE_S
        )
        if not is_continued or not self._undo:
            self._undo.append(self._document)
            del self._undo[:-UNDO_DEPTH]
        self._redo.clear()
        self._last_origin, self._last_at_s = ("", 0.0) if alone else (origin, now_s)
        self._become(document, origin)

    def replace_quietly(self, document: Document, origin: str) -> None:
        """Make this the document without a step of undo: generated values before a send."""
        if document != self._document:
            self._become(document, origin)

    def undo(self) -> None:
        """Go back one step, if there is one."""
        self._travel(self._undo, self._redo, "undo")

    def redo(self) -> None:
        """Make the step undone last again, if there is one."""
        self._travel(self._redo, self._undo, "redo")

    def _travel(self, source: list[Document], target: list[Document], origin: str) -> None:
        if source:
            document = source.pop()
            target.append(self._document)
            self._last_origin = ""
            self._become(document, origin)

    def _become(self, document: Document, origin: str) -> None:
        assert not self._is_telling, f"{origin} edits the draft while it is being told of a change"
        before, self._document = self._document, document
        self._revision += 1
        self._is_telling = True
        try:
            self.changed.emit(Change(before, document, origin, self._revision))
        finally:
            self._is_telling = False
