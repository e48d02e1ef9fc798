"""Claims about published constants: dated, never changed, put by administrators, in front of what ships."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from strongroom.kernel.errors import AccessDenied, InvalidValue, RowIsImmutable
from strongroom.kernel.sessions import Database
from strongroom.kernel.values import FixedClock
from strongroom.systems.export_readiness.errors import (
    ConstantsRefused,
    ReferenceRateAlreadyExists,
    ReferenceRateMissing,
)
from strongroom.systems.export_readiness.imports.constants import import_constants
from strongroom.systems.export_readiness.rules import Constant, Rates
from strongroom.systems.export_readiness.rules.constants import CONSTANTS
from strongroom.systems.export_readiness.services import reference_rates
from tests.systems.export_readiness.building import acting, add_user, administering

OLD = Constant("test", "rate", Decimal("1.5"), "percent", "made up", date(2025, 1, 1))
NEW = replace(OLD, value=Decimal("2.25"), valid_from=date(2026, 4, 1))
FILE = "calculator,name,valid_from,value,unit,source,details\n"


def test_a_constant_holds_from_its_day_until_the_next_begins(any_database: Database) -> None:
    for constant in (NEW, OLD):
        any_database.write(reference_rates.put_constant, constant)

    def on(year: int, month: int, day: int) -> Decimal:
        return any_database.read(reference_rates.rate_on, "test", "rate", date(year, month, day))

    assert [on(2025, 1, 1), on(2026, 3, 31), on(2026, 4, 1)] == [Decimal("1.5"), Decimal("1.5"), Decimal("2.25")]
    with pytest.raises(ReferenceRateMissing) as missing:
        on(2024, 12, 31)
    assert missing.value.facts == {"calculator": "test", "name": "rate", "day": date(2024, 12, 31)}
    any_database.clock = FixedClock(datetime(2026, 5, 1, tzinfo=UTC))
    assert any_database.read(reference_rates.rate_on, "test", "rate") == Decimal("2.25")


def test_what_was_put_stands_in_front_of_what_ships(any_database: Database) -> None:
    shipped = CONSTANTS[0]
    day = shipped.valid_from.replace(year=shipped.valid_from.year + 1)
    put = replace(shipped, value=Decimal(42), valid_from=day)
    any_database.write(reference_rates.put_constant, put)
    assert any_database.read(reference_rates.load_rates, shipped.valid_from).get(shipped.calculator, shipped.name) == (
        shipped
    )
    assert any_database.read(reference_rates.rate_on, shipped.calculator, shipped.name, day) == 42
    versions = any_database.read(reference_rates.list_versions, shipped.calculator, shipped.name)
    assert [version.value for version in versions] == [Decimal(42), shipped.value]


def test_all_that_ships_can_be_put_and_twice_is_as_once(any_database: Database) -> None:
    assert any_database.write(reference_rates.put_constants, CONSTANTS) == len(CONSTANTS)
    assert any_database.write(reference_rates.put_constants, CONSTANTS) == 0
    day = date(2026, 6, 1)
    assert any_database.read(reference_rates.list_constants, day=day) == Rates.on(day, CONSTANTS).all()


def test_a_value_is_never_changed(any_database: Database) -> None:
    row = any_database.write(reference_rates.put_constant, OLD)
    with pytest.raises(ReferenceRateAlreadyExists):
        any_database.write(reference_rates.put_constant, replace(OLD, value=Decimal(9)))
    with pytest.raises(InvalidValue, match="later day"):
        any_database.write(reference_rates.put_constants, [replace(OLD, value=Decimal(9))])
    row.value = Decimal(9)
    with pytest.raises(RowIsImmutable), any_database.session() as session:
        session.add(row)
    assert any_database.read(reference_rates.rate_on, "test", "rate", NEW.valid_from) == Decimal("1.5")


def test_administrators_alone_put_constants_and_everybody_reads_them(any_database: Database) -> None:
    mine = acting(any_database, any_database.write(add_user))
    with pytest.raises(AccessDenied):
        mine.write(reference_rates.put_constant, OLD)
    with pytest.raises(AccessDenied):
        mine.write(reference_rates.put_constants, [OLD])
    administering(any_database).write(reference_rates.put_constant, OLD)
    assert mine.read(reference_rates.rate_on, "test", "rate", OLD.valid_from) == Decimal("1.5")
    assert [one.name for one in mine.read(reference_rates.list_constants, calculator="test")] == ["rate"]


@pytest.mark.parametrize(
    "wrong",
    [
        replace(OLD, name=" "),
        replace(OLD, calculator="x" * 51),
        replace(OLD, source=""),
        replace(OLD, unit="x" * 31),
        replace(OLD, value=None),
        replace(OLD, value=Decimal("0.0000001")),
    ],
    ids=["name", "calculator", "source", "unit", "value", "decimals"],
)
def test_what_is_no_constant_is_refused(any_database: Database, wrong: Constant) -> None:
    with pytest.raises(InvalidValue):
        any_database.write(reference_rates.put_constant, wrong)


def test_a_file_of_constants_comes_in_whole_and_again_changes_nothing(any_database: Database) -> None:
    content = (
        FILE + 'test,rate,2025-01-01,1.50,percent,made up,\ntest,table,2025-01-01,,table,made up,"{""a"": [1]}"\n'
    ).encode()
    assert any_database.write(import_constants, content, "rates.csv") == 2
    assert any_database.write(import_constants, content, "rates.csv") == 0
    rates = any_database.read(reference_rates.load_rates, date(2025, 6, 1))
    assert (rates.value("test", "rate"), rates.details("test", "table")) == (Decimal("1.5"), {"a": [1]})


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("test,rate,2025-13-01,1,percent,made up,", "line 2: valid_from: must be a day such as 2025-04-01"),
        ("test,rate,2025-01-01,one,percent,made up,", "line 2: value must be a decimal number"),
        ("test,rate,2025-01-01,NaN,percent,made up,", "line 2: value must be a finite number"),
        (",rate,2025-01-01,1,percent,made up,", "line 2: calculator: must not be blank"),
        ("test,rate,2025-01-01,1,percent,,", "line 2: source: must not be blank"),
        ("test,rate,2025-01-01,1,percent,made up,{", "line 2: details: must be JSON"),
        ("test,rate,2025-01-01,1,percent,made up,[1]", "line 2: details: must be a JSON object"),
    ],
)
def test_a_file_with_a_problem_is_refused_whole(any_database: Database, line: str, problem: str) -> None:
    content = f"{FILE}{line}\ntest,good,2025-01-01,1,percent,made up,\n".encode()
    with pytest.raises(ConstantsRefused) as refused:
        any_database.write(import_constants, content, "rates.csv")
    assert refused.value.facts["first"] == problem
    with pytest.raises(ReferenceRateMissing):
        any_database.read(reference_rates.rate_on, "test", "good", date(2026, 1, 1))
