"""The mixpanel-browser package sends from Chromium, unchanged but for the host.

Page and collector are two sites to the browser (127.0.0.1 and localhost), so that it reads an
answer only where CORS is right.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sdk.chromium import Chromium, Page
from tests.sdk.recording import Recording, accepted, error_of, events_of, in_order, reason

from trackscope.wire.endpoint import endpoint_name
from trackscope.wire.era import ERAS

PAGE_SCRIPT = (Path(__file__).parent / "page.js").read_text(encoding="utf-8")
WITHOUT_XHR = "delete XMLHttpRequest.prototype.withCredentials;"
"""A browser before CORS: the SDK loads a script tag for each event (JSONP)."""
HASTY = (
    "const later = setTimeout; setTimeout = (run, ms, ...given) => later(run, ms / 20, ...given);"
)
"""A clock twenty times as fast: a session is sent every ten seconds."""

NEWEST = "mixpanel-browser/dist/mixpanel.umd.js"
OLD = "mixpanel-browser-2.38.0/dist/mixpanel.umd.js"
"""It posts Base64 that is not escaped."""
OLDEST = "mixpanel-browser-2.14.0/build/mixpanel.umd.js"
"""It knows GET only, and sends the views of pages by itself."""

AT_ONCE = {"batch_requests": False, "track_pageview": False}
IN_BATCHES = {"batch_requests": True, "batch_autostart": False, "batch_flush_interval_ms": 600_000}
PIXELS = {"img": True, "api_method": "GET"}
BEACON = {"api_transport": "sendBeacon"}
VERBOSE = {"verbose": True}

EVENTS = [
    ("plain", {"price": 1.5, "none": None, "list": [1, "two"], "odd": "~~~???>>> +/=&%"}),
    ("emoji 😀", {"emoji": "a😀é€"}),
]
OLD_EVENT = ("old", {"time": 1_000_000_000})
CUT_EVENT = ("cut", {"text": "x" * 254 + "😀"})
"""The SDK cuts after 255 units of UTF-16: in the middle of the emoji."""


@pytest.fixture
async def open_page(chromium: Chromium, pages: str) -> AsyncIterator[Callable[..., Awaitable[Tab]]]:
    """Opens a page that has loaded a library, and starts the SDK there."""
    opened: list[Page] = []

    async def open_page(
        library: str, recording: Recording, config: dict[str, Any], before: str = ""
    ) -> Tab:
        url = f"{pages}/page?{library}"
        opened.append(await asyncio.to_thread(chromium.open, url, before + PAGE_SCRIPT))
        tab = Tab(opened[-1])
        config = {**AT_ONCE, **config, "api_host": recording.cross_site_address}
        await tab.run(f"start({json.dumps(config)})")
        return tab

    yield open_page
    for page in opened:
        await asyncio.to_thread(page.forget)


class Tab:
    """A page with the SDK started."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def run(self, script: str) -> Any:
        return await asyncio.to_thread(self._page.run, script)

    async def track(self, events: Any) -> tuple[list[Any], list[Any]]:
        """Each callback's answer, and each event as the SDK says that it sent it."""
        told = json.loads(await self.run(f"track({json.dumps(events)})"))
        return [each["answer"] for each in told], [each["sent"] for each in told]

    async def track_unheard(self, events: Any) -> list[Any]:
        """Each event as the SDK says that it sends it, where it calls nobody back."""
        sent: list[Any] = json.loads(await self.run(f"trackUnheard({json.dumps(events)})"))
        return sent

    async def problems(self) -> Any:
        """What went wrong, by the page's account or by the SDK's."""
        return await self.run("problems")

    async def start_batches(self) -> None:
        """Let the SDK gather events, and see that there are none yet."""
        await self.run("mixpanel.request_batchers.events.start()")

    async def flush(self) -> None:
        await self.run("mixpanel.request_batchers.events.flush()")

    async def leave(self) -> None:
        """Go to another page: whatever the SDK still has to send, it sends now."""
        await asyncio.to_thread(self._page.go_to, "about:blank")

    async def close(self) -> None:
        await asyncio.to_thread(self._page.close)


def name_of(value: Any) -> str:
    """A value's part in the name of a case."""
    if isinstance(value, dict):
        return ",".join(value) or "default"
    return {"": "XHR", WITHOUT_XHR: "script tag"}.get(value, str(value).partition("/")[0])


