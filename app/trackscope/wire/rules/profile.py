"""Rules on profiles and groups: what `/engage` and `/groups` need of each record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trackscope.wire.edit import RenameMember
from trackscope.wire.endpoint import OPERATIONS, Kind
from trackscope.wire.finding import Face, Place
from trackscope.wire.rules.case import Case, Raw, fix

_NEEDED = {
    Kind.PROFILES: ("$distinct_id",),
    Kind.GROUPS: ("$group_key", "$group_id"),
}
"""The keys that say whose record it is (wire-facts, §2)."""


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
    done = [key for key in record if key in OPERATIONS]
    if len(done) != 1:
        what = f"{' and '.join(done)} at once" if done else "nothing to do"
        yield Raw("profile.operation", at, f"{what}: one of {', '.join(OPERATIONS)} is expected")
