"""CHECK constraints that need other words on each engine, said once."""

from __future__ import annotations

from collections.abc import Iterable
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


def drawn_from(column: str, words: Iterable[str]) -> CheckConstraint:
    """Each word of a TextArray is one of these. PostgreSQL only: a CHECK of SQLite cannot look into a list."""
    known = tuple(str(word) for word in words)
    quoted = ", ".join(f"'{word}'" for word in known)
    check = CheckConstraint(f"{column} <@ ARRAY[{quoted}]::text[]", name=f"known_{column}").ddl_if(dialect="postgresql")
    check.info[WRITTEN_AS] = f"tables.drawn_from({column!r}, {known!r})"
    return check


def non_empty(column: str) -> tuple[CheckConstraint, ...]:
    """The TextArray has a word in it."""
    checks = (
        CheckConstraint(f"cardinality({column}) > 0", name=f"some_{column}").ddl_if(dialect="postgresql"),
        CheckConstraint(f"json_array_length({column}) > 0", name=f"some_{column}").ddl_if(dialect="sqlite"),
    )
    checks[0].info[WRITTEN_AS] = f"*tables.non_empty({column!r})"
    checks[1].info[WRITTEN_AS] = None
    return checks


def holding_object(column: str) -> tuple[CheckConstraint, ...]:
    """The JSON document is an object: no list, no text, no JSON null."""
    checks = (
        CheckConstraint(f"jsonb_typeof({column}) = 'object'", name=f"object_{column}").ddl_if(dialect="postgresql"),
        CheckConstraint(f"json_type({column}) = 'object'", name=f"object_{column}").ddl_if(dialect="sqlite"),
    )
    checks[0].info[WRITTEN_AS] = f"*tables.holding_object({column!r})"
    checks[1].info[WRITTEN_AS] = None
    return checks
