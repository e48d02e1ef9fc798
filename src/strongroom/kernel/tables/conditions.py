"""CHECK constraints that need other words on each engine, said once."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint


def within(column: str, low: Decimal | int | str, high: Decimal | int | str, scale: int) -> tuple[CheckConstraint, ...]:
    """low <= column <= high for an ExactDecimal of this scale, which SQLite keeps as a scaled integer."""
    scaled = [int(Decimal(bound).scaleb(scale)) for bound in (low, high)]
    return (
        CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=f"range_{column}").ddl_if(dialect="postgresql"),
        CheckConstraint(f"{column} BETWEEN {scaled[0]} AND {scaled[1]}", name=f"range_{column}").ddl_if(
            dialect="sqlite"
        ),
    )


def matching(column: str, pattern: str) -> CheckConstraint:
    """The text matches a POSIX pattern. PostgreSQL only: SQLite has no patterns of its own, Python checks there."""
    quoted = pattern.replace("'", "''")
    return CheckConstraint(f"{column} ~ '{quoted}'", name=f"pattern_{column}").ddl_if(dialect="postgresql")