@pytest.mark.parametrize(
    ("library", "config", "before"),
    [
        (NEWEST, {}, ""),
        (NEWEST, {"api_method": "GET"}, ""),
        (NEWEST, {"api_payload_format": "json"}, ""),
        (NEWEST, BEACON, ""),
        (NEWEST, VERBOSE, ""),
        (NEWEST, {"test": True}, ""),
        (NEWEST, {"xhr_headers": {"X-Shop": "1"}}, ""),
        (NEWEST, {}, WITHOUT_XHR),
        (NEWEST, VERBOSE, WITHOUT_XHR),
        (OLD, {}, ""),
        (OLD, {"api_method": "GET"}, ""),
        (OLD, {}, WITHOUT_XHR),
        (OLDEST, {}, ""),
        (OLDEST, VERBOSE, ""),
        (OLDEST, {"test": True}, WITHOUT_XHR),
    ],
    ids=name_of,
)
async def test_each_event_arrives_once_as_sent_and_the_callback_says_so(
    open_page, recording, library, config, before
):
    tab = await open_page(library, recording, config, before)
    answers, sent = await tab.track(EVENTS)
    await recording.holds(2)
    assert await tab.problems() == []
    await tab.leave()
    arrived = in_order(accepted(await recording.end()))
    assert answers == [{"status": 1, "error": None} if config == VERBOSE else 1] * 2
    assert arrived == in_order(sent)
    assert arrived[0]["properties"]["emoji"] == "a😀é€"


@pytest.mark.parametrize(
    ("library", "config"),
    [(NEWEST, PIXELS), (OLD, PIXELS), (OLD, BEACON), (OLDEST, PIXELS)],
    ids=name_of,
)
async def test_each_event_arrives_once_where_the_sdk_hears_no_answer(
    open_page, recording, library, config
):
    tab = await open_page(library, recording, config)
    sent = await tab.track_unheard(EVENTS)
    await recording.holds(2)
    assert await tab.problems() == []
    await tab.leave()
    assert in_order(accepted(await recording.end())) == in_order(sent)


@pytest.mark.parametrize("form", ["base64", "json"])
async def test_half_an_emoji_that_the_newest_cuts_off_arrives_as_half(open_page, recording, form):
    tab = await open_page(NEWEST, recording, {"api_payload_format": form})
    answers, sent = await tab.track([CUT_EVENT])
    arrived = accepted(await recording.end())
    assert (answers, arrived) == ([1], sent)
    assert arrived[0]["properties"]["text"] == "x" * 254 + "\ud83d"


@pytest.mark.parametrize("library", [OLD, OLDEST], ids=name_of)
async def test_half_an_emoji_that_an_old_one_cuts_off_is_no_utf8_and_it_says_so(
    open_page, recording, library
):
    tab = await open_page(library, recording, {})
    answers, _ = await tab.track([CUT_EVENT])
    [kept] = await recording.end()
    assert (answers, reason(kept).rule) == ([0], "data.utf8")


@pytest.mark.parametrize(
    ("library", "config", "before"),
    [
        (NEWEST, {}, ""),
        (NEWEST, VERBOSE, ""),
        (NEWEST, VERBOSE, WITHOUT_XHR),
        (OLD, {}, ""),
        (OLD, VERBOSE, ""),
        (OLDEST, {}, ""),
        (OLDEST, VERBOSE, WITHOUT_XHR),
    ],
    ids=name_of,
)
async def test_the_callback_hears_of_each_refused_event(
    open_page, recording, library, config, before
):
    tab = await open_page(library, recording, config, before)
    # a property named length makes the SDK send no properties at all
    answers, _ = await tab.track([OLD_EVENT, ("unnumbered", {"length": 3}), (" ", {}), EVENTS[0]])
    kept = {each.names[0]: each for each in await recording.end()}
    assert [event["event"] for event in accepted(list(kept.values()))] == ["plain"]
    refused = [kept[name] for name in ("old", "unnumbered", " ")]
    rules = ["time.too-old", "token.missing", "event.name-blank"]
    assert [reason(each).rule for each in refused] == rules
    if config == VERBOSE:
        assert [each["error"] for each in answers] == [*map(error_of, refused), None]
        answers = [each["status"] for each in answers]
    assert answers == [0, 0, 0, 1]


@pytest.mark.parametrize("era", ERAS)
async def test_a_refusal_in_test_mode_is_0_or_no_number(open_page, recording, era):
    tab = await open_page(NEWEST, recording, {"test": True})
    answers, _ = await tab.track([OLD_EVENT])
    # later eras answer it with JSON: the SDK makes NaN of that, and JSON writes NaN as null
    assert answers == [0 if era == "2011" else None]


@pytest.mark.parametrize("library", [NEWEST, OLD], ids=name_of)
async def test_batches_hold_50_and_the_rest_and_each_event_arrives_once(
    open_page, recording, library
):
    tab = await open_page(library, recording, IN_BATCHES)
    await tab.start_batches()
    answers, queued = await tab.track([(f"event {number}", {"é": "😀"}) for number in range(51)])
    await tab.flush()
    await recording.holds(51)
    assert await tab.problems() == []
    await tab.leave()
    kept = await recording.end()
    assert answers == [1] * 51
    assert [len(events_of(each)) for each in kept] == [50, 1]
    assert in_order(accepted(kept)) == in_order([as_batched(each) for each in queued])


