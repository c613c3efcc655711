"""What `listen` is told by options and by a file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import pytest

from trackscope.cli.listen import add_arguments
from trackscope.cli.listen_settings import MAX_CONFIG, ListenSettings, merged
from trackscope.collector.faults import parse_faults
from trackscope.errors import SourceError, TrackscopeError, UsageError

WHOLE = """
port = 0
host = "localhost"
era = "2011"
strict = true
history = "run.trackscope"
max-body = 1000
follow = true
control = 9000
fault = ["500 every 3", "0 event 'Sign up'"]
forward = "http://127.0.0.1:8701"
forward-token = { a = "b", "*" = "c" }
forward-only = ["game"]
forward-accepted = true
forward-again = true
"""


def settings(*options: str) -> ListenSettings:
    parser = ArgumentParser()
    add_arguments(parser)
    return merged(parser.parse_args(options))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "listen.toml"


def test_without_a_word_the_defaults_stand():
    assert settings() == ListenSettings()


def test_a_file_says_all_that_options_say(config):
    config.write_text(WHOLE)
    by_file = settings("--config", str(config))
    assert by_file == ListenSettings(
        0,
        "localhost",
        "2011",
        True,
        config.parent / "run.trackscope",
        1000,
        True,
        9000,
        parse_faults(["500 every 3", "0 event 'Sign up'"]),
        "http://127.0.0.1:8701",
        (("a", "b"), ("*", "c")),
        ("game",),
        True,
        True,
    )
    options = ["--port", "0", "--host", "localhost", "--era", "2011", "--strict", "--follow"]
    options += ["--history", str(config.parent / "run.trackscope"), "--max-body", "1000"]
    options += ["--control", "9000", "--fault", "500 every 3", "--fault", "0 event 'Sign up'"]
    options += ["--forward", "http://127.0.0.1:8701", "--forward-token", "a=b"]
    options += ["--forward-token", "*=c", "--forward-only", "game"]
    options += ["--forward-accepted", "--forward-again"]
    assert settings(*options) == by_file


def test_options_win_over_the_file(config):
    config.write_text(WHOLE)
    given = settings(
        "--config", str(config), "--port", "5", "--no-strict", "--control", "--fault", "cut"
    )
    assert (given.port, given.strict, given.control) == (5, False, 0)
    assert given.fault == parse_faults(["cut"])
    assert given.max_body == 1000


@pytest.mark.parametrize(
    ("line", "control"), [("control = true", 0), ("control = false", None), ("control = 7", 7)]
)
def test_a_file_may_ask_for_a_control_port_or_leave_the_choice(config, line, control):
    config.write_text(line)
    assert settings("--config", str(config)).control == control


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("prot = 1", "there is no key prot. Did you mean port?"),
        ("zzz = 1", "there is no key zzz. There are: port, host,"),
        ('port = "8700"', "port is '8700'. Expected is a whole number from 0"),
        ("port = 70000", "port is 70000. Expected is"),
        ("port = true", "port is True. Expected is"),
        ("strict = 1", "strict is 1. Expected is true or false."),
        ('era = "1999"', "era is '1999'. Expected is one of 2011"),
        ("history = 1", "history is 1. Expected is a text: the path of a file."),
        ('history = "a\\u0000"', "Expected is a text: the path of a file."),
        ('fault = "500"', "fault is '500'. Expected is a list of texts"),
        ('fault = ["five"]', 'fault: The fault "five" cannot be read: five is no faulty answer.'),
        ("forward = 1", "forward is 1. Expected is a text: the URL of a server."),
        ('forward-token = ["a=b"]', "Expected is a table of texts"),
        ("forward-token = { a = 1 }", "Expected is a table of texts"),
        ("max-body = 0", "max-body is 0. Expected is a whole number of bytes."),
        ("[port]\na = 1", "port is {'a': 1}. Expected is"),
        ("port = ", "is not TOML"),
        ("port = 1\nport = 2", "is not TOML"),
        ("a = " + "[" * 5000, "is not TOML"),
    ],
)
def test_what_cannot_be_used_is_named_with_what_is_expected(config, text, sentence):
    config.write_text(text)
    with pytest.raises(TrackscopeError) as caught:
        settings("--config", str(config))
    assert str(caught.value).startswith(str(config))
    assert sentence in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(config):
    with pytest.raises(SourceError, match="No such file"):
        settings("--config", str(config))
    config.write_bytes(b"\xff")
    with pytest.raises(SourceError, match="is not TOML"):
        settings("--config", str(config))
    config.write_bytes(b"#" * (MAX_CONFIG + 1))
    with pytest.raises(SourceError, match="larger than"):
        settings("--config", str(config))


def test_a_bad_fault_among_the_options_is_named():
    with pytest.raises(UsageError, match="five is no faulty answer"):
        settings("--fault", "five")
