"""The parent of every table of portfolio: its schema, its column types, and who changed a row and when."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, SmallInteger, String, Text, Uuid, event, inspect
from sqlalchemy.orm import DeclarativeBase, Mapper, Session, mapped_column, object_session

from strongroom.kernel.sessions import actor_of
from strongroom.kernel.tables import ExactDecimal, Moment, Row, database_now, matching, room_metadata

SCHEMA = "portfolio"
ACTOR_LETTERS_MAX = 100

#: An amount in full units of the row's currency.
Amount = Annotated[Decimal, mapped_column(ExactDecimal(20, 2))]
#: In percent points: 80.00 is 80 %.
Percent = Annotated[Decimal, mapped_column(ExactDecimal(12, 2))]
#: One figure divided by another.
Multiple = Annotated[Decimal, mapped_column(ExactDecimal(12, 2))]
Months = Annotated[Decimal, mapped_column(ExactDecimal(10, 1))]
#: Units of one currency for one unit of another.
ExchangeRate = Annotated[Decimal, mapped_column(ExactDecimal(20, 10))]
Currency = Annotated[str, mapped_column(String(3))]
Quarter = Annotated[int, mapped_column(SmallInteger())]

CreatedDate = Annotated[datetime, mapped_column(Moment(), server_default=database_now(), sort_order=90)]
CreatedBy = Annotated[str, mapped_column(String(ACTOR_LETTERS_MAX), sort_order=91)]
LastUpdateDate = Annotated[datetime | None, mapped_column(Moment(), onupdate=database_now(), sort_order=92)]
LastUpdatedBy = Annotated[str | None, mapped_column(String(ACTOR_LETTERS_MAX), sort_order=93)]


class Base(Row, DeclarativeBase):
    """A row of portfolio."""

    metadata = room_metadata(SCHEMA)
    type_annotation_map = {
        Decimal: ExactDecimal(20, 2),
        datetime: Moment(),
        date: Date(),
        str: Text(),
        UUID: Uuid(),
    }


def currency_checks(*columns: str) -> tuple[CheckConstraint, ...]:
    """Each column holds three capitals, as ISO 4217 codes are."""
    return tuple(matching(column, "^[A-Z]{3}$") for column in columns)


def period_checks() -> tuple[CheckConstraint, ...]:
    """Quarters are 1 to 4, years those in which a fund can report."""
    return (
        CheckConstraint("fiscal_reporting_quarter BETWEEN 1 AND 4", name="fiscal_reporting_quarter"),
        CheckConstraint("reporting_quarter BETWEEN 1 AND 4", name="reporting_quarter"),
        CheckConstraint("reporting_year BETWEEN 2000 AND 2100", name="reporting_year"),
    )


def amount_checks() -> tuple[CheckConstraint, ...]:
    """What holds between the amounts a company sends; converting at one rate and rounding keeps it true."""
    return (
        CheckConstraint("total_revenue >= 0", name="total_revenue"),
        CheckConstraint("recurring_revenue BETWEEN 0 AND total_revenue", name="recurring_revenue"),
        CheckConstraint("gross_profit <= total_revenue", name="gross_profit"),
        CheckConstraint("sales_marketing_expense >= 0", name="sales_marketing_expense"),
        CheckConstraint("total_operating_expense >= sales_marketing_expense", name="total_operating_expense"),
        CheckConstraint("cash_balance >= 0", name="cash_balance"),
        CheckConstraint("debt_outstanding IS NULL OR debt_outstanding >= 0", name="debt_outstanding"),
    )


def signature(session: Session) -> str:
    """Who acts, as created_by and last_updated_by hold it."""
    return actor_of(session).name[:ACTOR_LETTERS_MAX]


@event.listens_for(Base, "before_insert", propagate=True)
def _sign_new(_: Mapper[Any], __: Any, row: Any) -> None:
    """A new row is signed by whoever acts in its session, unless its maker has signed it."""
    if getattr(row, "created_by", "") is None:
        row.created_by = signature(_session_of(row))


@event.listens_for(Base, "before_update", propagate=True)
def _sign_change(_: Mapper[Any], __: Any, row: Any) -> None:
    session = object_session(row)
    if session is None or not hasattr(row, "last_updated_by") or not session.is_modified(row):
        return
    if not inspect(row).attrs.last_updated_by.history.has_changes():
        row.last_updated_by = signature(session)


def _session_of(row: Any) -> Session:
    session = object_session(row)
    assert session is not None, "a row is written in a session"
    return session
