"""Outcomes of expectations as text and as JSON."""

from __future__ import annotations

from tests.plan.runs import judged, run

from trackscope.session.outcome_text import outcome_record, outcomes_text


def test_each_expectation_has_its_light_and_the_reasons() -> None:
    outcomes = [
        judged({"never": "Error"}, run(*["Error"] * 7)),
        judged({"event": "A", "title": "There is an A"}, run("A")),
        judged({"after": "A", "event": "B"}, []),
    ]
    assert outcomes_text(outcomes).splitlines() == [
        "Expectations: 1 waiting, 1 met, 1 broken.",
        "  broken   never Error",
        *[f"           Error (entry {number}) came" for number in range(1, 6)],
        "           and 2 more times",
        "  met      There is an A",
        "  waiting  after A, at least 1 B",
        "           nothing came that tells",
    ]


def test_the_record_has_the_evidence() -> None:
    record = outcome_record(judged({"never": "Error"}, run(("Error", 12.5, {"time": 7}))))
    assert (record["expectation"], record["light"], record["broken"]) == (
        "never Error",
        "broken",
        1,
    )
    assert record["breaks"] == [
        {
            "message": "Error (entry 1) came",
            "events": [
                {
                    "number": 1,
                    "event": "Error",
                    "source": "",
                    "position": "entry 1",
                    "exchange": None,
                    "at": 12.5,
                    "time": 7.0,
                }
            ],
        }
    ]
