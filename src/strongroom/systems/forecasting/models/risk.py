"""How much may be lost: volatility, value at risk and what lies beyond it, as positive fractions of the value."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from strongroom.kernel.tables import CreatedAt, Id, JsonDocument, UpdatedAt, database_now, holding_object
from strongroom.systems.forecasting.models.row import RATIO, Base
from strongroom.systems.forecasting.rules import check_correlation_matrix, check_finite

if TYPE_CHECKING:
    from strongroom.systems.forecasting.models.trained import TrainedModel


class RiskMetrics(Base):
    """Risk at one moment. A loss is positive; at 99 % it is never below that at 95 %, nor CVaR below VaR."""

    __tablename__ = "risk_metrics"

    id: Mapped[Id]
    model_id: Mapped[UUID] = mapped_column(ForeignKey("forecasting.trained_models.id", ondelete="CASCADE"))
    volatility: Mapped[Decimal | None] = mapped_column(RATIO)
    var_95: Mapped[Decimal | None] = mapped_column(RATIO)
    var_99: Mapped[Decimal | None] = mapped_column(RATIO)
    cvar_95: Mapped[Decimal | None] = mapped_column(RATIO)
    cvar_99: Mapped[Decimal | None] = mapped_column(RATIO)
    sharpe_ratio: Mapped[Decimal | None] = mapped_column(RATIO)
    correlation_matrix: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument())
    scenario_results: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument())
    calculation_date: Mapped[datetime] = mapped_column(server_default=database_now(), index=True)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    model: Mapped[TrainedModel] = relationship(back_populates="risk_metrics", lazy="raise")

    __table_args__ = (
        Index("ix_risk_metrics_model_id_calculation_date", "model_id", "calculation_date"),
        CheckConstraint("volatility >= 0", name="volatility"),
        CheckConstraint("var_99 >= var_95", name="var_99"),
        CheckConstraint("cvar_95 >= var_95", name="cvar_95"),
        CheckConstraint("cvar_99 >= var_99 AND cvar_99 >= cvar_95", name="cvar_99"),
        *holding_object("correlation_matrix"),
        *holding_object("scenario_results"),
    )

    @validates("correlation_matrix")
    def _check_matrix(self, _: str, value: Any) -> Any:
        if value is not None:
            check_correlation_matrix(value)
        return value

    @validates("scenario_results")
    def _check_numbers(self, field: str, value: Any) -> Any:
        check_finite(value, field)
        return value
