"""What others publish and calculators use: the Harmonized System, and rates and constants with their dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from strongroom.kernel.tables import Capabilities, CreatedAt, ExactDecimal, Id, JsonDocument, holding_object, matching
from strongroom.systems.export_readiness.models.row import Base

#: what a search for words looks through on PostgreSQL; the index holds exactly this
WORDS: ColumnElement[Any] = literal_column("to_tsvector('english', description)")


class HsCode(Base):
    """One heading of the nomenclature: 2, 4 or 6 digits, below the heading it belongs to."""

    __tablename__ = "hs_codes"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    section: Mapped[str] = mapped_column(String(5))
    level: Mapped[int]
    parent: Mapped[str | None] = mapped_column(
        String(6), ForeignKey("export_readiness.hs_codes.code", ondelete="RESTRICT"), index=True
    )
    description: Mapped[str]
    source: Mapped[str]
    source_date: Mapped[date]

    __table_args__ = (
        CheckConstraint("level IN (2, 4, 6) AND length(code) = level", name="level"),
        CheckConstraint("(level = 2) = (parent IS NULL)", name="parent"),
        matching("code", "^[0-9]{2,6}$"),
        Index("ix_hs_codes_words", WORDS, postgresql_using="gin").ddl_if(dialect="postgresql"),
    )


class ReferenceRate(Base):
    """One constant of one calculator from a day on: a rate, a threshold, a price. A change is a new row.

    calculator and name say what it is for (`rodtep`, `0910`); value in `unit`; details: what is not a number.
    """

    __tablename__ = "reference_rates"
    __capabilities__ = Capabilities(immutable=True)

    id: Mapped[Id]
    calculator: Mapped[str] = mapped_column(String(50))
    name: Mapped[str] = mapped_column(String(100))
    valid_from: Mapped[date]
    value: Mapped[Decimal | None] = mapped_column(ExactDecimal(18, 6))
    unit: Mapped[str] = mapped_column(String(30))
    details: Mapped[dict[str, Any]] = mapped_column(JsonDocument(), default=dict, server_default="{}")
    source: Mapped[str]
    created_by: Mapped[UUID | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        UniqueConstraint("calculator", "name", "valid_from"),
        Index("ix_reference_rates_valid_from", "valid_from"),
        CheckConstraint("length(trim(calculator)) > 0 AND length(trim(name)) > 0", name="names"),
        CheckConstraint("length(trim(source)) > 0", name="source"),
        *holding_object("details"),
    )
