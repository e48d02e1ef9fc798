"""The parent of every table of banking: its schema, its registry, its column types."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from sqlalchemy import Date, ForeignKey, ForeignKeyConstraint, String, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, mapped_column

from strongroom.kernel.tables import Moment, MoneyAmount, Row, room_metadata

SCHEMA = "banking"


class Base(Row, DeclarativeBase):
    """A row of banking."""

    metadata = room_metadata(SCHEMA)
    type_annotation_map = {
        Decimal: MoneyAmount(),
        datetime: Moment(),
        date: Date(),
        str: Text(),
        UUID: Uuid(),
    }


Currency = Annotated[str, mapped_column(String(3), ForeignKey(f"{SCHEMA}.currencies.code", ondelete="RESTRICT"))]


def to_own_account(column: str = "account_id") -> ForeignKeyConstraint:
    """This column names an account of the row's own user, in the row's own currency; the database sees to both."""
    return ForeignKeyConstraint(
        [column, "user_id", "currency"],
        ["banking.accounts.id", "banking.accounts.user_id", "banking.accounts.currency"],
        ondelete="RESTRICT",
    )
