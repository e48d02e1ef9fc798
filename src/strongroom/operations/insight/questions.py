"""One question in SQL, asked where the database itself refuses every write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Answer:
    """columns: names in order. rows: the first ones; is_whole: whether these are all."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    is_whole: bool


def ask(session: Session, sql: str, limit: int = 100) -> Answer:
    """The first rows that the statement gives. Run it by `Database.read`: then it changes nothing whatever it says."""
    result = session.connection().exec_driver_sql(sql)
    if not result.returns_rows:
        return Answer((), (), True)
    rows = tuple(tuple(row) for row in result.fetchmany(limit + 1))
    answer = Answer(tuple(result.keys()), rows[:limit], len(rows) <= limit)
    result.close()
    return answer
