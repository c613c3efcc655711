"""Who sent a request: the SDK and its version, recognised from the bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from trackscope.wire import sender_form
from trackscope.wire.decoding import Decoded
from trackscope.wire.glance import Glance, Params
from trackscope.wire.request import TrackRequest
from trackscope.wire.sender_form import agent_of, form_of, shape_of
from trackscope.wire.shown import short


class Sureness(StrEnum):
    """How sure a sender is."""

    CERTAIN = "certain"
    """The request says so itself."""
    LIKELY = "likely"
    """It has the form of what that SDK sends, or says so while its form is another's."""
    UNKNOWN = "unknown"
    """Nobody's form in particular."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a request.

    `name` is that of the SDK's package, `mixpanel-browser`, or None; `version` as the request
    gives it, None where it does not. `why` is a sentence of what that rests on.
    """

    name: str | None
    version: str | None
    sureness: Sureness
    why: str

    @property
    def title(self) -> str:
        """Name and version in a word or two: `mixpanel-browser 2.65.0`, `unknown sender`."""
        if self.name is None:
            return "unknown sender"
        return f"{self.name} {self.version}" if self.version else self.name


LIBRARIES: Mapping[str, str] = MappingProxyType(
    {
        "web": "mixpanel-browser",
        "python": "mixpanel-python",
        "node": "mixpanel-node",
        "ruby": "mixpanel-ruby",
        "php": "mixpanel-php",
        "jdk": "mixpanel-java",
        "go": "mixpanel-go",
        "iphone": "mixpanel-iphone",
        "swift": "mixpanel-swift",
        "android": "mixpanel-android",
        "react-native": "mixpanel-react-native",
        "flutter": "mixpanel-flutter",
        "unity": "mixpanel-unity",
    }
)
"""What the official SDKs write as `mp_lib`, and their packages."""

_APPS = (sender_form.APPLE, sender_form.ANDROID, sender_form.BROWSER)
_AGENTS: Mapping[str, tuple[str, ...]] = {
    "web": (sender_form.BROWSER,),
    "python": (sender_form.PYTHON,),
    "node": (sender_form.NODE,),
    "ruby": (sender_form.RUBY,),
    "php": (sender_form.PHP,),
    "jdk": (sender_form.JAVA, sender_form.ANDROID),
    "go": (sender_form.GO,),
    "iphone": (sender_form.APPLE,),
    "swift": (sender_form.APPLE,),
    "android": (sender_form.ANDROID, sender_form.JAVA),
    "react-native": _APPS,
    "flutter": _APPS,
    "unity": _APPS,
}
"""The kinds of programs in which they run; any may name itself otherwise, or not at all."""

_MAX_TEXT = 40
"""Characters of a name or version from outside that are shown."""


def sender_of(request: TrackRequest, decoded: Decoded) -> Sender:
    """Who sent a request, as far as it can be told.

    >>> from trackscope.wire.decoding import decode
    >>> url = 'http://h/track?data={"properties":{"mp_lib":"node","$lib_version":"0.18.1"}}'
    >>> sender_of(TrackRequest("GET", url), decode(TrackRequest("GET", url))).title
    'mixpanel-node 0.18.1'
    """
    params = tuple((param.name, param.value) for param in decoded.params)
    return _sender(request, params, decoded.transport, decoded.events or ())


def sender_at_a_glance(request: TrackRequest, seen: Glance) -> Sender:
    """The same of a request of which a glance was enough."""
    return _sender(request, seen.params, seen.transport, seen.events)


def _sender(request: TrackRequest, params: Params, transport: str, events: Sequence[Any]) -> Sender:
    named = _named_by_events(events) if events else _named_by_params(params)
    if named is not None:
        return _declared(request, *named)
    shape = shape_of(request, params, transport)
    form = form_of(shape)
    if form is not None:
        return Sender(form.name, None, Sureness.LIKELY, f"By its form: {form.why}.")
    return Sender(None, None, Sureness.UNKNOWN, _unknown(shape.agent))


def _named_by_events(events: Sequence[Any]) -> tuple[str, str | None, str] | None:
    """`mp_lib`, version and how that was said, of the first event that names its library.

    A batch of events that name several is somebody's who passes them on: none is its sender.
    """
    found: tuple[str, str | None, str] | None = None
    for event in events:
        properties = event.get("properties") if isinstance(event, dict) else None
        known = properties if isinstance(properties, dict) else {}
        library = known.get("mp_lib")
        if not isinstance(library, str) or not library:
            continue
        if found is not None and found[0] != library:
            return None
        found = found or (library, *_version(known))
    return found


def _version(properties: Mapping[str, Any]) -> tuple[str | None, str]:
    """The version that sent an event, and the sentence's part on where that stands."""
    for key in ("mp_sent_by_lib_version", "$lib_version"):
        version = properties.get(key)
        if isinstance(version, str) and version:
            return version, f" and {key} {short(version, _MAX_TEXT)}"
    return None, ""


def _named_by_params(params: Params) -> tuple[str, str | None, str] | None:
    """The same of what `/decide`, `/flags`, `/record` and `/settings` are asked with."""
    values = dict(reversed(params))  # the first counts
    if values.get("mp_lib"):
        return values["mp_lib"], *_version(values)
    if values.get("lib") and "token" in values:
        return values["lib"], None, ""
    return None


def _declared(request: TrackRequest, library: str, version: str | None, and_version: str) -> Sender:
    shown = short(library, _MAX_TEXT)
    says = f"mp_lib is {shown}{and_version}"
    if version is not None:
        version = short(version.removeprefix("v"), _MAX_TEXT)
    name = LIBRARIES.get(library)
    if name is None:
        why = f"It says so itself ({says}), but no official SDK calls itself that."
        return Sender(shown, version, Sureness.LIKELY, why)
    agent = agent_of(request)
    if agent and agent not in _AGENTS[library]:
        why = f"It says so itself ({says}), but comes from a {agent}: it was copied or passed on."
        return Sender(name, version, Sureness.LIKELY, why)
    return Sender(name, version, Sureness.CERTAIN, f"It says so itself: {says}.")


def _unknown(agent: str | None) -> str:
    if not agent:
        return "Nothing in it names an SDK, and it has the form of none."
    article = "an" if agent[0] in "AEIOU" else "a"
    return f"Nothing in it names an SDK; by its form it comes from {article} {agent}."
