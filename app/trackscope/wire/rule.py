"""A rule as data: what it asks for, on which text it rests in each era, and how severe it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from trackscope.wire.finding import Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

ERA_NAMES = ("2011", "classic", "current")
"""The eras in their order."""


class Basis(NamedTuple):
    """What a rule rests on in an era: a sentence or what was seen, and how severe it is.

    `strict` is the severity of a strict rule book; None where that is no other.
    """

    source: str
    lenient: Severity
    strict: Severity | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One check: its id, what it asks for, and a case it finds.

    `bases` gives for each era that has the rule what it rests on there.
    """

    id: str
    title: str
    example: str
    bases: Mapping[str, Basis]

    @property
    def source(self) -> str:
        """What the rule rests on in the first era that has it."""
        return next(iter(self.bases.values())).source

    def source_in(self, era: str) -> str:
        """What the rule rests on in an era; in the first that has it where that era has not."""
        basis = self.bases.get(era)
        return basis.source if basis else self.source

    def severity(self, era: str, *, strict: bool) -> Severity | None:
        """How severe the rule is in an era; None where the era does not have it."""
        basis = self.bases.get(era)
        if basis is None:
            return None
        return (basis.strict or basis.lenient) if strict else basis.lenient


def rule(
    id_: str,
    title: str,
    example: str,
    first: Basis | None,
    *,
    classic: Basis | str | None = "",
    current: Basis | str | None = "",
) -> Rule:
    """A row of the rule table, for this package's tables and for tables beside it.

    `first` is the basis in the era 2011. For each later era: another basis, only another source
    (with the severities of the era before), nothing (all as in the era before), or None where the
    era does not have the rule.

    >>> rule("a.b", "As is", "x", Basis("a text", NOTE), current=None).bases.keys()
    dict_keys(['2011', 'classic'])
    >>> rule("a.b", "As is", "x", Basis("a text", NOTE), classic="another").source_in("current")
    'another'
    """
    bases: dict[str, Basis] = {}
    before: Basis | None = None
    for era, given in zip(ERA_NAMES, (first, classic, current), strict=True):
        if isinstance(given, str):
            basis = before._replace(source=given or before.source) if before else None
        else:
            basis = given
        if basis is not None:
            bases[era] = basis
        before = basis
    return Rule(id_, title, example, MappingProxyType(bases))
