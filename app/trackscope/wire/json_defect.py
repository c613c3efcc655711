"""What is wrong with a JSON text, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from json import JSONDecodeError


@dataclass(frozen=True, slots=True)
class JsonDefect:
    """Why a text is not the JSON we accept: a `json.*` rule, a sentence, a place."""

    rule: str
    message: str
    offset: int
    pointer: str = ""


def syntax_defect(text: str, problem: JSONDecodeError) -> JsonDefect:
    """What the standard library's parser found, said so that one can mend it."""
    if not text.strip():
        return JsonDefect("json.syntax", "the payload is empty: an event is expected", 0)
    offset = problem.pos
    if problem.msg.startswith("Illegal trailing comma"):  # since Python 3.13, at the comma
        offset += 1 + len(text[offset + 1 :]) - len(text[offset + 1 :].lstrip())
    message = _SYNTAX.get(problem.msg.partition(" before")[0], "this is not JSON")
    if offset >= len(text):
        message = "the JSON ends too early: a bracket or a value is missing"
    elif text[offset] in "}]" and text[:offset].rstrip().endswith(","):
        message = f"a comma stands before {text[offset]}: remove it"
    elif text[offset] == "'":
        message = "JSON strings stand in double quotes, not in single ones"
    return JsonDefect("json.syntax", message, offset)


_SYNTAX = {
    "Expecting value": "a value is expected here",
    "Expecting property name enclosed in double quotes": "a key in double quotes is expected here",
    "Illegal trailing comma": "a comma stands before the closing bracket: remove it",
    "Expecting ':' delimiter": "a colon is expected here",
    "Expecting ',' delimiter": "a comma or a closing bracket is expected here",
    "Extra data": "the JSON ends here, but more text follows",
    "Unterminated string starting at": "the string that begins here has no closing quote",
    "Invalid control character at": "a string holds a line break or control character: write \\n",
    "Invalid \\escape: ": "this is no escape that JSON knows",
    "Invalid \\escape": "this is no escape that JSON knows",
    "Invalid \\uXXXX escape": "four hexadecimal digits are expected after \\u",
}
