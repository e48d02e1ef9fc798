"""Claims about which constants are in force on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from strongroom.systems.export_readiness.errors import ReferenceRateMissing
from strongroom.systems.export_readiness.rules import Constant, Rates
from strongroom.systems.export_readiness.rules.constants import CONSTANTS

DAY = date(2026, 1, 1)
OLD = Constant("duty", "0910", Decimal(1), "percent", "made up", date(2025, 1, 1))
NEW = replace(OLD, value=Decimal(2), valid_from=DAY)
LATER = replace(OLD, value=Decimal(3), valid_from=date(2026, 1, 2))
TABLE = Constant("duty", "notes", None, "table", "made up", DAY, {"a": 1})


@pytest.mark.parametrize("order", [(OLD, NEW, LATER), (LATER, NEW, OLD), (NEW, OLD, LATER)])
def test_the_newest_that_has_begun_holds_in_whatever_order_they_come(order: tuple[Constant, ...]) -> None:
    rates = Rates(DAY, order)
    assert rates.value("duty", "0910") == 2
    assert (rates.day, rates.all(), rates.names("duty")) == (DAY, (NEW,), ("0910",))


def test_a_layer_in_front_holds_whatever_its_date() -> None:
    assert Rates.on(DAY, [NEW], [OLD]).value("duty", "0910") == 1
    assert Rates.on(DAY, [OLD], [LATER]).value("duty", "0910") == 1


def test_what_is_missing_is_named_and_never_made_up() -> None:
    rates = Rates(DAY, [TABLE])
    assert rates.details("duty", "notes") == {"a": 1}
    assert (rates.find("duty", "0910"), rates.of("tax"), rates.names("tax")) == (None, {}, ())
    for name in ("0910", "notes"):
        with pytest.raises(ReferenceRateMissing):
            rates.value("duty", name)
    with pytest.raises(ReferenceRateMissing):
        rates.get("tax", "0910")


def test_the_longest_beginning_of_a_code_holds() -> None:
    rates = Rates(DAY, [OLD, replace(OLD, name="091030"), replace(OLD, name="09")])

    def found(code: str) -> str | None:
        constant = rates.longest_prefix("duty", code)
        return None if constant is None else constant.name

    assert [found(code) for code in ("09103020", "0910", "091020", "0999", "6109", "")] == [
        "091030",
        "0910",
        "0910",
        "09",
        None,
        None,
    ]


def test_every_constant_that_ships_is_dated_sourced_and_said_once() -> None:
    keys = [(constant.calculator, constant.name, constant.valid_from) for constant in CONSTANTS]
    assert len(keys) == len(set(keys))
    assert all(constant.source.strip() and constant.unit.strip() for constant in CONSTANTS)
    assert all(constant.value is not None or constant.details for constant in CONSTANTS)
