"""The rules on profiles and groups: `profile.*`."""

from __future__ import annotations

from trackscope.wire.rule import ERROR, WARNING, Basis, rule

_PROFILE = "the service's reference of /engage and /groups; the 2011 text has only /track"
_HTTP_TOKEN = "documented: $token is required (HTTP reference, /engage)"
_HTTP_OWNER = "reported: the service's answer “distinct_id, missing or empty”"
_HTTP_OPERATION = "documented: each update has one operation (HTTP reference, /engage)"
_NOW_TOKEN = "“required: $token” (OpenAPI, /engage and /groups)"
_NOW_OWNER = "“required: $distinct_id”, “$group_key, $group_id” (OpenAPI, /engage and /groups)"
_NOW_OPERATION = "“a $token, $distinct_id, and $set operation object” (OpenAPI, /engage)"
_NOW_VALUES = "“a JSON object containing keys and numerical values” and the like (OpenAPI, /engage)"
_NOW_STRANGER = "reported: /groups refuses a record with $distinct_id (mixpanel-swift #539)"

PROFILE_RULES = (
    rule(
        "profile.token",
        "A profile or group names its project's token",
        '/engage with {"$set": {…}}',
        Basis(_PROFILE, ERROR),
        classic=_HTTP_TOKEN,
        current=_NOW_TOKEN,
    ),
    rule(
        "profile.owner",
        "A profile says whose it is, a group which",
        "/engage without $distinct_id",
        Basis(_PROFILE, ERROR),
        classic=_HTTP_OWNER,
        current=_NOW_OWNER,
    ),
    rule(
        "profile.stranger",
        "A group is no user's",
        "/groups with $distinct_id",
        Basis(_PROFILE, ERROR),
        classic=_NOW_STRANGER,
    ),
    rule(
        "profile.operation",
        "One thing is done to a profile or group",
        "/engage without $set, $add, …",
        Basis(_PROFILE, ERROR),
        classic=_HTTP_OPERATION,
        current=_NOW_OPERATION,
    ),
    rule(
        "profile.operand",
        "An operation is given what it works on",
        '"$add": {"visits": "one"}',
        Basis(_PROFILE, WARNING),
        classic="documented: what each operation takes (HTTP reference, /engage)",
        current=_NOW_VALUES,
    ),
)
