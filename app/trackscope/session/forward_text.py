"""Forwarding in the words of the window: what leaves, how much of it came how far, and why not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from trackscope.errors import UsageError
from trackscope.history.forwarding import Forward, State, TargetState
from trackscope.session.forwarding import ForwardSettings

NOT_SENT = (State.UNKNOWN, State.GIVEN_UP, State.LEFT_OUT)

TONES: Mapping[State, str] = MappingProxyType(
    {
        State.WAITING: "attention",
        State.SENDING: "info",
        State.SENT: "success",
        State.REFUSED: "danger",
        State.UNKNOWN: "danger",
        State.GIVEN_UP: "danger",
        State.LEFT_OUT: "attention",
    }
)

_BECAME: Mapping[State, str] = MappingProxyType(
    {
        State.WAITING: "It waits to be forwarded to {url}",
        State.SENDING: "It is on its way to {url}",
        State.SENT: "Forwarded to {url}, and accepted there",
        State.REFUSED: "Forwarded to {url}, but not accepted there",
        State.UNKNOWN: "It may not have been forwarded to {url}",
        State.GIVEN_UP: "It was not forwarded to {url}, and is not tried again",
        State.LEFT_OUT: "It is not forwarded to {url}",
    }
)


def host_of(url: str) -> str:
    """A target without its scheme.

    >>> host_of("https://api.mixpanel.com")
    'api.mixpanel.com'
    """
    return url.partition("://")[2]


def chosen_tokens(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """The map of tokens that pairs make; UsageError for half a pair, or a token that goes to two.

    >>> dict(chosen_tokens([("a", "b"), ("", "")]))
    {'a': 'b'}
    """
    tokens: dict[str, str] = {}
    for old, new in ((old.strip(), new.strip()) for old, new in pairs):
        if bool(old) != bool(new):
            raise UsageError("A token is replaced by another.", "Fill in both.")
        if old and tokens.setdefault(old, new) != new:
            raise UsageError(f"The token {old} has a replacement already.", "Remove that first.")
    return MappingProxyType(tokens)


def chosen_events(text: str) -> frozenset[str]:
    """The names of events in a text, apart by commas; one with a comma stands in quotes.

    >>> sorted(chosen_events('Sign up, "Buy, now"'))
    ['Buy, now', 'Sign up']
    """
    (names,) = csv.reader([" ".join(text.splitlines())], skipinitialspace=True)
    return frozenset(name.strip() for name in names if name.strip())


def events_text(names: Iterable[str]) -> str:
    """The text by which `chosen_events` gives these names.

    >>> events_text(["Sign up", "Buy, now"])
    '"Buy, now",Sign up'
    """
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(sorted(names))
    return written.getvalue()


def leaving_text(settings: ForwardSettings, waiting: int = 0) -> str:
    """What leaves this machine by forwarding so, for somebody who is to agree to it.

    `waiting` requests for the target are left of an earlier run.
    """
    tokens = "the tokens replaced as you say" if settings.tokens else "under their own tokens"
    left = f" So will what has waited for it, {_requests(waiting)}." if waiting else ""
    return (
        f"{_chosen(settings)} will also be sent to {settings.target}, whole, with credentials and "
        f"addresses that came along, {tokens}.{left} It leaves this machine, is logged there, and "
        "cannot be taken back."
    )


def _chosen(settings: ForwardSettings) -> str:
    accepted = " that is answered 1" if settings.is_accepted_only else ""
    if not settings.only:
        return f"Whatever the collector receives from now on{accepted}"
    names = sorted(settings.only)
    others = [f"{len(names) - 2} others"] if len(names) > 3 else names[2:3]
    events = " or ".join([*names[:2], *others])
    return f"Every request with {events} that the collector receives from now on{accepted}"


def counts_text(counts: Mapping[State, int], before: Mapping[State, int]) -> str:
    """How much came how far since it was as `before`, and what waits in all.

    >>> counts_text({State.SENT: 5, State.WAITING: 1}, {State.SENT: 3})
    '2 accepted, 0 refused, 0 not sent, 1 waiting'
    """
    since = {state: max(0, counts.get(state, 0) - before.get(state, 0)) for state in State}
    not_sent = sum(since[state] for state in NOT_SENT)
    return (
        f"{since[State.SENT]:,} accepted, {since[State.REFUSED]:,} refused, "
        f"{not_sent:,} not sent, {pending_count(counts):,} waiting"
    )


def pending_count(counts: Mapping[State, int]) -> int:
    """How much is not at its target yet: waiting, and under way."""
    return counts.get(State.WAITING, 0) + counts.get(State.SENDING, 0)


def forwarding_text(settings: ForwardSettings, counts: str) -> str:
    """That forwarding is on, where to, and how it goes."""
    tokens = ", with other tokens" if settings.tokens else ""
    leaves = " What is received leaves this machine." if settings.leaves_machine else ""
    return f"Forwarding to {settings.target}{tokens}: {counts}.{leaves}"


def waiting_text(targets: Sequence[TargetState]) -> str:
    """What waits from an earlier run and where it was to go; empty where nothing does."""
    waiting = [each for each in targets if each.counts[State.WAITING]]
    if not waiting:
        return ""
    parts = [f"{_requests(each.counts[State.WAITING])} for {each.url}" for each in waiting[:3]]
    parts += [f"more for {len(waiting) - 3} others"] if len(waiting) > 3 else []
    return f"Not forwarded yet: {', '.join(parts)}. Nothing goes there until you say so."


def _requests(count: int) -> str:
    return f"{count:,} request{'' if count == 1 else 's'}"


def became_text(forward: Forward) -> str:
    """What became of forwarding an exchange, in a sentence or two."""
    outcome = forward.outcome
    said = _BECAME[outcome.state].format(url=forward.url)
    if outcome.state is State.WAITING and forward.tries:
        said += f" after {forward.tries} {'try' if forward.tries == 1 else 'tries'}"
    why = outcome.why
    if outcome.state is State.LEFT_OUT and not why:
        why = "You took it out of the queue."
    return f"{said}: {why}" if why else f"{said}."
