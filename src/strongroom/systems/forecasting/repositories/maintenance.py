"""How much there is of everything."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.systems.forecasting.models import Base


def count_rows(session: Session) -> dict[str, int]:
    """Rows by table, in one statement."""
    tables = Base.metadata.sorted_tables
    counts = [select(func.count()).select_from(table).scalar_subquery().label(table.name) for table in tables]
    return dict(session.execute(select(*counts)).one()._mapping)
