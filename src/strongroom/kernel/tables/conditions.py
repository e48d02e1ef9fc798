"""CHECK constraints that need other words on each engine, said once."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint

#: key in constraint.info: how a revision writes the constraint; None when another one brings it along
WRITTEN_AS = "written_as"


def within(column: str, low: Decimal | int | str, high: Decimal | int | str, scale: int) -> tuple[CheckConstraint, ...]:
    """low <= column <= high for an ExactDecimal of this scale, which SQLite keeps as a scaled integer."""
    scaled = [int(Decimal(bound).scaleb(scale)) for bound in (low, high)]
    checks = (
        CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=f"range_{column}").ddl_if(dialect="postgresql"),
        CheckConstraint(f"{column} BETWEEN {scaled[0]} AND {scaled[1]}", name=f"range_{column}").ddl_if(
            dialect="sqlite"
        ),
    )
    checks[0].info[WRITTEN_AS] = f"*tables.within({column!r}, {str(low)!r}, {str(high)!r}, {scale})"
    checks[1].info[WRITTEN_AS] = None
    return checks


def matching(column: str, pattern: str) -> CheckConstraint:
    """The text matches a POSIX pattern. PostgreSQL only: SQLite has no patterns of its own, Python checks there."""
    quoted = pattern.replace("'", "''")
    check = CheckConstraint(f"{column} ~ '{quoted}'", name=f"pattern_{column}").ddl_if(dialect="postgresql")
    check.info[WRITTEN_AS] = f"tables.matching({column!r}, {pattern!r})"
    return check
