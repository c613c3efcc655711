"""Says which proxy of the environment a request goes through: none for this machine itself."""

from __future__ import annotations

from trackscope.errors import BadTargetError, ConnectError
from trackscope.sender.outgoing import Address, address_of

_NEXT_STEP = "Correct or unset HTTP_PROXY, HTTPS_PROXY and ALL_PROXY, or name the host in NO_PROXY."


def proxy_for(url: str) -> str | None:
    """The proxy that a request to `url` goes through, as shown to people: without its password.

    None: the request goes straight to the server. ConnectError where the environment names a
    proxy that cannot be one.
    """
    try:
        proxy = proxy_url(address_of(url))
    except BadTargetError:
        return None
    return None if proxy is None else shown(proxy)


def proxy_url(address: Address) -> str | None:
    """The proxy's URL from the environment (or the system's settings), its password included."""
    if address.is_loopback:  # an event for the collector next door must not leave the machine
        return None
    # urllib.request loads http.client and email: not for every start of the program
    from urllib.request import (  # type: ignore[attr-defined]  # typeshed forgets it
        getproxies,
        proxy_bypass_environment,
    )

    found = getproxies()
    url = found.get(address.scheme) or found.get("all")
    # not proxy_bypass, which looks names up on Windows and so would block the window
    if not url or proxy_bypass_environment(address.server, found):
        return None
    if "://" not in url:
        url = f"http://{url}"
    _check(url)
    return url


def shown(proxy: str) -> str:
    """A proxy's URL without user name and password."""
    return address_of(proxy).scheme + "://" + address_of(proxy).server


def _check(url: str) -> None:
    scheme = url.partition("://")[0].lower()
    if scheme.startswith("socks"):
        raise ConnectError(
            "The environment names a SOCKS proxy, which is not supported.", _NEXT_STEP
        )
    try:
        address_of(url)
    except BadTargetError as error:
        raise ConnectError(
            f"The environment names a proxy that cannot be one. {error.message}", _NEXT_STEP
        ) from None
