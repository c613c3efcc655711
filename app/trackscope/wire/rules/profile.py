"""Rules on profiles and groups: what `/engage` and `/groups` need of each record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trackscope.wire.edit import RemoveMember, RenameMember
from trackscope.wire.endpoint import OPERATIONS, Kind
from trackscope.wire.finding import Face, Place
from trackscope.wire.json_text import escape_pointer
from trackscope.wire.rules.case import Case, Raw, fix
from trackscope.wire.shown import short

_NEEDED = {
    Kind.PROFILES: ("$distinct_id",),
    Kind.GROUPS: ("$group_key", "$group_id"),
}
"""The keys that say whose record it is (wire-facts, §2)."""

_EXPECTED: Mapping[str, tuple[tuple[type, ...], str]] = {
    "$add": ((int, float), "number"),
    "$union": ((list,), "list"),
}
"""What every value within an operation has to be."""


def profile_rules(case: Case, kind: Kind) -> Iterator[Raw]:
    """The findings on every profile or group of the payload, and on their number."""
    records = case.decoded.events or ()
    limit = case.book.era.batch_limit
    if len(records) > limit:
        message = f"the batch holds {len(records)} {kind}, more than {limit}"
        yield Raw("batch.size", "", message, Place(Face.JSON, 0))
    for index, record in enumerate(records):
        at = f"/{index}"
        if isinstance(record, dict):
            yield from _record(at, record, kind)
        else:
            yield Raw("json.shape", at, f"an object is expected here: one of {kind}")


def _record(at: str, record: dict[str, Any], kind: Kind) -> Iterator[Raw]:
    token = record.get("$token")
    if not isinstance(token, str) or not token:
        mend = None
        if "$token" not in record and isinstance(record.get("token"), str):
            mend = fix("Rename token to $token", RenameMember(f"{at}/token", "$token"))
        yield Raw(
            "profile.token", at, "$token is missing or empty: no project to keep it", fix=mend
        )
    for key in _NEEDED[kind]:
        if record.get(key) in (None, ""):
            yield Raw("profile.owner", at, f"{key} is missing or empty: nobody to keep it for")
    if kind is Kind.GROUPS and "$distinct_id" in record:
        place = f"{at}/$distinct_id"
        mend = fix("Remove it", RemoveMember(place))
        yield Raw("profile.stranger", place, "a group has no $distinct_id, a user has", fix=mend)
    done = [key for key in record if key in OPERATIONS]
    if len(done) != 1:
        what = f"{' and '.join(done)} at once" if done else "nothing to do"
        yield Raw("profile.operation", at, f"{what}: one of {', '.join(OPERATIONS)} is expected")
    for name in done:
        yield from _operand(f"{at}/{name}", name, record[name])


def _operand(at: str, name: str, operand: Any) -> Iterator[Raw]:
    """What an operation may be given: the type, and of some also that of each value in it."""
    if name == "$delete":  # whatever it is given is not looked at
        return
    if name == "$unset":
        if not isinstance(operand, list) or not all(isinstance(each, str) for each in operand):
            yield Raw("profile.operand", at, "$unset takes a list of the names of properties")
        return
    if not isinstance(operand, dict):
        yield Raw("profile.operand", at, f"{name} takes an object of properties")
        return
    expected = _EXPECTED.get(name)
    if expected is None:
        return
    types, noun = expected
    for key, value in operand.items():
        if not isinstance(value, types) or isinstance(value, bool):
            message = f"{name} is given {short(key)}, which is no {noun}"
            yield Raw("profile.operand", f"{at}/{escape_pointer(key)}", message)
