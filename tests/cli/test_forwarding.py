"""The options on forwarding, and what is said of it."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from trackscope.cli.forwarding import EVERY_S, Forwarding, Reports, settings_of
from trackscope.cli.listen import add_arguments
from trackscope.cli.listen_settings import merged
from trackscope.errors import UsageError
from trackscope.history.forwarding import Outcome, State
from trackscope.history.history import History
from trackscope.history.journal import Journal
from trackscope.session.forward_change import Answer, write_forward
from trackscope.session.forwarding import ForwardSettings

URL = "http://127.0.0.1:8701"


def parsed(*arguments: str) -> ForwardSettings | None:
    parser = ArgumentParser()
    add_arguments(parser)
    return settings_of(merged(parser.parse_args(arguments)))


def test_nothing_is_forwarded_unless_a_target_is_named() -> None:
    assert parsed() is None


def test_the_options_become_settings() -> None:
    settings = parsed(
        "--forward", f"{URL}/", "--forward-token", "a=b", "--forward-token", "*=c=d",
        "--forward-only", "game", "--forward-accepted", "--forward-again",
    )  # fmt: skip
    assert settings == ForwardSettings(URL, {"a": "b", "*": "c=d"}, frozenset({"game"}), True, True)


@pytest.mark.parametrize(
    "options",
    [
        ("--forward-token", "a=b"),
        ("--forward-only", "game"),
        ("--forward-accepted",),
        ("--forward-again",),
    ],
)
def test_an_option_without_a_target_is_refused(options: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=f"{options[0]} needs a target"):
        parsed(*options)


@pytest.mark.parametrize("pair", ["a", "=b", "a=", "="])
def test_a_token_pair_names_both(pair: str, run: Run) -> None:
    ran = run("listen", "--forward", URL, "--forward-token", pair)
    assert ran.code == 2
    assert "does not say FROM=TO" in ran.err


def test_forwarding_to_itself_is_refused_in_a_sentence(run: Run) -> None:
    ran = run("listen", "--port", "8701", "--forward", "http://localhost:8701")
    assert (ran.code, ran.out) == (2, "")
    assert "is this collector itself" in ran.err


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_trouble_is_said_at_once_and_then_now_and_then(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = Clock()
    reports = Reports(URL, clock)
    for number in range(5):
        reports.tell(number, Outcome(State.WAITING, 0.0, "Nothing is listening."))
    assert capsys.readouterr().err == (
        "trackscope: Exchange 0 is not forwarded yet, and tried again: Nothing is listening.\n"
    )
    reports.tell(7, Outcome(State.UNKNOWN, 0.0, "It was cut off."))
    assert "Exchange 7 may not have been forwarded: It was cut off." in capsys.readouterr().err
    clock.seconds = EVERY_S
    reports.tell(8, Outcome(State.WAITING, 0.0, "Nothing is listening."))
    assert "(4 more like it since the last one.)" in capsys.readouterr().err


def test_it_is_said_once_that_it_works_again(capsys: pytest.CaptureFixture[str]) -> None:
    reports = Reports(URL, Clock())
    reports.tell(1, Outcome(State.SENT, 0.0, "", 200, 1))
    assert capsys.readouterr().err == ""
    reports.tell(2, Outcome(State.WAITING, 0.0, "Nothing is listening."))
    reports.tell(2, Outcome(State.SENT, 0.0, "", 200, 1))
    reports.tell(3, Outcome(State.SENT, 0.0, "", 200, 1))
    assert capsys.readouterr().err.count(f"Forwarding to {URL} works again.") == 1


def test_what_a_server_says_cannot_control_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Reports(URL, Clock()).tell(1, Outcome(State.REFUSED, 0.0, "\x1b[2J{id}" + "x" * 1000, 200, 0))
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert len(said) < 500


def test_the_tally_counts_what_became_of_each() -> None:
    reports = Reports(URL, Clock())
    for state in State:
        reports.tell(1, Outcome(state, 0.0))
    assert reports.tally(2) == (
        f"Forwarded to {URL}: 1 accepted, 1 refused, 3 not sent, 2 waiting."
    )


async def test_a_line_switches_forwarding_on_and_off(tmp_path: Path) -> None:
    path = tmp_path / "h"
    async with closing_journal(path) as (journal, history):
        onward = Forwarding(journal, history, path)
        try:
            settings = ForwardSettings(f"{URL}/", {"a": "b"})
            answer = await onward.carry_out(write_forward(settings), "http://127.0.0.1:8700")
            assert answer == Answer(ForwardSettings(URL, {"a": "b"}))
            assert journal.forward_target is not None
            assert await onward.carry_out(write_forward(None), "") == Answer(None)
            assert journal.forward_target is None
        finally:
            await onward.stop()


async def test_what_cannot_be_forwarded_so_leaves_it_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "h"
    async with closing_journal(path) as (journal, history):
        onward = Forwarding(journal, history, path)
        try:
            settings = ForwardSettings(URL)
            await onward.carry_out(write_forward(settings), "http://127.0.0.1:8700")
            answer = await onward.carry_out(write_forward(settings), URL)
            assert answer.settings == settings
            assert "is this collector itself" in answer.error
        finally:
            await onward.stop()


async def test_only_one_program_forwards_from_a_history_to_a_target(tmp_path: Path) -> None:
    path = tmp_path / "h"
    async with closing_journal(path) as (journal, history):
        first, second = (Forwarding(journal, history, path) for _ in range(2))
        try:
            await first.switch(ForwardSettings(URL))
            line = write_forward(ForwardSettings(URL))
            answer = await second.carry_out(line, "http://127.0.0.1:8700")
            assert answer.settings is None
            assert "already forwards" in answer.error
        finally:
            await first.stop()
            await second.stop()


@asynccontextmanager
async def closing_journal(path: Path) -> AsyncIterator[tuple[Journal, History]]:
    with closing(History.open(path)) as history:
        journal = Journal.open(path)
        try:
            yield journal, history
        finally:
            await journal.close()
