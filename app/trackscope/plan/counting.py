"""Holds expectations against a run that take no memory: of how many events, and of properties."""

from __future__ import annotations

from trackscope.plan.expectation import Counting, Having, listed
from trackscope.plan.machine import Machine
from trackscope.plan.occurrence import Occurrence, Sighting, described, is_given


class Count(Machine):
    """How many events came, against how many should."""

    def __init__(self, expectation: Counting) -> None:
        super().__init__(expectation)
        self._expectation = expectation
        self._near: tuple[Sighting, str] | None = None

    def concerns(self, name: str) -> bool:
        return name in self._expectation.wanted.names

    def feed(self, occurrence: Occurrence) -> None:
        wanted, quantity = self._expectation.wanted, self._expectation.quantity
        objection = wanted.objection(occurrence)
        if objection:
            self._near = (occurrence.sighting, objection)
            return
        self._held += 1
        if quantity.most is not None and self._held > quantity.most:
            which = described(occurrence.sighting)
            sentence = f"{which} came"
            if quantity.most:
                sentence += f" as number {self._held:,}: expected {quantity.text}"
            self._break(sentence, occurrence.sighting)

    def close(self) -> None:
        count, quantity = self._held, self._expectation.quantity
        if count >= quantity.least:
            return
        came = f"{count:,} came" if count else "none came"
        sentence = f"expected {quantity.text} {self._expectation.wanted.text}, {came}"
        if self._near is None:
            self._break(sentence)
        else:
            sighting, objection = self._near
            self._break(f"{sentence}; in {described(sighting)} {objection}", sighting)

    @property
    def is_met(self) -> bool:
        return self._held in self._expectation.quantity


class Possession(Machine):
    """Whether events have the properties that each should have."""

    def __init__(self, expectation: Having) -> None:
        super().__init__(expectation)
        self._expectation = expectation

    def concerns(self, name: str) -> bool:
        return name in self._expectation.names

    def feed(self, occurrence: Occurrence) -> None:
        names = self._expectation.properties
        lacking = tuple(each for each in names if not is_given(occurrence.properties.get(each)))
        if lacking:
            sentence = f"{described(occurrence.sighting)} has no {listed(lacking)}"
            self._break(sentence, occurrence.sighting)
        else:
            self._held += 1