@pytest.mark.parametrize("library", [NEWEST, OLD], ids=name_of)
async def test_what_waits_for_a_batch_leaves_as_a_beacon_when_the_page_is_closed(
    open_page, recording, library
):
    tab = await open_page(library, recording, IN_BATCHES)
    await tab.start_batches()
    _, queued = await tab.track(EVENTS)
    await tab.close()
    await recording.holds(2)
    [kept] = await recording.end()
    assert kept.request.header("content-type") == "text/plain;charset=UTF-8"
    assert accepted([kept]) == [as_batched(each) for each in queued]


async def test_the_newest_sends_two_beacons_where_the_page_may_come_back_and_the_copy_is_found(
    open_page, recording
):
    tab = await open_page(NEWEST, recording, IN_BATCHES)
    await tab.start_batches()
    _, queued = await tab.track(EVENTS)
    await tab.leave()  # into the browser's cache of pages to go back to
    await recording.holds(4)
    kept = await recording.end()
    assert [events_of(each) for each in kept] == [[as_batched(each) for each in queued]] * 2
    found = [{finding.rule for finding in each.findings} for each in kept]
    assert ["event.duplicate" in each for each in found] == [False, True]


async def test_a_refused_batch_is_dropped_and_not_sent_again(open_page, recording):
    tab = await open_page(NEWEST, recording, IN_BATCHES)
    await tab.start_batches()
    await tab.track([OLD_EVENT])
    await tab.flush()
    await tab.flush()
    await tab.leave()
    [kept] = await recording.end()
    assert reason(kept).rule == "time.too-old"


@pytest.mark.parametrize(
    ("library", "config"), [(NEWEST, {}), (OLD, {}), (OLDEST, {"api_method": "GET"})], ids=name_of
)
async def test_profiles_arrive_and_the_callback_says_so(open_page, recording, library, config):
    tab = await open_page(library, recording, config)
    await tab.run("mixpanel.identify('13793')")
    answer = await tab.run("answerOf(mixpanel.people, 'set', {'$first_name': 'Zoë 😀'})")
    assert (answer, await tab.problems()) == (1, [])
    kept = [each for each in await recording.end() if endpoint_name(each.request) == "engage"]
    # the newest sends the first referrer too, as a $set_once
    [profile] = [each for each in accepted(kept) if "$set" in each]
    assert (profile["$token"], profile["$distinct_id"]) == ("e3bc41", "13793")
    assert profile["$set"]["$first_name"] == "Zoë 😀"


@pytest.mark.parametrize("library", [NEWEST, OLD], ids=name_of)
async def test_groups_arrive_and_the_callback_says_so(open_page, recording, library):
    tab = await open_page(library, recording, {})
    answer = await tab.run("answerOf(mixpanel.get_group('company', 'Acme'), 'set', 'seats', 3)")
    assert (answer, await tab.problems()) == (1, [])
    [kept] = await recording.end()
    group = {"$group_key": "company", "$group_id": "Acme", "$token": "e3bc41"}
    assert endpoint_name(kept.request) == "groups"
    assert accepted([kept]) == [{**group, "$set": {"seats": 3}}]


@pytest.mark.parametrize("library", [OLD, OLDEST], ids=name_of)
async def test_an_old_one_hears_that_there_is_nothing_to_decide(open_page, recording, library):
    tab = await open_page(library, recording, {})
    await tab.run("mixpanel.identify('13793')")
    await recording.is_asked("decide")
    answers, _ = await tab.track(EVENTS)
    assert (answers, await tab.problems()) == ([1, 1], [])


async def test_the_newest_hears_that_there_are_no_flags_and_no_settings(open_page, recording):
    config = {"flags": True, "remote_settings_mode": "fallback"}
    tab = await open_page(NEWEST, recording, config)
    assert await tab.run("mixpanel.flags.get_variant_value('cart', 'the old one')") == "the old one"
    assert await tab.run("mixpanel.flags.are_flags_ready()") is True
    await recording.is_asked("settings")
    assert await tab.problems() == []


async def test_the_newest_may_record_the_session(open_page, recording):
    tab = await open_page(NEWEST, recording, {}, HASTY)
    await tab.run("mixpanel.start_session_recording()")
    await tab.run("mixpanel.stop_session_recording()")
    await recording.is_asked("record")
    assert await tab.problems() == []


def as_batched(event: dict[str, Any]) -> dict[str, Any]:
    """The event with what the newest SDK adds when it leaves."""
    version = event["properties"]["$lib_version"]
    added = {} if version == "2.38.0" else {"mp_sent_by_lib_version": version}
    return {**event, "properties": {**event["properties"], **added}}
