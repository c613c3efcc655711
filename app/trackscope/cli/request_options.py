"""The options that say where a request goes and with which parameters, for every command."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from urllib.parse import urlsplit

from trackscope.cli.output import shown
from trackscope.errors import UsageError
from trackscope.session.target import ENDPOINT, is_loopback
from trackscope.wire.editing import with_data, with_param
from trackscope.wire.request import FORM_TYPE, TrackRequest

FLAGS = {
    "ip": "use the sender's address",
    "img": "ask for a 1×1 pixel",
    "test": "use the queue for tests",
    "verbose": "ask for the reason as JSON",
}


def add_request_arguments(parser: ArgumentParser) -> None:
    """Add --method and the parameters of the protocol."""
    group = parser.add_argument_group("the request")
    group.add_argument("--method", choices=("GET", "POST"), default="GET", help="default: GET")
    for name, effect in FLAGS.items():
        group.add_argument(f"--{name}", action="store_true", help=f"{name}=1: {effect}")
    group.add_argument("--redirect", metavar="URL", help="redirect=URL: ask to be sent there")
    group.add_argument("--callback", metavar="NAME", help="callback=NAME: ask for JSONP")
    group.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="any other parameter, or another value of those above (repeatable)",
    )


def request_of(arguments: Namespace, url: str, data: str) -> TrackRequest:
    """The request to `url` with this value of `data` and the parameters that were asked for.

    They travel in the query, `data` by the method: in the query of a GET, in the form of a POST.
    """
    headers = (("Content-Type", FORM_TYPE),) if arguments.method == "POST" else ()
    request = with_data(TrackRequest(arguments.method, url, headers), data)
    for name, value in _parameters(arguments):
        request = with_param(request, name, value)
    return request


def _parameters(arguments: Namespace) -> list[tuple[str, str]]:
    found = [(name, "1") for name in FLAGS if getattr(arguments, name)]
    for name in ("redirect", "callback"):
        value = getattr(arguments, name)
        if value is not None:
            found.append((name, value))
    for each in arguments.param:
        found.append(pair(each, "--param"))
    return found


def pair(text: str, option: str) -> tuple[str, str]:
    """The two sides of NAME=VALUE; UsageError without a name or a `=`."""
    name, mark, value = text.partition("=")
    if not mark or not name:
        raise UsageError(f"{option} {shown(text)} is not NAME=VALUE.")
    return name, value


def endpoint(text: str) -> str:
    """The URL of `--to`: with a path as it is, a bare host with `/track/`.

    Without a scheme it is http for this machine and https for every other.

    >>> endpoint("localhost:8700"), endpoint("https://h.io/collect")
    ('http://localhost:8700/track/', 'https://h.io/collect')
    """
    url = text if "://" in text else f"//{text}"
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises ValueError for a port that is none)
        is_usable = bool(parts.hostname) and parts.scheme in ("", "http", "https")
    except ValueError:
        is_usable = False
    if not is_usable:
        advice = "Give a host, as in api.mixpanel.com, or a URL with http:// or https://."
        raise UsageError(f"{shown(text)} is nothing to send to.", advice)
    if not parts.scheme:
        url = f"{'http' if is_loopback(f'http:{url}') else 'https'}:{url}"
    if parts.path in ("", "/"):
        head, mark, query = url.partition("?")
        url = f"{head.rstrip('/')}{ENDPOINT}{mark}{query}"
    return url
