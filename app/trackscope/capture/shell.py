"""Splits shell commands into words as bash and Windows' cmd do, without running anything."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trackscope.capture.literal import join_pairs
from trackscope.wire.encoding import raw_bytes

_BLANKS = " \t"
_BASH_PLAIN = re.compile(r"""[^\s'"\\$`;&|<>()]+""")
_BASH_DOUBLE = re.compile(r'[^"\\$`]+')
_BASH_ANSI = re.compile(r"[^'\\]+")
_ANSI_ESCAPE = re.compile(
    r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|(.))", re.S
)
_ANSI_NAMED = {
    "n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v",
    "e": "\x1b", "E": "\x1b", "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip
_CONTINUED = re.compile(r"\\\r?\n|(?<=[ \t])`\r?\n")
"""What joins a line to the next: in bash, and in PowerShell, where curl is called the same."""

_BYTE = re.compile("[\udc80-\udcff]")
_REDIRECT = re.compile(r"(?:\d*|&)(?:<<<|<<-?|>>|<>|[<>]&?|>\|)")
_CMD_PLAIN = re.compile(r'[^"^\r\n&|<>]+')
_CMD_QUOTED = re.compile(r'[^"\r\n]+')
_ARGV_PLAIN = re.compile(r'[^\s"\\]+')
_ARGV_QUOTED = re.compile(r'[^"\\]+')


@dataclass(frozen=True, slots=True)
class Command:
    """The words of one command, the offset after it, and what could not be kept.

    Characters that stand for bytes (`$'\\x80'`) are surrogate escapes. `input` is what the text
    itself hands to the command (`<<EOF`, `<<<`); None where it hands it nothing.
    """

    words: tuple[str, ...]
    end: int
    notes: tuple[str, ...] = ()
    input: str | None = None


def bash_words(text: str, start: int = 0) -> Command:
    """The words of the bash command at `start`, up to the line's end, `;`, `&` or `|`.

    Variables and substitutions stay as they are written: nothing is expanded.

    >>> bash_words("curl -d $'it\\\\'s' \\"a b\\" # note").words
    ('curl', '-d', "it's", 'a b')
    """
    reader = _Bash(text, start)
    reader.read()
    notes = tuple(dict.fromkeys(reader.notes))
    return Command(tuple(reader.words), reader.place, notes, reader.input)


class _Bash:
    """Reads one command; `word` is None between words."""

    def __init__(self, text: str, place: int) -> None:
        self.text = text
        self.place = place
        self.words: list[str] = []
        self.notes: list[str] = []
        self.word: list[str] | None = None
        self.redirection = ""
        self.input: str | None = None
        self.here_end: str | None = None

    def read(self) -> None:
        text = self.text
        while self.place < len(text):
            character = text[self.place]
            if character in _BLANKS:
                self.end_word()
                self.place += 1
            elif character in "\r\n;&|()" and not self.is_redirect():
                break
            elif character == "#" and self.word is None:
                end = text.find("\n", self.place)
                self.place = len(text) if end < 0 else end
            elif self.word is None and self.is_redirect():
                self.redirect()
            else:
                self.piece(character)
        self.end_word()
        if self.here_end is not None:
            self.read_here(self.here_end)

    def end_word(self) -> None:
        if self.word is not None:
            word = _joined(self.word)
            if not self.redirection:
                self.words.append(word)
            elif self.redirection == "<<<":
                self.input = f"{word}\n"
            elif "<<" in self.redirection:
                self.here_end = word
            elif "<" in self.redirection:
                self.notes.append(f"{word[:80]} is not read: it is redirected input")
            self.redirection = ""
        self.word = None

    def read_here(self, end: str) -> None:
        """The lines behind the command's up to the one that ends them; tabs before it are none."""
        line_end = self.text.find("\n", self.place)
        start = line_end + 1 if line_end >= 0 else len(self.text)
        ended = re.compile(rf"^\t*{re.escape(end)}\r?$", re.MULTILINE)
        match = ended.search(self.text, start)
        if match is None:  # as in bash, it is all that follows
            self.notes.append(f"the input up to {end[:80]} is not closed")
        self.input = self.text[start : match.start() if match else len(self.text)]
        self.place = match.end() if match else len(self.text)

    def is_redirect(self) -> bool:
        return _REDIRECT.match(self.text, self.place) is not None

    def redirect(self) -> None:
        match = _REDIRECT.match(self.text, self.place)
        assert match is not None
        self.place = match.end()
        self.redirection = match.group()

    def piece(self, character: str) -> None:
        """One quoted or unquoted piece of a word."""
        if continued := _CONTINUED.match(self.text, self.place):
            self.place = continued.end()
            return
        if character in "<>":
            self.end_word()
            return
        if self.word is None:
            self.word = []
        if character == "'":
            self.quoted_single()
        elif character == '"':
            self.quoted_double()
        elif self.text.startswith("$'", self.place):
            self.quoted_ansi()
        elif character == "\\":
            self.word.append(self.text[self.place + 1 : self.place + 2])
            self.place += 2
        elif character in "$`":
            self.dollar(character)
        else:
            match = _BASH_PLAIN.match(self.text, self.place)
            end = match.end() if match else self.place + 1
            self.word.append(self.text[self.place : end])
            self.place = end

    def add(self, piece: str) -> None:
        assert self.word is not None
        self.word.append(piece)

    def dollar(self, character: str) -> None:
        following = self.text[self.place + 1 : self.place + 2]
        if character == "`" or following.isalpha() or following in ("{", "(", "_"):
            self.notes.append("variables and substitutions are not expanded")
        self.add(character)
        self.place += 1

    def quoted_single(self) -> None:
        end = self.text.find("'", self.place + 1)
        self.add(self.text[self.place + 1 : end if end >= 0 else len(self.text)])
        self.close(end)

    def close(self, end: int) -> None:
        if end < 0:
            self.notes.append("a quote is not closed")
        self.place = end + 1 if end >= 0 else len(self.text)

    def quoted_double(self) -> None:
        text, self.place = self.text, self.place + 1
        while self.place < len(text):
            match = _BASH_DOUBLE.match(text, self.place)
            if match:
                self.add(match.group())
                self.place = match.end()
                continue
            character = text[self.place]
            if character == '"':
                self.place += 1
                return
            if character in "$`":
                self.dollar(character)
                continue
            following = text[self.place + 1 : self.place + 2]
            if following != "\n":
                self.add(following if following and following in '$`"\\' else "\\" + following)
            self.place += 2
        self.notes.append("a quote is not closed")

    def quoted_ansi(self) -> None:
        text, self.place = self.text, self.place + 2
        while self.place < len(text):
            match = _BASH_ANSI.match(text, self.place)
            if match:
                self.add(match.group())
                self.place = match.end()
                continue
            if text[self.place] == "'":
                self.place += 1
                return
            escape = _ANSI_ESCAPE.match(text, self.place)
            self.add(_ansi(escape) if escape else "\\")
            self.place = escape.end() if escape else self.place + 1
        self.notes.append("a quote is not closed")


def _ansi(escape: re.Match[str]) -> str:
    byte, short, long, octal, character = escape.groups()
    if character is not None:
        return _ANSI_NAMED.get(character, "\\" + character)
    if short or long:
        code = int(short or long, 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    code = int(byte, 16) if byte else int(octal, 8) & 0xFF
    return chr(code) if code < 0x80 else chr(0xDC00 + code)


def _joined(pieces: list[str]) -> str:
    """The word, with bytes and halves of pairs that were written one by one put together."""
    word = "".join(pieces)
    if word.isascii():
        return word
    word = join_pairs(word)
    return raw_bytes(word).decode("utf-8", "surrogateescape") if _BYTE.search(word) else word


def cmd_words(text: str, start: int = 0) -> Command:
    """The words of the Windows command at `start`: first `^` as cmd reads it, then `"` and `\\`.

    >>> cmd_words('curl ^"a^%^20b^" ^\\n -d "x ""y"" \\\\"z"').words
    ('curl', 'a%20b', '-d', 'x "y" "z')
    """
    line, end = _without_carets(text, start)
    words, is_open = _argv(line)
    return Command(tuple(words), end, ("a quote is not closed",) if is_open else ())


def _without_carets(text: str, place: int) -> tuple[str, int]:
    """The command line that cmd hands on, and the offset after it."""
    pieces: list[str] = []
    in_quotes = False
    while place < len(text):
        match = (_CMD_QUOTED if in_quotes else _CMD_PLAIN).match(text, place)
        if match:
            pieces.append(match.group())
            place = match.end()
            continue
        character = text[place]
        if character == '"':
            in_quotes = not in_quotes
            pieces.append(character)
            place += 1
        elif character == "^":
            piece, place = _after_caret(text, place + 1)
            pieces.append(piece)
        else:
            break
    return "".join(pieces), place


def _after_caret(text: str, place: int) -> tuple[str, int]:
    """The plain character that `^` makes of the next; a line end in between is skipped."""
    for line_end in ("\r\n", "\n"):
        if text.startswith(line_end, place):
            place += len(line_end)
            if text.startswith(line_end, place):
                return "\n", place + len(line_end)
            break
    return text[place : place + 1], place + 1


def _argv(line: str) -> tuple[list[str], bool]:
    """Words as the C runtime splits them; whether a quote stayed open."""
    words: list[str] = []
    word: list[str] | None = None
    in_quotes = False
    place = 0
    while place < len(line):
        character = line[place]
        if character in " \t\n\r" and not in_quotes:
            if word is not None:
                words.append("".join(word))
            word = None
            place += 1
            continue
        word = [] if word is None else word
        match = (_ARGV_QUOTED if in_quotes else _ARGV_PLAIN).match(line, place)
        if match:
            word.append(match.group())
            place = match.end()
        elif character == "\\":
            piece, place = _backslashes(line, place)
            word.append(piece)
        elif in_quotes and line.startswith('""', place):
            word.append('"')
            place += 2
        else:
            in_quotes = not in_quotes
            place += 1
    if word is not None:
        words.append("".join(word))
    return words, in_quotes


_BACKSLASHES = re.compile(r"\\+")


def _backslashes(line: str, place: int) -> tuple[str, int]:
    """Backslashes are themselves, except in pairs before a quote; an odd one escapes it."""
    match = _BACKSLASHES.match(line, place)
    assert match is not None
    count, end = match.end() - place, match.end()
    if not line.startswith('"', end):
        return match.group(), end
    return "\\" * (count // 2) + ('"' if count % 2 else ""), end + count % 2


_BASH_SAFE = re.compile(r"[\w@%+=:,./-]+", re.ASCII)
_BASH_ESCAPED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\udc80-\udcff\\']")


def bash_quoted(word: str) -> str:
    """A word for bash: in single quotes, or as `$'…'` where it has control characters or bytes.

    >>> bash_quoted("it's"), bash_quoted("a\\nb")
    ("'it'\\\\''s'", "$'a\\\\nb'")
    """
    if _BASH_SAFE.fullmatch(word):
        return word
    if any(character not in "\\'" for character in _BASH_ESCAPED.findall(word)):
        return "$'" + _BASH_ESCAPED.sub(_bash_escape, word) + "'"
    return "'" + word.replace("'", "'\\''") + "'"


def _bash_escape(match: re.Match[str]) -> str:
    character = match.group()
    named = _ANSI_NAMES.get(character)
    if named:
        return named
    # octal bytes, because what \\u gives depends on the reader's locale
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


_ANSI_NAMES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", "'": "\\'"}

_CMD_SAFE = re.compile(r"[\w:+=~/.,?;*' -]", re.ASCII)
_QUOTE_OR_BACKSLASHES = re.compile(r'(\\+)("?)|"')


def cmd_quoted(word: str) -> str:
    """A word for Windows' cmd, every character that cmd or the C runtime would read escaped.

    The quotes themselves are escaped with `^`, so that `^` works between them and a `%` cannot
    begin the name of a variable.

    >>> cmd_quoted('a&"b"%20')
    '^"a^&^\\\\^"b^\\\\^"^%^20^"'
    """
    inner = _QUOTE_OR_BACKSLASHES.sub(_cmd_escape, word)
    escaped = []
    was_percent = False
    for character in inner:
        if character == "\n":
            escaped.append("^\n\n")
        elif _CMD_SAFE.match(character) and not was_percent:
            escaped.append(character)
        else:
            escaped.append("^" + character)
        was_percent = character == "%"
    return '^"' + "".join(escaped) + '^"'


def _cmd_escape(match: re.Match[str]) -> str:
    """A quote with its backslash; backslashes are doubled where a quote follows them."""
    backslashes, quote = match.group(1) or "", match.group(2)
    if quote or match.group() == '"':
        return backslashes * 2 + '\\"'
    return backslashes * 2 if match.end() == len(match.string) else backslashes
