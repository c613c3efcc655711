"""The paths that SDKs ask for: where exchanges are received, and what else is answered politely."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One of the service's endpoints.

    `constant` is the JSON that is always answered there: nothing is judged and nothing is stored.
    None: what comes is received as an exchange.
    """

    name: str
    constant: bytes | None = None

    @property
    def is_receiving(self) -> bool:
        """Whether what comes is judged and stored."""
        return self.constant is None


_ENDPOINTS = (
    Endpoint("track"),
    Endpoint("engage"),
    Endpoint("groups"),
    Endpoint("import"),
    Endpoint("people"),  # where mixpanel-python 2.0.0 posts profiles (sdk-facts, "Paths")
    # mixpanel-browser to 2.44, and the mobile SDKs of that time, wait for this before they show
    # messages; all of these lists empty is "nothing to show"
    Endpoint(
        "decide",
        b'{"notifications":[],"surveys":[],"variants":[],"event_bindings":[],"config":{}}',
    ),
    # mixpanel-browser takes an answer without "flags" for an error
    Endpoint("flags", b'{"flags":{}}'),
    # the server SDKs read a list, for flags that they evaluate themselves
    Endpoint("flags/definitions", b'{"flags":[]}'),
    # a "config" with nothing in it makes mixpanel-browser complain, none does not
    Endpoint("settings", b'{"sdk_config":{}}'),
    # mixpanel-browser's recorder parses the answer as JSON, whatever it says
    Endpoint("record", b'{"code":200,"status":"OK"}'),
)

_BY_NAME: Mapping[str, Endpoint] = MappingProxyType({each.name: each for each in _ENDPOINTS})
_BY_PATH: Mapping[str, Endpoint] = MappingProxyType(
    {f"/{name}{slash}": each for name, each in _BY_NAME.items() for slash in ("", "/")}
)

_BEHIND_PREFIX = re.compile(rf"(?:/[^/]++)+?/({'|'.join(_BY_NAME)})/?")


def endpoint_at(path: str) -> Endpoint | None:
    """The endpoint at a path, with or without a trailing slash, also behind a proxy's prefix.

    >>> endpoint_at("/mp-proxy/track/").name, endpoint_at("/trackk")
    ('track', None)
    """
    found = _BY_PATH.get(path)
    if found is None and (match := _BEHIND_PREFIX.fullmatch(path)):
        found = _BY_NAME[match[1]]
    return found
