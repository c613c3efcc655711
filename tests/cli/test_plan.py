"""`trackscope plan learn`: a plan from captures, and a plan that is widened by them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.cli.test_check import exchange, write


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "urls.txt"
    write(path, exchange("Login", ok=True), exchange("Purchase", amount=3))
    return path


@pytest.mark.parametrize("name", ["plan.json", "plan.yaml"])
def test_a_learned_plan_passes_what_it_was_learned_from(
    run: Run, capture: Path, tmp_path: Path, name: str
) -> None:
    plan = str(tmp_path / name)
    ran = run("plan", "learn", str(capture), "-o", plan)
    assert (ran.code, ran.out) == (0, "added    Login\nadded    Purchase\n")
    assert "Wrote" in ran.err
    assert run("check", str(capture), "--plan", plan, "--all").code == 0


def test_a_plan_that_is_there_is_widened(run: Run, capture: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    run("plan", "learn", str(capture), "-o", str(plan))
    write(capture, exchange("Login", ok="yes"), exchange("Logout"))
    before = plan.read_text()
    ran = run("plan", "learn", str(capture), "-o", str(plan), "--dry-run")
    assert ran.out.splitlines() == [
        "widened  Login: ok (it is true or false or a string)",
        "missing  Purchase",
        "added    Logout",
    ]
    assert plan.read_text() == before
    assert run("plan", "learn", str(capture), "-o", str(plan)).code == 0
    names = [each["name"] for each in json.loads(plan.read_text())["entries"]]
    assert names == ["Login", "Purchase", "Logout"]
    assert run("check", str(capture), "--plan", str(plan)).code == 0


def test_nothing_is_written_where_nothing_was_read(run: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert run("plan", "learn", str(tmp_path / "none"), "-o", str(plan)).code == 2
    assert not plan.exists()


def test_a_file_that_is_no_plan_is_left_alone(run: Run, capture: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text("{}")
    assert run("plan", "learn", str(capture), "-o", str(plan)).code == 2
    assert plan.read_text() == "{}"


def test_a_plan_of_another_tool_is_converted(run: Run, tmp_path: Path) -> None:
    export = tmp_path / "lexicon.csv"
    export.write_text("Event Name,Property Name,Data Type\nLogin,,\nLogin,ok,Boolean\n")
    plan = tmp_path / "plan.yaml"
    ran = run("plan", "convert", str(export), "-o", str(plan))
    assert (ran.code, ran.out) == (0, "")
    assert "1 event." in ran.err
    assert plan.read_text().startswith("entries:\n- entityType: event\n  name: Login\n")


def test_a_plan_of_another_tool_is_not_written_over(
    run: Run, capture: Path, tmp_path: Path
) -> None:
    export = tmp_path / "lexicon.csv"
    export.write_text("Event Name,Property Name\nLogin,\n")
    ran = run("plan", "learn", str(capture), "-o", str(export))
    assert ran.code == 2
    assert "Convert it first" in ran.err
    assert export.read_text() == "Event Name,Property Name\nLogin,\n"


def test_plan_alone_says_what_it_can_do(run: Run) -> None:
    ran = run("plan")
    assert ran.code == 2
    assert "learn|convert" in ran.err
