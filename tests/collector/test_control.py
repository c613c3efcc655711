"""The control port: what a test suite gets to know, and who does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from tests.collector.conftest import QUICK, StartCollector, Wire, event, target

from trackscope.collector.arrivals import Arrivals
from trackscope.collector.control import ControlApp
from trackscope.collector.hosts import AllowedHosts
from trackscope.collector.http_server import HttpServer
from trackscope.collector.limits import Limits
from trackscope.collector.server import LOOPBACK, Collector

TOKEN = "t0ken"


class Rig:
    """A collector with its control port, and a client for each."""

    def __init__(self, collector: Collector, server: HttpServer) -> None:
        self.collector, self.server = collector, server
        self.sdk = httpx.AsyncClient(base_url=collector.address, trust_env=False)
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        self.suite = httpx.AsyncClient(base_url=server.address, headers=bearer, trust_env=False)

    async def track(self, *names: str) -> None:
        for name in names:
            await self.sdk.get(target(event(name)))

    async def get(self, path: str, status: int = 200) -> dict[str, object]:
        answer = await self.suite.get(path, timeout=30)
        assert answer.status_code == status, answer.text
        return dict(answer.json())


@pytest.fixture
async def rig(start_collector: StartCollector) -> AsyncIterator[Rig]:
    arrivals = Arrivals()
    collector = await start_collector(on_exchange=arrivals.add)
    app = ControlApp(
        arrivals,
        TOKEN,
        AllowedHosts(),
        standing=lambda: collector.standing,
        change=collector.change,
        traces=lambda first_id: [{"first_id": first_id}],
    )
    server = HttpServer(app, LOOPBACK, 0, Limits(stop_s=QUICK.stop_s))
    await server.start()
    rig = Rig(collector, server)
    async with rig.sdk, rig.suite:
        yield rig
    await server.stop()


def names(found: dict[str, object]) -> list[str]:
    events = found["events"]
    assert isinstance(events, list)
    return [each["event"] for each in events]


async def test_all_good_and_bad_are_counted_and_shown(rig):
    await rig.track("A", "B")
    await rig.sdk.get(target({"event": "C"}))
    found = await rig.get("/all")
    assert (found["total"], found["good"], found["bad"], found["left_out"]) == (3, 2, 1, 0)
    assert names(found) == ["A", "B", "C"]
    assert names(await rig.get("/good")) == ["A", "B"]
    bad = await rig.get("/bad")
    assert names(bad) == ["C"]
    assert bad["events"][0]["findings"][0]["rule"] == "properties.missing"
    assert names(await rig.get("/good?verdict=0")) == ["A", "B"]


async def test_an_event_has_the_keys_that_the_guide_tells_of(rig):
    await rig.track("A")
    [line] = (await rig.get("/events"))["events"]
    assert line == {
        "id": 1,
        "at": 1322050000.0,
        "endpoint": "track",
        "event": "A",
        "properties": {"token": "e3bc41", "time": 1322050000},
        "verdict": 1,
        "findings": [],
    }


async def test_events_are_filtered_and_cut_to_the_newest(rig):
    await rig.track("A", "B", "A")
    await rig.sdk.get(target(event("A", plan="pro")))
    assert names(await rig.get("/events?event=A")) == ["A"] * 3
    assert names(await rig.get("/events?event=A&property=plan=pro")) == ["A"]
    assert names(await rig.get("/events?token=other")) == []
    cut = await rig.get("/events?limit=2")
    assert (names(cut), cut["left_out"]) == (["A", "A"], 2)
    assert names(await rig.get("/events?limit=0")) == []


async def test_a_reset_begins_a_new_run_and_the_store_keeps_the_old(rig, store):
    await rig.track("A")
    for method in ("POST", "DELETE"):
        answer = await rig.suite.request(method, "/reset")
        assert answer.json() == {"total": 0, "good": 0, "bad": 0}
    assert names(await rig.get("/all")) == []
    await rig.track("B")
    assert names(await rig.get("/all")) == ["B"]
    assert [kept.names for kept in store.exchanges] == [("A",), ("B",)]


async def test_an_expected_event_is_answered_as_soon_as_it_arrives(rig):
    waiting = asyncio.create_task(rig.get("/expect?event=B&count=2&timeout=60"))
    await rig.track("B", "A", "B")
    assert names(await waiting) == ["B", "B"]
    assert names(await rig.get("/expect?event=A&timeout=0")) == ["A"]


async def test_an_expectation_that_is_not_met_says_what_arrived_instead(rig):
    await rig.sdk.get(target(event("A", plan="free")))
    await rig.sdk.get(target({"event": "A", "properties": {"plan": "pro"}}))
    found = await rig.get("/expect?event=A&property=plan=pro&timeout=0", 409)
    assert found["error"] == (
        'No event "A" (plan="pro") arrived within 0 s; one was expected. Instead: A, but plan is '
        '"free"; A, but it was refused: the event has no token: no project to log it to.'
    )
    assert found["instead"][0] == 'A, but plan is "free"'
    assert names(await rig.get("/expect?event=A&property=plan=pro&verdict=any&timeout=0")) == ["A"]
    assert names(await rig.get("/expect?event=A&verdict=0&timeout=0")) == ["A"]
    some = await rig.get("/expect?event=A&verdict=any&count=3&timeout=0", 409)
    assert some["error"].startswith('Only 2 of event "A" arrived within 0 s; 3 were expected.')
    assert names(some) == ["A", "A"]


async def test_an_expectation_of_none_waits_out_its_time_and_fails_at_the_first(rig):
    assert names(await rig.get("/expect?event=A&count=0&timeout=0.01")) == []
    await rig.track("A")
    found = await rig.get("/expect?event=A&count=0&timeout=60", 409)
    assert found["error"] == 'No event "A" was expected, but 1 arrived.'


async def test_era_strictness_and_faults_are_changed_while_it_runs(rig):
    before = {"era": "2011", "strict": False, "faults": []}
    assert await rig.get("/settings") == before
    answer = await rig.suite.patch("/settings", content=b'{"strict": true, "faults": ["500"]}')
    assert answer.json() == {"era": "2011", "strict": True, "faults": ["500"]}
    assert (await rig.sdk.get(target())).status_code == 500
    refused = await rig.suite.post("/settings", content=b'{"port": 1}')
    assert (refused.status_code, "port cannot be changed" in refused.json()["error"]) == (400, True)
    assert (await rig.get("/settings"))["strict"] is True


@pytest.mark.parametrize(
    "given",
    [None, "", "Bearer", "Bearer t0ke", "Bearer t0kenn", "bearer t0ken", "t0ken", "Bearer \xff"],
)
@pytest.mark.parametrize("path", ["/all", "/reset", "/nothing"])
async def test_without_the_token_nothing_is_told(rig, given, path):
    headers = {} if given is None else {"Authorization": given.encode("latin-1")}
    async with httpx.AsyncClient(base_url=rig.server.address, trust_env=False) as stranger:
        answer = await stranger.get(path, headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert "bearer token" in answer.json()["error"]


async def test_no_web_page_can_read_an_answer_or_ask_under_another_name(rig):
    await rig.track("A")
    page = {"Origin": "http://page.test", "Access-Control-Request-Headers": "authorization"}
    for method, path in [("OPTIONS", "/all"), ("GET", "/all"), ("GET", "/no"), ("GET", "/expect")]:
        answer = await rig.suite.request(method, path + "?timeout=0", headers=page)
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert (await rig.suite.options("/all", headers=page)).status_code == 405
    rebound = await rig.suite.get("/all", headers={"Host": "rebound.test"})
    assert rebound.status_code == 421
    assert "A" not in rebound.text


async def test_the_collectors_own_port_tells_nothing_of_it(rig):
    for path in ("/all", "/events", "/settings/x", "/expect"):
        answer = await rig.sdk.get(path, headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 404
    # an endpoint of that name is the service's own, and tells of no event
    assert (await rig.sdk.get("/settings")).json() == {"sdk_config": {}}


async def test_methods_paths_and_sizes_that_do_not_fit_are_named(rig):
    answer = await rig.suite.get("/reset")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, DELETE")
    assert "/reset takes POST, DELETE" in answer.json()["error"]
    nothing = await rig.get("/micro", 404)
    assert "/all, /good, /bad, /events, /expect, /aftermath, /reset, /settings" in nothing["error"]
    large = await rig.suite.post("/settings", content=b" " * 70_000)
    assert large.status_code == 413
    assert "no parameter x" in (await rig.get("/all?x=1", 400))["error"]


async def test_a_suite_that_leaves_while_it_waits_leaves_nothing_behind(rig, connect):
    wire: Wire = await connect(rig.server)
    wire.send(
        f"GET /expect?event=Z&timeout=600 HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {TOKEN}\r\n\r\n".encode()
    )
    assert names(await rig.get("/all")) == []
    wire.writer.close()
    await rig.track("Z")
    assert names(await rig.get("/expect?event=Z")) == ["Z"]


async def test_who_waits_when_the_collector_stops_is_let_go(rig, connect):
    wire: Wire = await connect(rig.server)
    wire.send(
        f"GET /expect?event=Z&timeout=600 HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {TOKEN}\r\n\r\n".encode()
    )
    await rig.get("/all")
    await rig.server.stop()
    assert await wire.rest() == b""


async def test_what_came_of_faults_is_looked_for_in_this_run_only(rig):
    assert await rig.get("/aftermath") == {"events": []}
    await rig.track("A", "B")
    assert await rig.get("/aftermath") == {"events": [{"first_id": 1}]}
    await rig.suite.post("/reset")
    assert await rig.get("/aftermath") == {"events": []}
    await rig.track("C")
    assert await rig.get("/aftermath") == {"events": [{"first_id": 3}]}
