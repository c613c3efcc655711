"""List the rules of an era: id, severity when lenient and when strict, what each asks for."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from trackscope.cli.output import emit, json_line, shown
from trackscope.errors import UsageError
from trackscope.wire.era import ERAS, RULES
from trackscope.wire.rule import Rule


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("rule", nargs="*", metavar="RULE", help="show only these, in full")
    parser.add_argument(
        "--era",
        choices=list(ERAS),
        help="list the rules of this era (default: 2011; rules that are named, in every era)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(arguments: Namespace) -> int:
    """Print the rules; 0. An id that there is not is a UsageError."""
    named = [_rule(id_) for id_ in arguments.rule]
    era = arguments.era
    if named:
        listed = named
    elif arguments.json and era is None:
        listed = list(RULES.values())
    else:
        listed = [rule for rule in RULES.values() if (era or "2011") in rule.bases]
    if arguments.json:
        for rule in listed:
            emit(json_line(_record(rule, era)))
    elif named:
        emit("\n\n".join(_in_full(rule, era) for rule in named))
    else:
        _print_table(listed, era or "2011")
    return 0


def _rule(id_: str) -> Rule:
    if id_ in RULES:
        return RULES[id_]
    family = id_.partition(".")[0]
    relatives = [each for each in RULES if each.startswith(f"{family}.")]
    advice = f"There are: {', '.join(relatives)}." if relatives else "List: trackscope rules."
    raise UsageError(f"There is no rule {shown(id_)}.", advice)


def _record(rule: Rule, era: str | None) -> dict[str, object]:
    """The rule for programs: its severities and sources by era, `source` that of one era."""
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": {
            name: {"lenient": str(lenient), "strict": str(strict)}
            for name, (lenient, strict) in _severities(rule).items()
        },
        "source": rule.source_in(era or "2011"),
        "sources": {name: basis.source for name, basis in rule.bases.items()},
        "example": rule.example,
    }


def _severities(rule: Rule) -> dict[str, tuple[str, str]]:
    """The severities when lenient and when strict, by era."""
    return {
        name: (str(basis.lenient), str(basis.strict or basis.lenient))
        for name, basis in rule.bases.items()
    }


def _print_table(rules: list[Rule], era: str) -> None:
    width = max(len(rule.id) for rule in rules) + 2
    emit(f"{'rule':{width}}lenient  strict   what it asks for")
    for rule in rules:
        lenient, strict = _severities(rule)[era]
        emit(f"{rule.id:{width}}{lenient:9}{strict:9}{rule.title}")


def _in_full(rule: Rule, era: str | None) -> str:
    lines = [f"{rule.id}: {rule.title}", f"  example   {rule.example}"]
    severities = _severities(rule)
    for name in [era] if era else ERAS:
        if name not in rule.bases:
            lines.append(f"  {name:9} has no such rule")
            continue
        lenient, strict = severities[name]
        severity = lenient if lenient == strict else f"{lenient}, {strict} when strict"
        lines += [f"  {name:9} {severity}", f"            {rule.bases[name].source}"]
    return "\n".join(lines)
