"""The error texts of the answers, as the service of an era words them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trackscope.wire.era import Era
from trackscope.wire.finding import Finding

FAILED = "some data points in the request failed validation"
"""The text of an answer by record of which some failed (wire-facts, §6)."""

_MISSING: Mapping[str, str] = {
    "data.missing": "data",
    "event.name-missing": "event",
    "event.name-blank": "event",
    "properties.missing": "properties",
    "token.missing": "token",
    "profile.token": "$token",
}
"""What is called missing or empty, for each rule that asks for it to be there."""

_BASE64 = frozenset({"data.alphabet", "data.url-safe", "data.padding", "data.nested"})

_SECONDS = "must be specified as seconds since epoch"

_FIELDS: Mapping[str, str] = {
    "token.missing": "properties.token",
    "time.missing": "properties.time",
    "distinct-id.missing": "properties.distinct_id",
    "insert-id.missing": "properties.$insert_id",
    "event.name-missing": "event",
    "event.name-blank": "event",
    "properties.missing": "properties",
    "profile.token": "$token",
}
"""The fields that must not be missing or blank, for each rule that asks for one."""

_REASONS: Mapping[str, str] = {
    "time.type": _SECONDS,
    "time.missing": _SECONDS,
    "time.milliseconds": _SECONDS,
    "insert-id.form": "must only contain alphanumeric or hyphen '-' characters",
}
"""Reasons that were seen (wire-facts, §6); all others are the sentences of the findings."""

_OWNER = re.compile(r"\$(?:distinct_id|group_key|group_id)")


def error_text(finding: Finding, era: Era) -> str:
    """What `verbose` says is wrong; for an era without texts of its own the finding's sentence.

    >>> from trackscope.wire.era import ERAS
    >>> from trackscope.wire.finding import Severity
    >>> missing = Finding("token.missing", Severity.ERROR, "/0", "the event has no token")
    >>> error_text(missing, ERAS["classic"]), error_text(missing, ERAS["2011"])
    ('token, missing or empty', 'the event has no token')
    """
    if not era.has_own_texts:
        return finding.message
    if finding.rule in ("event.name-missing", "event.name-blank") and era.validates:
        return "'event' must not be missing or blank"
    if finding.rule == "profile.owner":
        return f"{_owner(finding)}, missing or empty"
    if finding.rule in _BASE64:
        return "data, invalid base64 encoding"
    missing = _MISSING.get(finding.rule)
    return f"{missing}, missing or empty" if missing else finding.message


def record_error(finding: Finding) -> tuple[str, str]:
    """The field and the message with which an answer by record says what is wrong.

    >>> from trackscope.wire.finding import Severity
    >>> record_error(Finding("time.type", Severity.ERROR, "/7/properties/time", "time is null"))
    ('properties.time', "'properties.time' is invalid: must be specified as seconds since epoch")
    """
    is_owner = finding.rule == "profile.owner"
    missing = _owner(finding) if is_owner else _FIELDS.get(finding.rule)
    field = missing or ".".join(finding.at.split("/")[2:])
    reason = _REASONS.get(finding.rule)
    if missing and not reason:
        return field, f"'{field}' must not be missing or blank"
    reason = reason or finding.message
    return field, f"'{field}' is invalid: {reason}" if field else reason


def _owner(finding: Finding) -> str:
    """The key that a profile or group lacks, which its sentence begins with."""
    found = _OWNER.match(finding.message)
    return found.group() if found else "$distinct_id"
