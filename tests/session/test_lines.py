"""The lines' keys are a contract."""

from __future__ import annotations

from dataclasses import replace

from trackscope.capture.exchange import Exchange, Origin
from trackscope.session.lines import exchange_line
from trackscope.wire.era import rule_book
from trackscope.wire.finding import Finding, Severity
from trackscope.wire.reply import PIXEL, Reply
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import judge

EXCHANGE = Exchange(
    TrackRequest("GET", "http://h/track/?data=e30%3D&img=1"),
    Origin.RECEIVED,
    at=12.5,
    reply=Reply(200, (("Content-Type", "text/plain"), ("A", "1"), ("A", "2")), b"1"),
    id=7,
    took_ms=1.23456,
    verdict=1,
)


def test_an_exchange_adds_its_id_time_origin_and_answer() -> None:
    line = exchange_line(EXCHANGE)
    assert (line["id"], line["at"], line["origin"], line["verdict"]) == (7, 12.5, "received", 1)
    assert line["answer"] == {
        "status": 200,
        "value": 1,
        "headline": "1",
        "sentence": "Data was logged",
        "headers": [["Content-Type", "text/plain"], ["A", "1"], ["A", "2"]],
        "body": "1",
        "took_ms": 1.235,
    }


def test_an_answer_that_is_no_text_is_given_in_hexadecimal() -> None:
    reply = Reply(200, (("Content-Type", "image/gif"),), PIXEL)
    line = exchange_line(replace(EXCHANGE, reply=reply))
    assert line["answer"]["body"] is None
    assert bytes.fromhex(line["answer"]["body_hex"]) == PIXEL
    assert (line["answer"]["value"], line["verdict"]) == (None, 1)


def test_a_finding_without_its_fix_gets_it_again() -> None:
    verdict = judge(EXCHANGE.request, rule_book(), EXCHANGE.at)
    with_fix = [finding for finding in verdict.findings if finding.fix]
    assert with_fix
    bare = tuple(replace(finding, fix=None) for finding in verdict.findings)
    line = exchange_line(replace(EXCHANGE, findings=bare))
    labels = [finding.fix.label for finding in with_fix if finding.fix]
    assert [finding["fix"] for finding in line["findings"] if finding["fix"]] == labels


def test_an_exchange_of_an_unknown_era_keeps_its_findings() -> None:
    finding = Finding("x.new", Severity.NOTE, "/0", "A rule of later years.")
    (line,) = exchange_line(replace(EXCHANGE, era="2042", findings=(finding,)))["findings"]
    assert (line["rule"], line["source"], line["fix"]) == ("x.new", "", None)


def test_without_an_answer_the_line_says_why() -> None:
    line = exchange_line(replace(EXCHANGE, reply=None, verdict=None, failure="Nobody answered."))
    assert (line["answer"], line["verdict"], line["failure"]) == (None, None, "Nobody answered.")
