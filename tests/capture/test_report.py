from __future__ import annotations

from trackscope.capture.report import MAX_PROBLEMS, Report


def test_a_capture_without_a_problem_is_whole_whatever_was_passed_over() -> None:
    report = Report()
    report.pass_over("noise", 3)
    report.pass_over("noise")
    report.pass_over("nothing", 0)
    assert report.is_whole
    assert report.passed_over == {"noise": 4}


def test_the_same_sentence_is_kept_once() -> None:
    report = Report()
    report.tell("Row 1 is odd.")
    report.tell("Row 1 is odd.")
    assert report.problems == ["Row 1 is odd."]
    assert not report.is_whole


def test_how_reading_ended_is_told_behind_however_many_problems_of_parts() -> None:
    report = Report()
    report.conclude("It ends too early.")
    for number in range(MAX_PROBLEMS + 1002):
        report.tell(f"Row {number} is odd.")
    report.conclude("A quote is not closed.")
    *parts, beyond, first, second = report.problems
    assert len(parts) == MAX_PROBLEMS
    assert beyond == "1,002 more problems were found."
    assert (first, second) == ("It ends too early.", "A quote is not closed.")


def test_what_is_kept_is_bounded() -> None:
    report = Report()
    for number in range(10 * MAX_PROBLEMS):
        report.conclude(f"File {number} ends too early.")
    assert len(report.problems) == MAX_PROBLEMS + 1
