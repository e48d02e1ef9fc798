"""Reports of key figures by model and time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation
from strongroom.systems.forecasting.errors import KpiReportNotFound
from strongroom.systems.forecasting.models import KPIReport
from strongroom.systems.forecasting.repositories.newest import newest_of


class KpiRepository(Repository[SessionT, KPIReport]):
    """Reports of key figures."""

    row = KPIReport
    not_found = KpiReportNotFound

    @operation
    def latest(self: KpiRepository[Session], model_id: UUID) -> KPIReport | None:
        """The newest report of a model, or None."""
        return self.latest_of([model_id]).get(model_id)

    @operation
    def latest_of(self: KpiRepository[Session], model_ids: Collection[UUID]) -> dict[UUID, KPIReport]:
        """The newest report of each model; one statement for all."""
        rows = self.session.scalars(newest_of(KPIReport, KPIReport.report_date, model_ids))
        return {row.model_id: row for row in rows}

    @operation
    def between(self: KpiRepository[Session], model_id: UUID, start: datetime, end: datetime) -> Sequence[KPIReport]:
        """Reports made from start to end, both included, oldest first."""
        date = KPIReport.report_date
        found = select(KPIReport).where(KPIReport.model_id == model_id, date.between(start, end))
        return self.session.scalars(found.order_by(date, KPIReport.id)).all()
