"""Whatever a person has in hand to lines of JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

EXAMPLE = """\
http://api.mixpanel.com/track/?data=eyJldmVudCI6ICJnYW1lIiwgInByb3BlcnRpZXMi
OiB7ImlwIjogIjEyMy4xMjMuMTIzLjEyMyIsICJ0b2tlbiI6ICJlM2JiNDEwMDMzMGMzNTcyMjc0
MGZiOGM2ZjVhYmRkYyIsICJ0aW1lIjogMTI0NTYxMzg4NSwgImFjdGlvbiI6ICJwbGF5In19&ip=1           
"""

KEYS = [
    "source", "position", "method", "host", "endpoint", "params", "transport", "events", "verdict",
    "findings", "repairs",
]  # fmt: skip


@pytest.mark.parametrize("text", [EXAMPLE, EXAMPLE.replace("\n", "").strip()])
def test_the_specification_s_example_is_decoded_and_too_old_today(run: Run, text: str) -> None:
    ran = run("decode", text)
    (record,) = ran.records
    assert ran.code == 0
    assert list(record) == KEYS
    assert record["events"] == [
        {
            "event": "game",
            "properties": {
                "ip": "123.123.123.123",
                "token": "e3bb4100330c35722740fb8c6f5abddc",
                "time": 1245613885,
                "action": "play",
            },
        }
    ]
    assert (record["method"], record["host"]) == ("GET", "api.mixpanel.com")
    assert (record["endpoint"], record["params"]) == ("/track", {"ip": "1"})
    assert record["verdict"] == 0
    finding = record["findings"][0]
    assert (finding["rule"], finding["severity"]) == ("time.too-old", "error")
    assert (finding["at"], finding["offset"]) == ("/0/properties/time", 103)
    assert finding["offsets"] == {"json": 103, "data": 137, "url": 173}
    assert "48 hours" in finding["source"]
    assert finding["fix"] == "Set to now"


def test_judged_as_if_it_arrived_then_the_example_is_good(run: Run) -> None:
    for now in ("1245613885", "2009-06-21T19:51:25Z", "2009-06-23T19:51:25"):
        (record,) = run("decode", EXAMPLE, "--now", now).records
        assert record["verdict"] == 1
    assert run("decode", EXAMPLE, "--now", "yesterday").code == 2


@pytest.mark.parametrize(
    "text",
    [
        '{"event": "a", "properties": {"token": "t"}}',
        "eyJldmVudCI6ICJhIiwgInByb3BlcnRpZXMiOiB7InRva2VuIjogInQifX0=",
        "data=eyJldmVudCI6ICJhIiwgInByb3BlcnRpZXMiOiB7InRva2VuIjogInQifX0%3D&ip=1",
        "curl h.io/track/ -d data=eyJldmVudCI6ICJhIiwgInByb3BlcnRpZXMiOiB7InRva2VuIjogInQifX0=",
    ],
)
def test_json_base64_form_and_curl_are_read_as_text_file_and_pipe(
    run: Run, text: str, tmp_path: Path
) -> None:
    path = tmp_path / "source"
    path.write_text(text)
    for ran in (run("decode", text), run("decode", str(path)), run("decode", stdin=text.encode())):
        (record,) = ran.records
        assert ran.code == 0
        assert record["events"] == [{"event": "a", "properties": {"token": "t"}}]


def test_a_repaired_request_is_decoded_with_its_repairs(run: Run) -> None:
    ran = run("decode", "http://h.io/track/?data=eyJldmVudCI6ImEifQ")
    assert ran.code == 0
    assert ran.records[0]["repairs"] == ["2 missing = added"]
    assert ran.records[0]["verdict"] == 0


def test_strict_refuses_what_sdks_send(run: Run) -> None:
    url = 'http://h.io/track/?data={"event":"a","properties":{"token":"t"}}'
    assert run("decode", url).records[0]["verdict"] == 1
    assert run("decode", url, "--strict").records[0]["verdict"] == 0


def test_what_cannot_be_decoded_gets_its_line_and_ends_with_1(run: Run) -> None:
    ran = run("decode", "http://h.io/track/?data=eyJ!!!!")
    assert ran.code == 1
    assert ran.records[0]["events"] is None
    assert ran.records[0]["findings"][0]["severity"] == "error"


def test_the_value_that_counts_is_shown_of_a_repeated_parameter(run: Run) -> None:
    ran = run("decode", "http://h.io/track/?data=e30%3D&ip=1&ip=0")
    assert ran.records[0]["params"] == {"ip": "1"}


def test_numbers_that_json_has_not_are_null_in_the_line(run: Run) -> None:
    text = '{"event": "a", "properties": {"token": "t", "n": [NaN, 1e999, -Infinity]}}'
    ran = run("decode", text)
    assert ran.records[0]["events"][0]["properties"]["n"] == [None, None, None]
    assert "NaN" not in ran.out.partition('"findings"')[0]


def test_control_characters_in_an_event_are_escaped(run: Run) -> None:
    ran = run("decode", '{"event": "a\\u001b\\u0085\\u202e\\ud800", "properties": {}}')
    assert ran.records[0]["events"][0]["event"] == "a\x1b\x85\u202e\ud800"
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out


@pytest.mark.parametrize(
    "source",
    ["missing.har", "", "hello", "a\0b", '{"log": {"entries": []}}', "/nowhere/at/all"],
)
def test_what_cannot_be_read_ends_with_2_and_a_sentence(run: Run, source: str) -> None:
    ran = run("decode", source)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("trackscope: ")


def test_a_capture_without_a_tracking_request_is_told_to_be_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.har").write_text('{"log": {"version": "1.2", "entries": []}}')
    ran = run("decode", str(tmp_path / "a.har"))
    assert (ran.code, ran.out) == (2, "")
    assert "this is a HAR file, without a tracking request" in ran.err


def test_an_access_log_is_decoded_and_what_is_passed_over_is_counted(run: Run) -> None:
    line = '1.2.3.4 - - [21/Jun/2009:20:00:00 +0000] "GET {} HTTP/1.1" 200 1 "-" "curl"\n'
    target = EXAMPLE.replace("\n", "").strip().removeprefix("http://api.mixpanel.com")
    ran = run("decode", line.format(target) + 2 * line.format("/health"))
    (record,) = ran.records
    assert ran.code == 0
    assert record["position"] == "line 1"
    assert record["verdict"] == 1, "it is judged as of the time in the log"
    assert "2 passed over: no tracking request" in ran.err


def test_of_a_capture_that_is_cut_off_what_can_be_read_is_decoded(run: Run, tmp_path: Path) -> None:
    entry = {"request": {"method": "GET", "url": EXAMPLE.replace("\n", "").strip()}}
    text = json.dumps({"log": {"version": "1.2", "entries": [entry, entry]}})
    (tmp_path / "cut.har").write_text(text[:-60])
    ran = run("decode", str(tmp_path / "cut.har"))
    assert ran.code == 1
    assert [each["position"] for each in ran.records] == ["entry 0"]
    assert "cut off" in ran.err


def test_a_request_that_the_capture_lacks_a_part_of_has_no_events_but_the_reason(
    run: Run,
) -> None:
    line = '1.2.3.4 - - [21/Jun/2009:20:00:00 +0000] "POST /track/?ip=1 HTTP/1.1" 200 1\n'
    ran = run("decode", line)
    (record,) = ran.records
    assert (ran.code, record["events"], record["verdict"]) == (1, None, None)
    assert record["findings"][0]["rule"] == "capture.incomplete"


def test_a_server_of_one_s_own_can_be_named(run: Run) -> None:
    good = EXAMPLE.replace("\n", "").strip()
    text = f"{good}\nhttp://t.example.com/track?data=broken!"
    assert [each["host"] for each in run("decode", text).records] == ["api.mixpanel.com"]
    ran = run("decode", text, "--host", "t.example.com")
    assert [each["host"] for each in ran.records] == ["api.mixpanel.com", "t.example.com"]


def test_one_missing_source_of_two_leaves_the_other_and_ends_with_1(run: Run) -> None:
    ran = run("decode", "missing.har", EXAMPLE)
    assert ran.code == 1
    assert len(ran.records) == 1
    assert "missing.har" in ran.err


def test_a_batch_of_many_faulty_events_is_decoded_in_good_time(run: Run) -> None:
    events = ",".join('{"event": "", "properties": {"level": 7}}' for _ in range(2000))
    ran = run("decode", f"[{events}]")
    assert len(ran.records[0]["findings"]) > 4000
    assert ran.records[0]["findings"][-1]["rule"]


def test_a_request_is_judged_as_if_in_another_era(run: Run) -> None:
    source = '{"event":"a","properties":{"token":"t","time":1245613885000}}'
    verdicts = {}
    for era in ("2011", "classic", "current"):
        (record,) = run("decode", source, "--era", era, "--now", "1245613885").records
        verdicts[era] = record["verdict"]
    assert verdicts == {"2011": 0, "classic": 0, "current": 1}


def test_the_source_of_a_finding_is_that_of_the_era(run: Run) -> None:
    (record,) = run("decode", EXAMPLE, "--era", "current").records
    sources = [each["source"] for each in record["findings"] if each["rule"] == "time.too-old"]
    assert sources == [
        "documented: /track takes events of the last 5 days; /import those from 1971 on"
    ]


def test_a_capture_is_judged_as_if_received_three_days_later(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    data = "eyJldmVudCI6ImdhbWUiLCJwcm9wZXJ0aWVzIjp7InRva2VuIjoiYWJjIiwidGltZSI6MTMyMjA5MjgwMH19"
    log.write_text(
        f'::1 - - [24/Nov/2011:00:00:05 +0000] "GET /track/?data={data} HTTP/1.1" 200 1\n'
    )
    found = [run("decode", str(log), *now).records[0] for now in ((), ("--now", "+3d"))]
    assert [each["verdict"] for each in found] == [1, 0]
