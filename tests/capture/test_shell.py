from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackscope.capture.shell import bash_quoted, bash_words, cmd_quoted, cmd_words

WORDS = st.text("'\"`\\$!%^&<>|;()\n\t aé日😀\udc80\udcff#~*?\x1b\u202e0", max_size=20)


@given(st.lists(WORDS, max_size=4))
def test_words_quoted_for_bash_are_read_back(words: list[str]) -> None:
    line = " ".join(bash_quoted(word) for word in words)
    assert bash_words(line).words == tuple(words)
    assert bash_words(line).notes == ()


@given(st.lists(WORDS.map(lambda word: word.replace("\r", "")), max_size=4))
def test_words_quoted_for_cmd_are_read_back(words: list[str]) -> None:
    assert cmd_words(" ".join(cmd_quoted(word) for word in words)).words == tuple(words)


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
@pytest.mark.parametrize(
    "line",
    [
        "a 'b c' \"d $x e\" f\\ g",
        "$'it\\'s\\x41\\u00e9\\101\\n\\tz' x",
        '"a\\"b\\\\c\\d" "x\\\ny" p\\\nq',
        "a#b # comment",
        "a > /dev/null b 2>&1 <<< here c",
        "'' \"\" $''",
        "a=b'c'\"d\"$'e' ^ % ! a~",
        "one ; two",
        "one && two",
        "one | cat",
    ],
)
def test_words_are_those_of_real_bash(line: str) -> None:
    # a variable stays as it is written, so it must hold its own name in the real shell
    functions = "x='$x'; cat() { :; }; two() { :; }; show() { printf '%s\\0' \"$@\" >&9; }"
    script = f"{functions}\nshow {line}"
    command = ["bash", "--norc", "-c", f"{{ {script}\n}} 9>&1 >/dev/null"]
    shown = subprocess.run(command, capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})
    expected = shown.stdout.decode("utf-8").split("\0")[:-1]
    assert list(bash_words(line).words) == expected


def test_a_bash_command_ends_at_an_unquoted_separator() -> None:
    text = "curl 'a;b' c\\;d; rm -rf /"
    command = bash_words(text)
    assert command.words == ("curl", "a;b", "c;d")
    assert text[command.end :] == "; rm -rf /"


def test_variables_stay_as_they_are_written_and_are_noted() -> None:
    command = bash_words('curl "$URL/track" `id` $(id)')
    assert command.words[1] == "$URL/track"
    assert command.notes == ("variables and substitutions are not expanded",)


def test_redirected_input_is_named_and_not_read() -> None:
    assert bash_words("curl < /etc/passwd").notes == (
        "/etc/passwd is not read: it is redirected input",
    )


def test_input_that_stands_in_the_text_is_read_and_the_command_ends_behind_it() -> None:
    text = "curl -d @- <<-END\n\tone\ntwo\n\tEND\necho"
    command = bash_words(text)
    assert command.words == ("curl", "-d", "@-")
    assert command.input == "\tone\ntwo\n"
    assert text[command.end :] == "\necho"
    assert bash_words("curl <<< 'a b'").input == "a b\n"
    assert bash_words("curl a").input is None


@pytest.mark.parametrize(
    ("text", "given"),
    [("curl <<END", ""), ("curl <<END\nno end", "no end"), ("curl <<END\nENDING", "ENDING")],
)
def test_input_that_does_not_end_is_all_that_follows(text: str, given: str) -> None:
    command = bash_words(text)
    assert (command.input, command.end) == (given, len(text))
    assert command.notes == ("the input up to END is not closed",)


@pytest.mark.parametrize("line", ["curl 'a", 'curl "a', "curl $'a"])
def test_a_quote_that_is_not_closed_is_noted(line: str) -> None:
    command = bash_words(line)
    assert command.words == ("curl", "a")
    assert command.notes == ("a quote is not closed",)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('curl ^"a^%^20b^" -d ^"{^\\^"x^\\^":1}^"', ("curl", "a%20b", "-d", '{"x":1}')),
        ('curl "a^&b" c^&d', ("curl", "a^&b", "c&d")),
        ('curl "x ""y"" z"', ("curl", 'x "y" z')),
        (r'curl a\b "c\\" "d\"e" f\\g', ("curl", "a\\b", "c\\", 'd"e', "f\\\\g")),
        ("curl a ^\r\n  -d ^\n b", ("curl", "a", "-d", "b")),
        ('curl ^"a^\n\nb^" ^"c^\r\n\r\nd^"', ("curl", "a\nb", "c\nd")),
        ("curl a & del c", ("curl", "a")),
        ('curl ""', ("curl", "")),
    ],
)
def test_cmd_words_follow_cmd_and_then_the_c_runtime(line: str, words: tuple[str, ...]) -> None:
    assert cmd_words(line).words == words
