"""What the calculators found for a report: one row of money, one of freight."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation
from strongroom.systems.export_readiness.errors import AnalysisNotFound
from strongroom.systems.export_readiness.models import FinanceAnalysis, LogisticsAnalysis
from strongroom.systems.export_readiness.repositories.writing import put_row


class FinanceRepository(Repository[SessionT, FinanceAnalysis]):
    """Money, by report."""

    row = FinanceAnalysis
    not_found = AnalysisNotFound

    @operation
    def put(self: FinanceRepository[Session], /, report_id: UUID, **parts: Any) -> FinanceAnalysis:
        """Store what was found; parts that are not given stay. working_capital_data is needed the first time."""
        put_row(self.session, FinanceAnalysis, ["report_id"], {"report_id": report_id, **parts})
        return self.session.get_one(FinanceAnalysis, report_id, populate_existing=True)


class LogisticsRepository(Repository[SessionT, LogisticsAnalysis]):
    """Freight, by report."""

    row = LogisticsAnalysis
    not_found = AnalysisNotFound

    @operation
    def put(self: LogisticsRepository[Session], /, report_id: UUID, **parts: Any) -> LogisticsAnalysis:
        """Store what was found; parts that are not given stay."""
        put_row(self.session, LogisticsAnalysis, ["report_id"], {"report_id": report_id, **parts})
        return self.session.get_one(LogisticsAnalysis, report_id, populate_existing=True)
