"""Forms of requests without a word on their sender, as `wire-facts.md` §11 has them."""

from __future__ import annotations

import pytest
from tests.wire.rules.asking import base64_of, event, get
from tests.wire.sdks import HERE, records

from trackscope.wire.decoding import decode
from trackscope.wire.request import TrackRequest, form_encode
from trackscope.wire.sender_form import agent_of, form_of, shape_of

JSON = '[{"event":"a","properties":{"token":"t"}}]'
DATA = form_encode(base64_of(JSON))
FORM = ("Content-Type", "application/x-www-form-urlencoded")
UTF8 = ("Content-Type", "application/x-www-form-urlencoded;charset=utf8")
BARE = ("Content-Type", "application/json")
STAMP = "1795446364084"

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"
IPHONE = "Shop/7 CFNetwork/1490.0.4 Darwin/23.2.0"
ANDROID = "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8)"


def sent(
    target: str, body: str = "", agent: str | None = None, *headers: tuple[str, str]
) -> TrackRequest:
    known = headers if agent is None else (("User-Agent", agent), *headers)
    method = "POST" if body else "GET"
    return TrackRequest(method, f"http://h{target}", known, body.encode())


def form_name(request: TrackRequest) -> str | None:
    decoded = decode(request)
    params = tuple((each.name, each.value) for each in decoded.params)
    form = form_of(shape_of(request, params, decoded.transport))
    return form and form.name


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("mixpanel-browser", sent(f"/track/?ip=1&_={STAMP}", f"data={DATA}", FIREFOX, FORM)),
        ("mixpanel-browser", sent(f"/p/track/?data={DATA}&test=1&ip=1&_={STAMP}", "", FIREFOX)),
        ("mixpanel-browser", sent(f"/track/?verbose=1&ip=1&_={STAMP}", f"data={DATA}", FIREFOX)),
        ("mixpanel-browser", sent(f"/track/?img=1&ip=1&_={STAMP}", "", FIREFOX)),
        ("mixpanel-browser", sent(f"/track/?data={DATA}&ip=1&_={STAMP}")),
        ("mixpanel-browser", sent(f"/track/?callback=a.b&data={DATA}&ip=1&_={STAMP}")),
        ("mixpanel-browser", sent("/flags/", '{"context":{}}', FIREFOX)),
        ("mixpanel-python", sent("/track", f"data={DATA}&verbose=1&ip=0", "python-requests/2.3")),
        ("mixpanel-python", sent("/import", f"ip=0&data={DATA}&verbose=1", "Python-urllib/2.7")),
        ("mixpanel-ruby", sent("/track", f"data={DATA}&verbose=1", "Ruby", FORM)),
        ("mixpanel-php", sent("/track", f"data={base64_of(JSON)}", None, ("Accept", "*/*"), FORM)),
        ("mixpanel-node", sent(f"/track?ip=0&verbose=0&data={DATA}")),
        ("mixpanel-node", sent(f"/engage?data={DATA}&ip=0&verbose=0&test=1")),
        ("mixpanel-node", sent("/track?ip=0&verbose=0", f"data={base64_of(JSON)}", None, FORM)),
        ("mixpanel-java", sent("/track?ip=0", f"data={DATA}", "Java/17", UTF8)),
        ("mixpanel-java", sent("/import?strict=1", JSON, "Java/17", BARE)),
        ("mixpanel-go", sent("/track?verbose=1", JSON, "Go-http-client/1.1", BARE)),
        ("dukex/mixpanel", sent("/track", f"data={DATA}", "Go-http-client/1.1")),
        ("mixpanel-android", sent("/track/?ip=1", f"data={DATA}", ANDROID, FORM)),
        ("mixpanel-iphone", sent("/track/", f"ip=1&data={base64_of(JSON)}", IPHONE, FORM)),
        ("mixpanel-react-native", sent("/track/?ip=1", f"data={JSON}", "okhttp/4.9.2", FORM)),
    ],
)  # fmt: skip
def test_the_form_of_an_sdk_is_known(name: str, request_: TrackRequest) -> None:
    assert form_name(request_) == name


@pytest.mark.parametrize(
    "request_",
    [
        get(event()),
        sent(f"/track/?data={DATA}&ip=1&img=1", "", FIREFOX),
        sent(f"/track/?ip=1&data={DATA}&_={STAMP}", "", FIREFOX),
        sent(f"/track/?data={DATA}&ip=1&_=12", "", FIREFOX),
        sent(f"/track/?data={DATA}&ip=1&ip=1&_={STAMP}", "", FIREFOX),
        sent(f"/track/?data={DATA}&ip=1&_={STAMP}", "", "curl/8.4.0"),
        sent("/track/", f"data={DATA}", FIREFOX, FORM),
        sent("/track", f"data={DATA}", "python-requests/2.3"),
        sent("/track", f"data={DATA}&verbose=1&ip=0", "curl/8.4.0", FORM),
        sent("/track/?ip=1", JSON, IPHONE, BARE),
        sent("/track?ip=0&verbose=0&data=e30%3D", "", None, ("Accept", "*/*")),
        sent("/track/?_=", "data"),
        sent(""),
    ],
)
def test_a_form_that_anyone_could_write_is_nobodys(request_: TrackRequest) -> None:
    assert form_name(request_) is None


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        (FIREFOX, "browser"),
        ("python-urllib3/1.26.20", "Python program"),
        ("Go 1.1 package http", "Go program"),
        ("Java/1.8.0_402", "Java program"),
        (IPHONE, "Apple app"),
        (ANDROID, "Android app"),
        ("curl/8.4.0", "tool"),
        ("Shop/7", ""),
        ("", ""),
        ("x" * 100_000 + "CFNetwork/", ""),
        (None, None),
    ],
)
def test_a_user_agent_names_a_kind_of_program(agent: str | None, kind: str | None) -> None:
    assert agent_of(sent("/track", "", agent)) == kind


@HERE
def test_the_forms_of_recorded_requests_are_their_sdks_or_nobodys() -> None:
    for each in records():
        assert form_name(each.request) in (each.sdk, None), each.id
