"""Hides tokens and secrets in what is shared or exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

SECRET_KEYS = frozenset(("token", "$token", "api_key", "api_secret", "secret", "password", "sig"))
"""Properties and parameters whose values are not for others' eyes, in lower case."""

SECRET_HEADERS = frozenset(("authorization", "cookie", "proxy-authorization", "set-cookie"))

MIN_LENGTH = 6
"""Characters from which a secret is recognised where it stands within another text."""


def mask(secret: str) -> str:
    """A secret as others may see it: its first 4 and last 2 characters, or none of a short one.

    >>> mask("e3bc4100330c35722740fb8c6f5abddc"), mask("short")
    ('e3bc…dc', '…')
    """
    return f"{secret[:4]}…{secret[-2:]}" if len(secret) > 12 else "…"


def masked(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line of `trackscope.session.lines` with its secrets masked.

    A secret is masked where it stands by its key or header, and wherever its text comes again:
    in a redirect's URL, in a message, in the body of an answer.
    """
    found = {secret for secret in _secrets(line) if len(secret) >= MIN_LENGTH}
    longest_first = sorted(found, key=len, reverse=True)
    return {key: _hidden(value, longest_first) for key, value in line.items()}


def _secrets(value: Any) -> Iterator[str]:
    """Every text that stands by the key of a secret or in the header of one."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, str):
                if key.lower() in SECRET_KEYS:
                    yield inner
            else:
                yield from _secrets(inner)
    elif isinstance(value, list):
        if _is_secret_header(value):
            yield value[1]
        for inner in value:
            yield from _secrets(inner)


def _is_secret_header(value: list[Any]) -> bool:
    return (
        len(value) == 2
        and all(isinstance(each, str) for each in value)
        and value[0].lower() in SECRET_HEADERS
    )


def _hidden(value: Any, secrets: list[str]) -> Any:
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, mask(secret))
        return value
    if isinstance(value, Mapping):
        return {key: _hidden_member(key, inner, secrets) for key, inner in value.items()}
    if isinstance(value, list):
        if _is_secret_header(value):
            return [value[0], mask(value[1])]
        return [_hidden(inner, secrets) for inner in value]
    return value


def _hidden_member(key: str, value: Any, secrets: list[str]) -> Any:
    is_secret = key.lower() in SECRET_KEYS and value is not None
    if is_secret and not isinstance(value, (Mapping, list)):
        return mask(str(value))
    return _hidden(value, secrets)
