"""The options that choose a rule book: the era, and whether it is strict."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from trackscope.wire.era import ERAS, RuleBook, rule_book


def add_book_arguments(parser: ArgumentParser) -> None:
    """Describe `--era` and `--strict`."""
    parser.add_argument(
        "--era", choices=list(ERAS), default="2011", help="the rule book to judge by (2011)"
    )
    parser.add_argument("--strict", action="store_true", help="judge by the letter of its text")


def chosen_book(arguments: Namespace) -> RuleBook:
    """The rule book that was chosen."""
    return rule_book(arguments.era, arguments.strict)
