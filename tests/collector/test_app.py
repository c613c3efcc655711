"""What the collector answers, and to whom."""

from __future__ import annotations

import json

import httpx
import pytest
from tests.collector.conftest import NOW, Wire, base64_of, event, target
from tests.collector.memory_store import MemoryStore

from trackscope.capture.exchange import Origin
from trackscope.wire.reply import PIXEL


async def test_a_good_event_is_answered_with_exactly_one_character(client, store):
    answer = await client.get(target())
    assert (answer.status_code, answer.content) == (200, b"1")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


async def test_a_bad_event_is_answered_0_with_status_200_and_kept(client, store):
    answer = await client.get(target({"event": "game"}))
    assert (answer.status_code, answer.content) == (200, b"0")
    [kept] = store.exchanges
    assert (kept.verdict, kept.findings[0].rule) == (0, "properties.missing")


@pytest.mark.parametrize("path", ["/track", "/track/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_both_spellings_of_the_endpoint_take_both_methods(client, path, method):
    answer = await client.request(method, target(path=path))
    assert (answer.status_code, answer.content) == (200, b"1")


async def test_the_stored_request_is_what_came_byte_for_byte(collector, connect, store):
    wire: Wire = await connect(collector)
    head = target() + "&x=%7e&_&=&ip=0"
    wire.send(
        f"POST {head} HTTP/1.1\r\nhOsT: localhost:1\r\nX-Odd-CASE: a\tb \r\nx-odd-case:2\r\n"
        "Content-Length: 6\r\n\r\nip=1&z".encode()
    )
    assert (await wire.answer()).endswith(b"\r\n\r\n1")
    [kept] = store.exchanges
    assert kept.request.method == "POST"
    assert kept.request.url == f"http://localhost:1{head}"
    assert kept.request.headers == (
        ("hOsT", "localhost:1"),
        ("X-Odd-CASE", "a\tb"),
        ("x-odd-case", "2"),
        ("Content-Length", "6"),
    )
    assert kept.request.body == b"ip=1&z"


async def test_an_exchange_tells_when_from_whom_and_what_was_answered(client, store):
    await client.get(target(), headers={"X-Request-Id": "a" * 65, "Origin": "http://page.test"})
    [kept] = store.exchanges
    assert kept.origin is Origin.RECEIVED
    assert kept.at == NOW
    assert kept.peer.startswith("127.0.0.1:")
    assert kept.request_id == "a" * 64
    assert kept.names == ("game",)
    assert (kept.era, kept.strict) == ("2011", False)
    assert kept.took_ms is not None
    assert kept.took_ms >= 0
    assert kept.reply is not None
    assert (kept.reply.status, kept.reply.body) == (200, b"1")
    assert kept.reply.header("access-control-allow-origin") == "http://page.test"


async def test_another_path_is_404_in_plain_words_and_nothing_is_stored(client, store):
    for path in ("/", "/track/x", "/trackk", "//track", "/a//track", "/track%2F", "/TRACK"):
        answer = await client.get(path + "?data=" + base64_of(event()))
        assert answer.status_code == 404
        assert "events go to /track" in answer.text
        assert "access-control-allow-origin" not in answer.headers
    assert store.exchanges == []


async def test_other_methods_are_405_and_told_which_there_are(client, store):
    for method in ("PUT", "DELETE", "PATCH"):
        answer = await client.request(method, target(), content=b"x")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST, HEAD, OPTIONS")
    assert store.exchanges == []


async def test_head_is_answered_and_logs_nothing(client, store):
    answer = await client.head(target())
    assert (answer.status_code, answer.content) == (200, b"")
    assert store.exchanges == []


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8"]
)
async def test_loopback_names_are_answered_with_or_without_a_port(client, host):
    assert (await client.get(target(), headers={"Host": host})).content == b"1"


@pytest.mark.parametrize(
    "host",
    ["evil.test", "localhost.evil", "127.0.0.1.evil.test", "localhost@evil", "0.0.0.0", "", "::1"],
)
async def test_a_host_that_is_not_ours_is_421_in_plain_words(client, store, host):
    answer = await client.get(target(), headers={"Host": host, "Origin": "http://evil.test"})
    assert answer.status_code == 421
    assert "does not answer for" in answer.text
    assert "access-control-allow-origin" not in answer.headers
    assert store.exchanges == []


async def test_a_host_that_was_given_is_answered(start_collector):
    collector = await start_collector(allowed_hosts=["api.mixpanel.com"])
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(
            collector.address + target(), headers={"Host": "api.mixpanel.com"}
        )
    assert answer.content == b"1"


async def test_a_request_as_proxies_get_it_is_taken_by_its_own_host(collector, connect, store):
    wire: Wire = await connect(collector)
    url = f"http://localhost{target()}"
    wire.send(f"GET {url} HTTP/1.1\r\nHost: ignored.test\r\n\r\n".encode())
    assert (await wire.answer()).endswith(b"1")
    assert store.exchanges[0].request.url == url
    wire.send(f"GET http://evil.test{target()} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert (await wire.answer()).startswith(b"HTTP/1.1 421")


@pytest.mark.parametrize("hosts", [b"", b"Host: localhost\r\nHost: localhost\r\n"])
async def test_a_request_without_one_host_is_400(collector, connect, store, hosts):
    wire: Wire = await connect(collector)
    wire.send(b"GET " + target().encode() + b" HTTP/1.1\r\n" + hosts + b"\r\n")
    assert (await wire.answer()).startswith(b"HTTP/1.1 400")
    assert store.exchanges == []


async def test_a_page_of_another_origin_may_read_the_answer(client):
    answer = await client.post(
        "/track/", data={"data": base64_of(event())}, headers={"Origin": "https://shop.test"}
    )
    assert answer.headers["access-control-allow-origin"] == "https://shop.test"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["vary"] == "Origin"


async def test_a_preflight_allows_the_methods_and_the_headers_asked_for(client, store):
    answer = await client.options(
        "/track/",
        headers={
            "Origin": "https://shop.test",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "x-one, content-type",
        },
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == "x-one, content-type"
    assert answer.headers["access-control-allow-origin"] == "https://shop.test"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert store.exchanges == []


async def test_verbose_says_why(client):
    good = await client.get(target(verbose=1))
    assert json.loads(good.text) == {"status": 1, "error": None}
    bad = await client.get(target({"event": ""}, verbose=1))
    assert json.loads(bad.text)["status"] == 0
    assert json.loads(bad.text)["error"]
    assert bad.headers["content-type"] == "application/json"


async def test_a_pixel_a_redirect_and_a_callback_are_answered_in_their_precedence(client, store):
    home = "https://home.test/x"
    redirected = await client.get(target(redirect=home, img=1, callback="f"))
    assert (redirected.status_code, redirected.headers["location"]) == (302, home)
    pixel = await client.get(target(img=1, callback="f"))
    assert (pixel.content, pixel.headers["content-type"]) == (PIXEL, "image/gif")
    assert pixel.headers["cache-control"] == "no-store"
    called = await client.get(target(callback="f.g"))
    assert called.text == "f.g(1);"
    assert called.headers["x-content-type-options"] == "nosniff"
    assert [kept.verdict for kept in store.exchanges] == [1, 1, 1]


async def test_a_person_who_clicks_arrives_though_the_data_was_bad(client, store):
    answer = await client.get("/track/?data=%21&redirect=https%3A%2F%2Fhome.test%2F")
    assert (answer.status_code, answer.headers["location"]) == (302, "https://home.test/")
    assert store.exchanges[0].verdict == 0


async def test_a_callback_that_is_no_name_is_400_and_not_logged(client, store):
    answer = await client.get(target(callback="alert(1)"))
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    [kept] = store.exchanges
    assert kept.verdict == 0
    assert kept.stored is None


async def test_a_store_that_fails_is_answered_0_with_the_reason_and_it_goes_on(client, store):
    store.failure = "the disk is full"
    refused = await client.get(target(verbose=1))
    assert json.loads(refused.text) == {
        "status": 0,
        "error": "the event could not be stored: the disk is full",
    }
    assert (await client.get(target())).content == b"0"
    store.failure = None
    assert (await client.get(target())).content == b"1"


async def test_an_answer_does_not_leave_before_the_store_has_it(client, collector, connect, store):
    store.gate.clear()
    wire: Wire = await connect(collector)
    wire.send(b"GET " + target().encode() + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    # another resource is answered meanwhile, so the first request was read
    assert (await client.get("/nothing")).status_code == 404
    assert store.exchanges == []
    store.gate.set()
    assert (await wire.answer()).endswith(b"1")
    assert len(store.exchanges) == 1


async def test_a_strict_collector_refuses_what_a_lenient_one_mends(start_collector):
    for strict, expected in ((False, b"1"), (True, b"0")):
        collector = await start_collector(store=MemoryStore(), strict=strict)
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(
                collector.address + "/track", data={"data": json.dumps(event())}
            )
        assert answer.content == expected


SPECIFICATION_EXAMPLE = (
    "/track/?data=eyJldmVudCI6ICJnYW1lIiwgInByb3BlcnRpZXMi"
    "OiB7ImlwIjogIjEyMy4xMjMuMTIzLjEyMyIsICJ0b2tlbiI6ICJlM2JiNDEwMDMzMGMzNTcyMjc0"
    "MGZiOGM2ZjVhYmRkYyIsICJ0aW1lIjogMTI0NTYxMzg4NSwgImFjdGlvbiI6ICJwbGF5In19&ip=1"
)


@pytest.mark.parametrize(("now", "expected"), [(1_245_613_885.0, b"1"), (1_800_000_000.0, b"0")])
async def test_the_specifications_example_is_good_in_its_own_time_only(
    start_collector, now, expected
):
    collector = await start_collector(clock=lambda: now)
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(collector.address + SPECIFICATION_EXAMPLE)
    assert answer.content == expected


PROFILE = {"$token": "e3bc41", "$distinct_id": "ann", "$set": {"plan": "pro"}}
GROUP = {"$token": "e3bc41", "$group_key": "shop", "$group_id": "1", "$set": {"open": True}}


@pytest.mark.parametrize(
    ("path", "record"),
    [
        ("/track", event()),
        ("/import", event()),
        ("/engage", PROFILE),
        ("/people", PROFILE),
        ("/groups", GROUP),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/mp-proxy", "/a/b"])
@pytest.mark.parametrize("slash", ["", "/"])
async def test_every_endpoint_receives_stores_and_processes_also_behind_a_proxys_prefix(
    client, collector, store, path, record, prefix, slash
):
    basic = {"Authorization": "Basic dDo="}
    answer = await client.get(target(record, path=prefix + path + slash, test=1), headers=basic)
    assert (answer.status_code, answer.content) == (200, b"1")
    await collector.drained()
    [kept] = store.exchanges
    assert kept.stored == (record,)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("path", "answered"),
    [
        ("/decide/?verbose=1&version=1&lib=web&token=t", {"notifications": [], "config": {}}),
        ("/flags/?context=%7B%7D", {"flags": {}}),
        ("/flags/definitions?token=t", {"flags": []}),
        ("/settings/?sdk_config=1", {"sdk_config": {}}),
        ("/record/?seq=0", {"status": "OK"}),
        ("/mp-proxy/decide", {"surveys": []}),
    ],
)
async def test_what_sdks_ask_beside_is_answered_politely_and_is_no_exchange(
    start_collector, store, method, path, answered
):
    asked: list[str] = []
    collector = await start_collector(on_asked=asked.append)
    async with httpx.AsyncClient(base_url=collector.address, trust_env=False) as client:
        answer = await client.request(
            method, path, headers={"Origin": "http://page.test", "Authorization": "Basic dDo="}
        )
        preflight = await client.options(
            path,
            headers={
                "Origin": "http://page.test",
                "Access-Control-Request-Headers": "authorization,traceparent",
            },
        )
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json().items() >= answered.items()
    for each in (answer, preflight):
        assert each.headers["access-control-allow-origin"] == "http://page.test"
        assert each.headers["access-control-allow-credentials"] == "true"
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-headers"] == "authorization,traceparent"
    assert store.exchanges == []
    assert len(asked) == 1
    assert f"/{asked[0]}" in path
