from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.wire.rules.asking import NOW, event, get

from trackscope.capture.exchange import Exchange, Origin
from trackscope.session.rejudging import difference, rejudge
from trackscope.wire.era import DAY_S, ERAS, rule_book
from trackscope.wire.finding import Severity
from trackscope.wire.rules import judge


def received(payload: Any, era: str = "2011", *, strict: bool = False) -> Exchange:
    return Exchange(get(payload), Origin.RECEIVED, NOW, era=era, strict=strict)


def test_an_exchange_is_judged_as_if_in_another_era() -> None:
    judged = rejudge(received(event(time=int(NOW * 1000))), rule_book("current"), NOW)
    assert (judged.before.value, judged.after.value) == (0, 1)
    assert [each.rule for each in judged.gone] == ["time.milliseconds"]
    assert judged.come == ()
    assert judged.is_other
    assert difference(judged) == "By the service's reference of today it would be 1, not 0."


def test_an_exchange_is_judged_as_if_received_three_days_later() -> None:
    judged = rejudge(received(event()), rule_book(), NOW + 3 * DAY_S)
    assert (judged.before.value, judged.after.value) == (1, 0)
    assert [each.rule for each in judged.come] == ["time.too-old"]
    assert difference(judged).startswith(
        "By the specification of November 2011 it would be 0, not 1: time is 2011-11-24"
    )


def test_a_rule_that_weighs_otherwise_is_told_with_both_severities() -> None:
    payload = event(**{f"p{number}": "" for number in range(300)})
    judged = rejudge(received(payload), rule_book("current"), NOW)
    ((old, new),) = judged.weighed
    assert (old.rule, old.severity, new.severity) == (
        "properties.count",
        Severity.WARNING,
        Severity.ERROR,
    )
    assert judged.come == judged.gone == ()


def test_a_verdict_on_other_records_is_another_verdict() -> None:
    payload = [event(), event(distinct_id="undefined")]
    judged = rejudge(received(payload, "current"), rule_book("current", strict=True), NOW)
    assert judged.is_other
    assert difference(judged) == (
        "By the service's reference of today, strictly, it would be 1 as well, "
        "but 1 of 2 would be logged."
    )


def test_an_era_of_another_program_is_compared_with_2011() -> None:
    exchange = received(event(), "2031")
    assert rejudge(exchange, rule_book(), NOW).before == judge(exchange.request, rule_book(), NOW)


def test_an_exchange_of_no_time_is_compared_as_of_the_same_moment() -> None:
    exchange = Exchange(get(), Origin.RECEIVED, float("nan"))
    assert not rejudge(exchange, rule_book(), NOW).is_other


@given(st.sampled_from(list(ERAS)), st.booleans(), st.sampled_from([event(), event(7), [], 7]))
def test_by_its_own_book_and_time_nothing_changes(era: str, strict: bool, payload: Any) -> None:
    judged = rejudge(received(payload, era, strict=strict), rule_book(era, strict), NOW)
    assert judged.before == judged.after
    assert not judged.is_other
    assert [*judged.come, *judged.gone, *judged.weighed] == []
    assert difference(judged).endswith("as well.")
