"""The fixture that the package ships, as other people's test suites use it."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

HEAD = """
import base64, json, urllib.request
import pytest

def track(collector, name, **properties):
    event = {"event": name, "properties": {"token": "t", **properties}}
    data = base64.urlsafe_b64encode(json.dumps(event).encode()).decode()
    data = data.replace("-", "%2B").replace("_", "/")
    with urllib.request.urlopen(f"{collector.url}/track?data={data}", timeout=30) as answer:
        return answer.read()
"""


def ran(pytester: pytest.Pytester, tests: str, ini: str = "") -> pytest.RunResult:
    """A run of pytest in a process of its own, over these tests."""
    pytester.makeini(f"[pytest]\n{ini}")
    pytester.makepyfile(HEAD + tests)
    return pytester.runpytest_subprocess(
        "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "-W", "error"
    )


def test_each_test_begins_with_an_empty_collector_in_one_process(pytester):
    result = ran(
        pytester,
        """
urls = set()

@pytest.mark.parametrize("name", ["A", "B"])
def test_event(trackscope_collector, name):
    urls.add(trackscope_collector.url)
    assert track(trackscope_collector, name) == b"1"
    trackscope_collector.expect_event(name)
    assert [each["event"] for each in trackscope_collector.events()] == [name]
    trackscope_collector.expect_none("Error", within_s=0)

def test_one_process():
    assert len(urls) == 1
""",
    )
    result.assert_outcomes(passed=3)


def test_a_failure_says_what_arrived_instead_and_why(pytester):
    result = ran(
        pytester,
        """
def test_event(trackscope_collector):
    track(trackscope_collector, "Order", plan="free")
    track(trackscope_collector, "Order", plan="pro", time=1)
    trackscope_collector.expect_event("Order", plan="pro", within_s=0)
""",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            'E*No event "Order" (plan="pro") arrived within 0 s; one was expected.',
            "E*Arrived instead:",
            'E*- Order, but plan is "free"',
            "E*- Order, but it was refused: time is 1970-01-01*",
            "test_a_failure_says_what_arrived_instead_and_why.py:*: *Error",
        ]
    )


def test_ini_options_hold_for_all_and_a_marker_for_its_test(pytester):
    result = ran(
        pytester,
        """
pytestmark = pytest.mark.trackscope(strict=False)

def test_as_the_ini_says(trackscope_collector):
    settings = trackscope_collector.settings()
    assert settings == {"era": "2011", "strict": False, "faults": ["500 event Never"]}

@pytest.mark.trackscope(strict=True, faults=["0 event A"])
def test_as_the_marker_says(trackscope_collector):
    assert trackscope_collector.settings()["strict"] is True
    assert track(trackscope_collector, "A") == b"0"

def test_and_only_there(trackscope_collector):
    assert trackscope_collector.settings()["faults"] == ["500 event Never"]
""",
        "trackscope_era = 2011\ntrackscope_strict = true\ntrackscope_faults = 500 event Never\n",
    )
    result.assert_outcomes(passed=3)


def test_a_bad_ini_option_is_said_in_words(pytester):
    result = ran(pytester, "def test_a(trackscope_collector): pass", "trackscope_faults = five\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(['E*The fault "five" cannot be read: five is no faulty answer.*'])


@pytest.mark.parametrize("words", ['"current"', 'faulty=["500"]'])
def test_a_marker_that_says_something_else_is_refused_in_words(pytester, words):
    code = f"@pytest.mark.trackscope({words})\ndef test_a(trackscope_collector): pass"
    result = ran(pytester, f"import pytest\n{code}")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E*The marker trackscope takes era=*"])


def test_the_marker_and_the_options_are_known(pytester):
    result = pytester.runpytest_subprocess("--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.trackscope(era=*"])


def test_who_does_not_use_it_loads_nothing_of_the_program():
    code = (
        "import sys; import trackscope.pytest_plugin; "
        "print(sorted(name for name in sys.modules if name.startswith('trackscope.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['trackscope.pytest_plugin']\n"


def test_it_works_where_no_qt_is_installed(pytester):
    pytester.makepyfile(
        sitecustomize="import sys\nsys.modules.update(dict.fromkeys(['PySide6', 'shiboken6']))\n"
    )
    pytester.makepyfile(
        HEAD
        + """
def test_event(trackscope_collector):
    track(trackscope_collector, "A")
    assert trackscope_collector.expect_event("A")["verdict"] == 1
"""
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(pytester.path))
        result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", "-p", "no:pytest-qt")
    result.assert_outcomes(passed=1)
