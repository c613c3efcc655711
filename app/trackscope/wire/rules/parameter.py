"""Rules on the parameters beside `data`, and on the URL."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from trackscope.wire.edit import SetParam, SetTransport
from trackscope.wire.endpoint import shows_credentials
from trackscope.wire.finding import Face, Place
from trackscope.wire.reply import is_callback, redirect_target
from trackscope.wire.request import Carrier, Param, chosen
from trackscope.wire.rules.case import Case, Raw, fix
from trackscope.wire.shown import short

FLAGS = ("ip", "img", "test", "verbose")
KNOWN = frozenset({"data", "redirect", "callback", "_", *FLAGS})
"""The specification's parameters, and the `_` that every JavaScript SDK adds against caches."""

ONCE = KNOWN - {"_"}
"""The parameters of which only the first counts."""

FLAG_VALUES = ("", "0", "1")
_YES = frozenset({"true", "yes", "on", "y", "t"})


def parameter_rules(case: Case) -> Iterator[Raw]:
    """The findings on each parameter in order, then on the URL's length."""
    if case.is_import:
        yield from _credentials(case)
    seen: dict[str, Param] = {}
    repeated: set[str] = set()
    for param in case.decoded.params:
        first = seen.setdefault(param.name, param)
        if first is not param:
            if param.name in ONCE and param.name not in repeated:
                repeated.add(param.name)
                yield _repeated(case, first, param)
        elif param.name not in KNOWN and param.name not in case.book.era.more_params:
            yield _unknown(case, param)
        elif param.name in FLAGS or param.name == "strict":
            yield from _flag(case, param)
    yield from _redirect(case)
    yield from _callback(case)
    limit, length = case.book.era.url_limit, len(case.request.url)
    if length > limit:
        message = f"the URL has {length:,} characters: many servers read {limit:,} at most"
        mend, data = None, chosen(case.decoded.params, "data")
        if data and data.carrier is Carrier.QUERY and length - (data.end - data.start) <= limit:
            mend = fix("Send as a POST form", SetTransport("form-base64"))
        yield Raw("url.length", "", message, Place(Face.URL, limit), mend)


def _credentials(case: Case) -> Iterator[Raw]:
    if not shows_credentials(case.request, case.decoded.value("api_key")):
        message = "nobody is named as importing: api_key or Authorization: Basic is expected"
        yield Raw("credentials.missing", "", message)


def _place(case: Case, param: Param) -> Place | None:
    if param.carrier is Carrier.QUERY:
        return Place(Face.URL, param.start)
    # Inside a compressed body nothing has a place that can be pointed at.
    return None if case.decoded.transport.endswith("-gzip") else Place(Face.BODY, param.start)


def _shown(text: str) -> str:
    return f"“{short(text)}”"


def _repeated(case: Case, first: Param, param: Param) -> Raw:
    where = "the query wins" if first.carrier is not param.carrier else "the first one counts"
    same = "" if first.value != param.value else ", with the same value"
    message = f"{param.name} stands twice{same}: {where}"
    mend = fix("Keep the one that counts", SetParam(param.name, first.value))
    return Raw("param.duplicate", f"?{param.name}", message, _place(case, param), mend)


def _unknown(case: Case, param: Param) -> Raw:
    message = f"{_shown(param.name)} is no parameter of the specification: it is ignored"
    mend = fix("Remove it", SetParam(param.name, None))
    lower = param.name.lower()
    if lower in KNOWN:
        message = f"{_shown(param.name)} is ignored: parameter names are lower case"
    if lower in KNOWN and _is_free(case, lower, param.value):
        mend = fix(f"Rename to {lower}", SetParam(param.name, None), SetParam(lower, param.value))
    return Raw("param.unknown", f"?{param.name}", message, _place(case, param), mend)


def _is_free(case: Case, name: str, value: str) -> bool:
    """Whether a request can be given the parameter without harm to what it has."""
    if name == "data" and case.decoded.transport.startswith(Carrier.BODY):
        return False  # it would be read instead of the body
    is_usable = name != "callback" or is_callback(value)
    return is_usable and chosen(case.decoded.params, name) is None


def _flag(case: Case, param: Param) -> Iterator[Raw]:
    if param.value in FLAG_VALUES:
        return
    wanted = "1" if param.value.strip().lower() in _YES else "0"
    message = f"{param.name} is {_shown(param.value)}, which counts as 0: 0 or 1 is expected"
    mend = fix(f"Set to {wanted}", SetParam(param.name, wanted))
    yield Raw("param.value", f"?{param.name}", message, _place(case, param), mend)


def _redirect(case: Case) -> Iterator[Raw]:
    param = chosen(case.decoded.params, "redirect")
    if param is None or not param.value:
        return
    if redirect_target(param.value) is not None:
        happens = "not redirected to" if case.book.is_strict else "redirected to all the same"
        message = f"redirect was taken out of the service: it is {happens}"
        mend = fix("Remove redirect", SetParam("redirect", None))
        yield Raw("redirect.removed", "?redirect", message, _place(case, param), mend)
        return
    message = (
        f"{_shown(param.value)} is not redirected to: an absolute http or https URL is expected"
    )
    mend = fix("Remove redirect", SetParam("redirect", None))
    guess = f"https://{param.value.strip().lstrip('/')}"
    if "." in param.value and ":" not in param.value and redirect_target(guess):
        host = urlsplit(guess).netloc
        mend = fix(f"Use https://{host}…", SetParam("redirect", guess))
    yield Raw("redirect.scheme", "?redirect", message, _place(case, param), mend)


def _callback(case: Case) -> Iterator[Raw]:
    param = chosen(case.decoded.params, "callback")
    if param is None or not param.value or is_callback(param.value):
        return
    message = f"{_shown(param.value)} is no name of a JavaScript function: it is not called"
    mend = fix("Remove callback", SetParam("callback", None))
    yield Raw("callback.name", "?callback", message, _place(case, param), mend)
