"""Money in columns: digit for digit the same on both engines, and refused where either would bend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, MetaData, Table, delete, func, insert, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions, build_engine
from strongroom.kernel.errors import CheckFailed, InvalidValue, ValueOutOfRange
from strongroom.kernel.sessions import Database
from strongroom.kernel.tables import ExactDecimal, MoneyAmount
from strongroom.kernel.values import new_id
from tests.kernel.attic import Box, Entry

LARGEST = Decimal("922337203685477.5807")
SMALLEST_STEP = Decimal("0.0001")

amounts = st.decimals(min_value=-LARGEST, max_value=LARGEST, places=4, allow_nan=False, allow_infinity=False)
summable = st.decimals(min_value=-(10**13), max_value=10**13, places=4, allow_nan=False, allow_infinity=False)


def test_fifteen_digits_before_the_point_and_four_after_come_back_unchanged(any_database: Database) -> None:
    amount = Decimal("123456789012345.6789")
    assert any_database.write(_store_and_read, [amount]) == [amount]


@given(stored=st.lists(amounts, min_size=1, max_size=20))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_amount_comes_back_and_sorts_exactly(any_database: Database, stored: list[Decimal]) -> None:
    stored = [*stored, LARGEST, -LARGEST]
    found = any_database.write(_store_and_read, stored)
    assert [str(amount) for amount in found] == [f"{amount + 0:.4f}" for amount in sorted(stored)]


@given(stored=st.lists(summable, min_size=1, max_size=20))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_sums_exactly(any_database: Database, stored: list[Decimal]) -> None:
    def sum_in_database(session: Session) -> Any:
        _store_and_read(session, stored)
        return session.scalar(select(func.sum(Box.amount)))

    assert any_database.write(sum_in_database) == sum(stored)


def test_amounts_are_compared_and_added_in_the_database(any_database: Database) -> None:
    any_database.write(_store_and_read, [Decimal("0.1"), Decimal("0.2"), Decimal("0.3")])

    def find(session: Session) -> Sequence[Any]:
        return session.scalars(select(Box.amount + Decimal("0.1")).where(Box.amount == Decimal("0.2"))).all()

    assert any_database.read(find) == [Decimal("0.3")]


@pytest.mark.parametrize(
    "refused",
    [
        0.1,
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        "-Infinity",
        "NaN",
        True,
        [],
        b"1",
        "1,5",
        Decimal("0.00001"),
        LARGEST + SMALLEST_STEP,
        -LARGEST - SMALLEST_STEP,
        Decimal("1e40"),
    ],
    ids=repr,
)
def test_what_is_no_exact_amount_is_refused_when_it_is_assigned(refused: Any) -> None:
    with pytest.raises(InvalidValue, match=r"^amount: must ") as caught:
        Box(name="a", amount=refused)
    assert caught.value.facts["field"] == "amount"
    box = Box(name="a")
    with pytest.raises(InvalidValue, match=r"^amount: must "):
        box.amount = refused


@pytest.mark.parametrize("refused", [0.1, Decimal("NaN"), Decimal("Infinity"), "0.00001", LARGEST + 1], ids=repr)
def test_what_is_no_exact_amount_is_refused_by_a_statement_too(any_database: Database, refused: Any) -> None:
    statement = insert(Entry).values(id=new_id(), amount=refused)
    with pytest.raises(StatementError, match=r"ValueError\) must ") as caught:
        any_database.write(lambda session: session.execute(statement))
    assert isinstance(caught.value.orig, ValueError)


@pytest.mark.parametrize("literal", ["'NaN'", "'Infinity'", "'-Infinity'", "922337203685477.5808"])
def test_postgresql_itself_refuses_what_is_no_amount(database: Database, literal: str) -> None:
    with pytest.raises((CheckFailed, ValueOutOfRange)) as caught:
        database.write(_insert_raw, literal)
    # numeric(19, 4) has no room for Infinity at all; the CHECK is for NaN and for what 64 bits do not hold
    is_infinite = "Infinity" in literal
    assert isinstance(caught.value, ValueOutOfRange if is_infinite else CheckFailed)
    assert is_infinite or caught.value.facts["constraint"] == "ck_entries_finite_amount"


@pytest.mark.parametrize("literal", ["'NaN'", "1.5", "'1.5'", "9e999", "-9e999", "9223372036854775808", "x'31'"])
def test_sqlite_itself_refuses_what_is_no_amount(sqlite_database: Database, literal: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        sqlite_database.write(_insert_raw, literal)
    assert caught.value.facts["constraint"] == "ck_entries_finite_amount"


@pytest.mark.parametrize("weight", ["-0.01", "99.51"])
def test_a_range_of_a_column_holds_on_both_engines(any_database: Database, weight: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        any_database.write(lambda session: session.add(Box(name="a", weight=weight)))
    assert caught.value.facts["constraint"] == "ck_boxes_range_weight"
    any_database.write(lambda session: session.add(Box(name="a", weight="99.50")))


def test_the_bound_of_a_wide_column_is_all_nines() -> None:
    wide = ExactDecimal(38, 10)
    assert wide.bound == Decimal("9999999999999999999999999999.9999999999")
    with pytest.raises(ValueError, match="must lie between"):
        wide.coerce(Decimal(10) ** 28)


@pytest.fixture
def both_engines(postgresql_options: DatabaseOptions, sqlite_options: DatabaseOptions) -> Iterator[list[Engine]]:
    engines = [build_engine(options) for options in (postgresql_options, sqlite_options)]
    yield engines
    for engine in engines:
        engine.dispose()


def test_what_sqlite_cannot_hold_in_64_bits_it_refuses_and_postgresql_keeps(both_engines: list[Engine]) -> None:
    on_postgresql, on_sqlite = both_engines
    wide = Table("wide", MetaData(), Column("value", ExactDecimal(38, 10)))
    number = Decimal("1234567890123456789012345678.0123456789")
    with on_postgresql.begin() as connection:
        wide.create(connection)
        connection.execute(insert(wide), {"value": number})
        assert connection.scalar(select(wide.c.value)) == number
    with on_sqlite.begin() as connection:
        wide.create(connection)
        with pytest.raises(StatementError, match="SQLite holds at most"):
            connection.execute(insert(wide), {"value": number})


def test_money_is_numeric_19_4() -> None:
    assert (MoneyAmount().precision, MoneyAmount().scale, MoneyAmount().bound) == (19, 4, LARGEST)


def _store_and_read(session: Session, amounts: Sequence[Decimal]) -> Sequence[Decimal | None]:
    """Store them in place of whatever is there; read them back in the order the database sorts them in."""
    session.execute(delete(Box).execution_options(include_deleted=True))
    session.add_all([Box(name=f"a{number}", amount=amount) for number, amount in enumerate(amounts)])
    session.flush()
    session.expunge_all()
    return session.scalars(select(Box.amount).order_by(Box.amount)).all()


def _insert_raw(session: Session, literal: str) -> None:
    session.execute(text(f"INSERT INTO attic.entries (id, amount) VALUES ('{new_id()}', {literal})"))


@pytest.mark.parametrize(
    "build", [lambda a: a * 2, lambda a: 2 * a, lambda a: a / 2, lambda a: 1 / a, lambda a: a // 2, lambda a: a % 2]
)
def test_what_sqlite_would_compute_wrongly_is_refused_while_the_query_is_built(build: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="compute in Python"):
        build(Entry.amount)
