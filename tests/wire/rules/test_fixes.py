"""Applying a finding's fix never fails, makes the finding go away, and adds no other error."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from tests.wire.rules.asking import (
    FORM_HEADERS,
    NOW,
    TRANSPORTS,
    base64_of,
    carried,
    found,
    get,
    judged,
    the,
)
from tests.wire.rules.asking import event as an_event
from tests.wire.rules.cases import EXAMPLES, Example

from trackscope.wire.editing import apply_edits
from trackscope.wire.era import ERAS
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.json_text import dumps
from trackscope.wire.request import TrackRequest, form_encode

REVEALED = {
    "time.milliseconds": {"time.too-old"},
    "time.type": {"time.too-old"},
    "properties.missing": {"token.missing"},
}
"""What a fix may uncover, because it was wrong all along: the moment that was meant, no token."""

UNFIXED = {
    "data.missing",  # nothing is there that could be sent
    "data.alphabet",
    "data.size",
    "data.utf8",
    "json.shape",
    "json.empty-batch",
    "json.depth",
    "json.number",
    "event.name-missing",  # a name must be thought of
    "event.name-blank",
    "event.size",  # what to leave out must be chosen
    "properties.type",
    "properties.count",
    "properties.nesting",
    "token.missing",
    "batch.size",
    "time.recent",  # it belongs to another endpoint
    "insert-id.missing",
    "insert-id.form",
    "credentials.missing",
    "profile.operation",
    "profile.operand",
    "profile.owner",
    "profile.token",
    "sdk.pixel",  # what an SDK does is changed in the app
    "sdk.cesu8",
    "sdk.half-emoji",
    "sdk.raw-base64",
    "sdk.not-finite",
    "sdk.length",
    "sdk.insert-id",
}
"""Rules whose example no edit can mend without asking somebody."""


def _errors(findings: tuple[Finding, ...]) -> set[str]:
    return {each.rule for each in findings if each.severity is Severity.ERROR}


def assert_mends(
    request: TrackRequest, finding: Finding, *, strict: bool = False, era: str = "2011"
) -> None:
    assert finding.fix is not None
    assert finding.fix.label.isprintable()
    assert 0 < len(finding.fix.label) <= 60
    before = judged(request, strict=strict, era=era)
    mended = apply_edits(request, finding.fix.edits)
    after = judged(mended, strict=strict, era=era)
    told = f"{finding}\n{request}\n{mended}\n{after.findings}"
    assert (finding.rule, finding.at) not in {(each.rule, each.at) for each in after.findings}, told
    if before.decoded.events is None:
        return  # only now are the events read, and judged
    added = _errors(after.findings) - _errors(before.findings)
    assert added <= REVEALED.get(finding.rule, set()), told


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.rule)
@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
def test_the_fix_of_every_example_makes_its_finding_go_away(example: Example, strict: bool) -> None:
    (finding,) = found(example.request, example.rule, strict=strict, era=example.era)
    assert (finding.fix is None) == (example.rule in UNFIXED)
    if finding.fix is not None:
        assert finding.fix.label.strip() == finding.fix.label != ""
        assert_mends(example.request, finding, strict=strict, era=example.era)


NAMES = st.one_of(
    st.sampled_from(["token", "time", "ip", "distinct_id", "mp_name_tag", "event", "properties"]),
    st.sampled_from(["mp_", "mp_a", "mp_mp_a", "a", "mp_a/b", 'mp_"~', "mp_0", "0", "é😀"]),
    st.sampled_from(["$insert_id", "$ignore", "bucket", "mp_distinct_id", "mp_bucket"]),
    st.sampled_from(["Token", "$token", "mp_token", "api_token", "project_token", "TOKEN"]),
    st.sampled_from(["a/b", "a~b", "~1", "~0", "", '"', "\\", "n" * 255 + "a", "n" * 255 + "b"]),
    st.text(max_size=5),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["", " ", "2011-11-23", "2011-11-23T10:00:00Z", "1322092800", "::1"]),
    st.sampled_from(["undefined", "a b", "n/a", -1, int(NOW * 1000) + 7]),
    st.sampled_from([0, 1, int(NOW), int(NOW * 1000), NOW * 1e6, 1e308, 10**400, "n" * 300]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
PROPERTIES = st.dictionaries(NAMES, VALUES, max_size=6)
EVENTS = st.one_of(
    st.fixed_dictionaries(
        {}, optional={"event": SCALARS, "properties": PROPERTIES | VALUES, "user": VALUES}
    ),
    st.builds(
        lambda name, more: an_event(name, **{k: v for k, v in more.items() if k != "name"}),
        SCALARS,
        PROPERTIES,
    ),
    VALUES,
)


@st.composite
def repeating(draw: st.DrawFn, value: Any) -> str:
    """JSON of the value in which members may stand twice."""
    if isinstance(value, list):
        return "[" + ", ".join(draw(repeating(each)) for each in value) + "]"
    if not isinstance(value, dict):
        return dumps(value)
    members = [(key, each) for key, each in value.items()]
    if members and draw(st.integers(0, 5)) == 0:
        members.insert(0, (draw(st.sampled_from(members))[0], draw(SCALARS)))
    inner = ", ".join(f"{dumps(key)}: {draw(repeating(each))}" for key, each in members)
    return "{" + inner + "}"


PAYLOADS = (st.lists(EVENTS, max_size=3) | EVENTS).flatmap(repeating)
PARAMETERS = st.one_of(
    st.sampled_from(["ip", "img", "test", "verbose", "redirect", "callback", "_"]),
    st.sampled_from(["IP", "Img", "Redirect", "CALLBACK", "DATA", "x", "a b", "é", "%", "&"]),
)
PARAMETER_VALUES = st.one_of(
    st.sampled_from(["", "0", "1", "true", "NO", "2", "alert(1)", "a.b", "a[0]"]),
    st.sampled_from(["http:/x", "javascript:x", "https://a.b/", "//e.f", "///", "/a.b", ".", ".."]),
    st.sampled_from(["example.com/a", "a.b:80/c", "a..b", "é.b/c d", "user@a.b", "[::1].a"]),
    st.text(max_size=6),
)
EXTRAS = st.lists(st.tuples(PARAMETERS, PARAMETER_VALUES), max_size=4).map(
    lambda pairs: "".join(f"&{form_encode(k)}={form_encode(v)}" for k, v in pairs)
)


def _mends_all(request: TrackRequest, *, strict: bool, era: str = "2011") -> None:
    for finding in judged(request, strict=strict, era=era).findings:
        if finding.fix is not None:
            event(finding.rule)
            assert_mends(request, finding, strict=strict, era=era)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(PAYLOADS, EXTRAS, st.sampled_from(TRANSPORTS), st.booleans(), st.sampled_from(list(ERAS)))
def test_every_fix_of_any_request_makes_its_finding_go_away(
    payload: str, extra: str, transport: str, strict: bool, era: str
) -> None:
    _mends_all(carried(payload, transport, extra), strict=strict, era=era)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(PAYLOADS, st.data(), st.booleans())
def test_every_fix_of_oddly_encoded_data_makes_its_finding_go_away(
    payload: str, data: st.DataObject, strict: bool
) -> None:
    text = base64_of(payload)
    for way in data.draw(st.lists(st.sampled_from(WAYS), min_size=1, max_size=3)):
        text = way(text)
    if data.draw(st.booleans()):
        request = get(data=text)
    else:
        request = TrackRequest("POST", "http://h/track", FORM_HEADERS, f"data={text}".encode())
    _mends_all(request, strict=strict)


WAYS = (
    lambda text: text.replace("+", "-").replace("/", "_"),
    lambda text: text.rstrip("="),
    lambda text: base64_of(text.encode()),
    form_encode,
    lambda text: "%0A".join(text[at : at + 20] for at in range(0, len(text), 20)),
    lambda text: f"%20{text}%20",
    lambda text: text[:-3],
    lambda text: base64_of(gzip.compress(text.encode(), mtime=0)),
)


@settings(max_examples=200)
@given(PAYLOADS, st.integers(0, 200), st.text(",}]{[\"\\ x1'", max_size=3), st.integers(0, 3))
def test_every_fix_of_broken_json_makes_its_finding_go_away(
    payload: str, place: int, inserted: str, cut: int
) -> None:
    assume(payload)
    place %= len(payload)
    broken = payload[:place] + inserted + payload[place + cut :]
    _mends_all(get(broken), strict=False)


@pytest.mark.parametrize(
    "name", ["mp_a/b", "mp_~", "mp_~1", 'mp_"', "mp_\\", "mp_é", "mp_", "mp_mp_"]
)
def test_an_odd_name_loses_its_prefix(name: str) -> None:
    request = get(an_event(**{name: "x"}))
    assert_mends(request, the(request, "property.reserved-prefix"))


def test_the_edits_of_a_fix_change_nothing_else() -> None:
    text = '{ "event" : "a",\n "properties" :{"token":"t", "mp_x" : "1" , "z":"2"} }'
    request = get(text)
    finding = the(request, "property.reserved-prefix")
    assert finding.fix is not None
    mended = apply_edits(request, finding.fix.edits)
    assert judged(mended).decoded.json_text == text.replace("mp_x", "x")


def test_time_in_milliseconds_becomes_seconds() -> None:
    request = get(an_event(time=int(NOW * 1000)))
    finding = the(request, "time.milliseconds")
    assert finding.fix is not None
    events = judged(apply_edits(request, finding.fix.edits)).decoded.events
    assert events == (json.loads(json.dumps(an_event())),)


def test_a_wrong_case_of_a_parameter_is_put_right_and_its_value_kept() -> None:
    request = get(extra="&IP=1")
    finding = the(request, "param.unknown")
    assert finding.fix is not None
    assert judged(apply_edits(request, finding.fix.edits)).decoded.is_on("ip")
