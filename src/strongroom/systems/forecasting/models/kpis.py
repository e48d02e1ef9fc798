"""How a period went: six key figures and the whole report they come from."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from strongroom.kernel.tables import CreatedAt, Id, JsonDocument, database_now, holding_object, within
from strongroom.systems.forecasting.models.row import PERCENT, Base
from strongroom.systems.forecasting.rules import check_finite

if TYPE_CHECKING:
    from strongroom.systems.forecasting.models.trained import TrainedModel


class KPIReport(Base):
    """One report. Rates and margins in percent points; NULL where there is nothing to divide by."""

    __tablename__ = "kpi_reports"

    id: Mapped[Id]
    model_id: Mapped[UUID] = mapped_column(ForeignKey("forecasting.trained_models.id", ondelete="CASCADE"), index=True)
    report_date: Mapped[datetime] = mapped_column(server_default=database_now(), index=True)
    report_period_start: Mapped[datetime]
    report_period_end: Mapped[datetime]
    revenue_growth_rate: Mapped[Decimal | None] = mapped_column(PERCENT)
    operating_margin: Mapped[Decimal | None] = mapped_column(PERCENT)
    net_margin: Mapped[Decimal | None] = mapped_column(PERCENT)
    forecast_accuracy: Mapped[Decimal | None] = mapped_column(PERCENT)
    budget_variance: Mapped[Decimal | None] = mapped_column(PERCENT)
    risk_adjusted_return: Mapped[Decimal | None] = mapped_column(PERCENT)
    report_data: Mapped[dict[str, Any]] = mapped_column(JsonDocument(), default=dict, server_default="{}")
    created_at: Mapped[CreatedAt]

    model: Mapped[TrainedModel] = relationship(back_populates="kpi_reports", lazy="raise")

    __table_args__ = (
        CheckConstraint("report_period_end > report_period_start", name="report_period"),
        *within("forecast_accuracy", 0, 100, 4),
        *holding_object("report_data"),
    )

    @validates("report_data")
    def _check_numbers(self, field: str, value: Any) -> Any:
        check_finite(value, field)
        return value
