"""`trackscope check`: captures and histories against a plan, the exit code, and its files."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.cli.conftest import Run

from trackscope.capture.exchange import Exchange, Origin
from trackscope.history.history import History
from trackscope.wire.editing import with_payload
from trackscope.wire.request import TrackRequest

BARE = TrackRequest("GET", "http://api.mixpanel.com/track/")
PLAN = {
    "entries": [
        {"name": "Login", "schemaJson": {"properties": {"ok": {"type": "boolean"}}}},
        {"name": "Purchase", "schemaJson": {"required": ["amount"]}},
    ]
}


def exchange(name: str, /, verdict: int = 1, **properties: Any) -> Exchange:
    payload = json.dumps({"event": name, "properties": {"token": "t", **properties}})
    request = with_payload(BARE, payload)
    return Exchange(request, Origin.RECEIVED, 12.5, names=(name,), verdict=verdict)


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(PLAN))
    return str(path)


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "urls.txt"
    write(path, exchange("Login", ok=True), exchange("Purchase", amount=3))
    return path


def write(path: Path, *exchanges: Exchange) -> None:
    path.write_text("\n".join(each.request.url for each in exchanges))


def test_what_follows_the_plan_passes(run: Run, plan: str, capture: Path) -> None:
    ran = run("check", str(capture), "--plan", plan)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("plan.json: passed. 2 events checked, 2 of 2 planned")


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (exchange("Login", ok="yes"), "plan.type"),
        (exchange("Purchase"), "plan.required"),
        (exchange("Log in"), "plan.unplanned"),
    ],
)
def test_what_does_not_follow_the_plan_ends_with_1(
    run: Run, plan: str, capture: Path, wrong: Exchange, rule: str
) -> None:
    write(capture, wrong)
    ran = run("check", str(capture), "--plan", plan)
    assert ran.code == 1
    assert f"  {rule}: " in ran.out


def test_an_event_that_never_came_fails_only_where_all_are_asked_for(
    run: Run, plan: str, capture: Path
) -> None:
    write(capture, exchange("Login"))
    assert run("check", str(capture), "--plan", plan).code == 0
    assert run("check", str(capture), "--plan", plan, "--all").code == 1


def test_a_request_that_was_answered_0_fails_unless_only_the_plan_is_asked(
    run: Run, plan: str, tmp_path: Path
) -> None:
    path = tmp_path / "run.trackscope"
    with closing(History.open(path)) as history:
        history.append_many([exchange("Login", 0)])
    ran = run("check", str(path), "--plan", plan)
    assert ran.code == 1
    assert "answered 0" in ran.out
    assert run("check", str(path), "--plan", plan, "--plan-only").code == 0


def test_the_result_is_written_for_scripts_and_ci(
    run: Run, plan: str, capture: Path, tmp_path: Path
) -> None:
    record, xml = tmp_path / "out.json", tmp_path / "out.xml"
    run("check", str(capture), "--plan", plan, "--json", str(record), "--junit", str(xml))
    read = json.loads(record.read_text())
    assert read["passed"]
    assert [each["state"] for each in read["events"]] == ["seen", "seen"]
    assert len(ElementTree.parse(xml).findall(".//testcase")) == 2


def test_a_source_that_ends_early_is_not_passed(run: Run, plan: str, tmp_path: Path) -> None:
    cut = tmp_path / "cut.har"
    cut.write_text('{"log": {"entries": [')
    ran = run("check", str(cut), str(tmp_path / "none.har"), "--plan", plan)
    assert ran.code == 2
    assert "There is no such file" in ran.err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"entries": 3}', "plan.json: There is no list of entries in it."),
        ('[{"name": "a", "schemaJson": {"$ref": "http://h/"}}]', "nothing is fetched"),
    ],
)
def test_a_plan_that_is_none_ends_with_2(
    run: Run, plan: str, capture: Path, content: str, sentence: str
) -> None:
    Path(plan).write_text(content)
    ran = run("check", str(capture), "--plan", plan)
    assert (ran.code, ran.out) == (2, "")
    assert sentence in ran.err


def test_a_plan_that_is_not_there_ends_with_2(run: Run, capture: Path) -> None:
    ran = run("check", str(capture), "--plan", "none.json")
    assert ran.code == 2
    assert "There is no file none.json" in ran.err


EXPECT = """
expect:
- after: Login
  event: Purchase
  title: Who logs in buys
- never: Error
- event: Page
  where: { n: "> 1" }
- before: Refund
  event: Purchase
"""


def test_what_is_expected_of_a_run_is_told_with_its_light(
    run: Run, plan: str, capture: Path, tmp_path: Path
) -> None:
    (tmp_path / "expect.yaml").write_text(EXPECT)
    result, xml = tmp_path / "result.json", tmp_path / "result.xml"
    files = ["--json", str(result), "--junit", str(xml)]
    ran = run(
        "check", str(capture), "--plan", plan, "--expect", str(tmp_path / "expect.yaml"), *files
    )
    assert ran.code == 1
    assert ran.out.split("\n\n")[-1].splitlines() == [
        "Expectations: 1 waiting, 2 met, 1 broken.",
        "  met      Who logs in buys",
        "  met      never Error",
        "  broken   at least 1 Page with n > 1",
        "           expected at least 1 Page with n > 1, none came",
        "  waiting  before Refund, Purchase",
        "           nothing came that tells",
    ]
    lights = [each["light"] for each in json.loads(result.read_text())["expectations"]]
    assert lights == ["met", "met", "broken", "waiting"]
    suite = ElementTree.fromstring(xml.read_text()).find("testsuite")
    assert suite is not None
    cases = [each for each in suite if each.get("classname") == "expectations"]
    assert [[inner.tag for inner in each] for each in cases] == [[], [], ["failure"], ["skipped"]]


def test_what_the_plan_expects_counts(run: Run, capture: Path, tmp_path: Path) -> None:
    beside = tmp_path / "plan.json"
    beside.write_text(json.dumps({**PLAN, "expect": [{"never": "Purchase"}]}))
    ran = run("check", str(capture), "--plan", str(beside))
    assert ran.code == 1
    assert "           Purchase (urls.txt, line 2) came" in ran.out.splitlines()


def test_a_plan_from_standard_input_has_its_expectations(run: Run, capture: Path) -> None:
    text = json.dumps({**PLAN, "expect": [{"never": "Error"}]})
    ran = run("check", str(capture), "--plan", "-", stdin=text.encode())
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "  met      never Error")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("expect:\n- nevr: A\n", "expect.yaml: Line 2: There is no key nevr. Did you mean never?"),
        ("never: A\n", "expect.yaml: there is nothing in expect."),
    ],
)
def test_a_mistake_in_what_is_expected_ends_with_2(
    run: Run, plan: str, capture: Path, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "expect.yaml").write_text(text)
    ran = run("check", str(capture), "--plan", plan, "--expect", str(tmp_path / "expect.yaml"))
    assert ran.code == 2
    assert message in ran.err
