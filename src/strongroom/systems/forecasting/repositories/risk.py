"""Risk of models over time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.repositories import Repository, SessionT, operation
from strongroom.systems.forecasting.errors import RiskMetricsNotFound
from strongroom.systems.forecasting.models import RiskMetrics
from strongroom.systems.forecasting.repositories.listings import check_bounds
from strongroom.systems.forecasting.repositories.newest import newest_of

#: what has a course over time
MEASURES = ("volatility", "var_95", "var_99", "cvar_95", "cvar_99", "sharpe_ratio")


class RiskRepository(Repository[SessionT, RiskMetrics]):
    """Risk metrics."""

    row = RiskMetrics
    not_found = RiskMetricsNotFound

    @operation
    def latest(self: RiskRepository[Session], model_id: UUID) -> RiskMetrics | None:
        """What was computed last for a model, or None."""
        return self.latest_of([model_id]).get(model_id)

    @operation
    def latest_of(self: RiskRepository[Session], model_ids: Collection[UUID]) -> dict[UUID, RiskMetrics]:
        """What was computed last, by model; one statement for all."""
        rows = self.session.scalars(newest_of(RiskMetrics, RiskMetrics.calculation_date, model_ids))
        return {row.model_id: row for row in rows}

    @operation
    def between(self: RiskRepository[Session], model_id: UUID, start: datetime, end: datetime) -> Sequence[RiskMetrics]:
        """What was computed from start to end, both included, oldest first."""
        date = RiskMetrics.calculation_date
        found = select(RiskMetrics).where(RiskMetrics.model_id == model_id, date.between(start, end))
        return self.session.scalars(found.order_by(date, RiskMetrics.id)).all()

    @operation
    def trend(
        self: RiskRepository[Session], model_id: UUID, measure: str, limit: int = 100
    ) -> list[tuple[datetime, Decimal]]:
        """The last values of one measure that are known, each with its date, oldest first. Raises InvalidValue."""
        check_bounds(limit)
        if measure not in MEASURES:
            raise InvalidValue(field="measure", reason=f"must be one of {', '.join(MEASURES)}")
        column, date = getattr(RiskMetrics, measure), RiskMetrics.calculation_date
        found = select(date, column).where(RiskMetrics.model_id == model_id, column.is_not(None))
        newest = self.session.execute(found.order_by(date.desc(), RiskMetrics.id.desc()).limit(limit)).all()
        return [(moment, value) for moment, value in reversed(newest)]
