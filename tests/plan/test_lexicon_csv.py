from __future__ import annotations

import pytest

from trackscope.errors import PlanError
from trackscope.plan.plan import PROFILE_NAME, Entity
from trackscope.plan.reading import load

EXPORT = """\
Entity Type,Event Name,Property Name,Display Name,Description,Data Type,Status
Event,Purchase,,Purchase,"Paid, at last",,Visible
Event Property,Purchase,amount,Amount,In euro,Number,Visible
Event Property,Purchase,items,,,List,Hidden
Custom Event,All purchases,,,,,Visible
Event,Login,,,,,Visible
Profile Property,,plan,Plan,,String,Visible
Lookup Table,,countries,,,,Visible
"""


def test_events_have_the_properties_that_are_listed_for_them() -> None:
    plan = load(EXPORT, "lexicon.csv")
    assert list(plan.events) == ["Purchase", "Login"]
    assert plan.events["Purchase"].schema == {
        "description": "Paid, at last",
        "properties": {
            "amount": {"type": "number", "description": "In euro"},
            "items": {"type": "array"},
        },
    }
    assert plan.of(Entity.PROFILE)[PROFILE_NAME].properties == {"plan": {"type": "string"}}


@pytest.mark.parametrize(
    "header",
    [
        "entityType,entityName,propertyName,propertyType",
        "Event,Property,Type",
        "event name,property",
    ],
)
def test_the_columns_have_several_spellings(header: str) -> None:
    kind = "event," if header.startswith("entity") else ""
    rows = [f"{kind}Login,,", f"{kind}Login,method,string"]
    plan = load("\r\n".join([header, *rows]))
    assert list(plan.events["Login"].properties) == ["method"]


def test_a_file_without_events_is_refused() -> None:
    with pytest.raises(PlanError, match="This CSV names no event"):
        load("Event Name,Property Name\n")


def test_json_is_no_csv() -> None:
    assert load('[{"name": "a,event"}]').events.keys() == {"a,event"}
