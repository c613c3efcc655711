"""The eras, as data: what the service of a time accepted, and how it answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from trackscope.wire.finding import Severity
from trackscope.wire.rule import Rule
from trackscope.wire.rule_table import TABLE

HOUR_S = 3600
DAY_S = 24 * HOUR_S

RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in TABLE})
"""Every rule by its id, in the order in which they are listed."""

_OWN_NAMES = frozenset(
    {"mp_country_code", "mp_lib", "mp_processing_time_ms", "mp_sent_by_lib_version"}
)
"""Reserved properties that the later SDKs send, or the service adds (wire-facts, §8)."""


@dataclass(frozen=True, slots=True)
class Era:
    """A rule book's numbers and customs: what the service of a time accepted, how it answered.

    Where they come from stands in `docs/guide/eras.md`.
    """

    name: str
    title: str
    window_s: int
    """How old an event may be on arrival."""
    future_s: int = 0
    """How far ahead a time may be before it counts as in the future."""
    oldest_import: float | None = None
    """The first time that /import takes (seconds since 1970); None where no text names one."""
    milliseconds_from: float = 1e11
    """A time of this size and more is taken for milliseconds."""
    takes_milliseconds: bool = False
    batch_limit: int = 50
    property_limit: int = 255
    name_limit: int = 255
    nesting_limit: int = 3
    event_limit: int = 1_000_000
    """Bytes of one event's JSON."""
    url_limit: int = 8_190
    """Characters of a URL that common servers and proxies read."""
    more_params: frozenset[str] = frozenset()
    """Parameters beside those of 2011."""
    takes_parts: bool = False
    """Whether the good records of a request are logged although others of it are bad."""
    validates: bool = False
    """Whether `strict=1` asks for a strict judgement and an answer that says it by record."""
    has_own_texts: bool = True
    """Whether the answers' error texts are known; else they are the sentences of the findings."""
    has_png_pixel: bool = False
    """Whether the answer to `img=1` is a PNG, not a GIF."""
    prefixed: frozenset[str] = frozenset({"mp_name_tag"}) | _OWN_NAMES
    """Properties that may begin with `mp_`: the service's own."""
    drops_prefixed: bool = False
    """Whether other properties that begin with `mp_` are not stored."""
    locates_by_address: bool = False
    """Whether an address is for locating: `ip=1` leaves the property alone and puts but a hash for
    a user without a name, and an `ip` of 0 asks for no location."""


ERAS: Mapping[str, Era] = MappingProxyType(
    {
        "2011": Era(
            "2011",
            "the specification of November 2011",
            window_s=48 * HOUR_S,
            has_own_texts=False,
            prefixed=frozenset({"mp_name_tag"}),
            drops_prefixed=True,
        ),
        "classic": Era(
            "classic",
            "the HTTP reference of 2013 to 2018",
            window_s=5 * DAY_S,
            more_params=frozenset({"api_key"}),
        ),
        "current": Era(
            "current",
            "the service's reference of today",
            window_s=5 * DAY_S,
            future_s=HOUR_S,
            oldest_import=365 * DAY_S,
            takes_milliseconds=True,
            batch_limit=2_000,
            more_params=frozenset({"api_key", "project_id", "strict"}),
            takes_parts=True,
            validates=True,
            has_png_pixel=True,
            locates_by_address=True,
        ),
    }
)


def era_named(name: str) -> Era:
    """The era of that name; 2011 for one that there is not, as another program may have written."""
    return ERAS.get(name, ERAS["2011"])


@dataclass(frozen=True, slots=True)
class RuleBook:
    """An era made strict or not: the severity of each rule it has, and the era's numbers.

    `errors` are the rules that make a verdict 0.
    """

    era: Era
    is_strict: bool
    severities: Mapping[str, Severity]
    errors: frozenset[str]


@cache
def rule_book(era: str = "2011", strict: bool = False) -> RuleBook:
    """The rule book of an era; KeyError for an era that there is not."""
    numbers = ERAS[era]
    found = ((rule.id, rule.severity(era, strict=strict)) for rule in RULES.values())
    severities = {id_: severity for id_, severity in found if severity is not None}
    errors = frozenset(id_ for id_, severity in severities.items() if severity is Severity.ERROR)
    return RuleBook(numbers, strict, MappingProxyType(severities), errors)
