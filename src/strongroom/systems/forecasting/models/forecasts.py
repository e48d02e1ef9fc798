"""What was predicted for a period, with its interval, and what came of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strongroom.kernel.tables import CreatedAt, Id, JsonDocument, holding_object
from strongroom.systems.forecasting.models.row import Base

if TYPE_CHECKING:
    from strongroom.systems.forecasting.models.trained import TrainedModel


class Forecast(Base):
    """One period of one model. forecast_date: the period; the interval is two-sided, 95 %.

    `actual_value` is filled in later and never moves the prediction.
    """

    __tablename__ = "forecasts"

    id: Mapped[Id]
    model_id: Mapped[UUID] = mapped_column(ForeignKey("forecasting.trained_models.id", ondelete="CASCADE"), index=True)
    forecast_date: Mapped[datetime] = mapped_column(index=True)
    predicted_value: Mapped[Decimal]
    lower_confidence_interval: Mapped[Decimal | None]
    upper_confidence_interval: Mapped[Decimal | None]
    actual_value: Mapped[Decimal | None]
    extra: Mapped[dict[str, Any]] = mapped_column("metadata", JsonDocument(), default=dict, server_default="{}")
    created_at: Mapped[CreatedAt]

    model: Mapped[TrainedModel] = relationship(back_populates="forecasts", lazy="raise")

    __table_args__ = (
        UniqueConstraint("model_id", "forecast_date"),
        CheckConstraint(
            "(lower_confidence_interval IS NULL) = (upper_confidence_interval IS NULL)", name="interval_whole"
        ),
        CheckConstraint(
            "lower_confidence_interval <= predicted_value AND predicted_value <= upper_confidence_interval",
            name="interval_holds",
        ),
        *holding_object("metadata"),
    )
