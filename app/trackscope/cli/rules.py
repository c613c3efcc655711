"""List the rules: id, severity when lenient and when strict, and what each asks for."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from trackscope.cli.output import emit, json_line, shown
from trackscope.errors import UsageError
from trackscope.wire.era import RULES, Rule


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("rule", nargs="*", metavar="RULE", help="show only these, in full")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(arguments: Namespace) -> int:
    """Print the rules; 0. An id that there is not is a UsageError."""
    chosen = [_rule(id_) for id_ in arguments.rule] or list(RULES.values())
    if arguments.json:
        for rule in chosen:
            emit(json_line(_record(rule)))
    elif arguments.rule:
        emit("\n\n".join(map(_in_full, chosen)))
    else:
        _print_table(chosen)
    return 0


def _rule(id_: str) -> Rule:
    if id_ in RULES:
        return RULES[id_]
    family = id_.partition(".")[0]
    relatives = [each for each in RULES if each.startswith(f"{family}.")]
    advice = f"There are: {', '.join(relatives)}." if relatives else "List: trackscope rules."
    raise UsageError(f"There is no rule {shown(id_)}.", advice)


def _record(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": {
            era: {"lenient": str(lenient), "strict": str(strict)}
            for era, (lenient, strict) in rule.severities.items()
        },
        "source": rule.source,
        "example": rule.example,
    }


def _severities(rule: Rule, era: str = "2011") -> tuple[str, str]:
    lenient, strict = rule.severities[era]
    return str(lenient), str(strict)


def _print_table(rules: list[Rule]) -> None:
    width = max(len(rule.id) for rule in rules) + 2
    emit(f"{'rule':{width}}lenient  strict   what it asks for")
    for rule in rules:
        lenient, strict = _severities(rule)
        emit(f"{rule.id:{width}}{lenient:9}{strict:9}{rule.title}")


def _in_full(rule: Rule) -> str:
    lenient, strict = _severities(rule)
    severity = lenient if lenient == strict else f"{lenient}, {strict} when strict"
    return (
        f"{rule.id}: {rule.title}\n"
        f"  severity  {severity}\n"
        f"  source    {rule.source}\n"
        f"  example   {rule.example}"
    )
