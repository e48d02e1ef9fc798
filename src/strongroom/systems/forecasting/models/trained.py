"""Models that were trained: what they are, how well they did on data they had not seen, where they are kept."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strongroom.kernel.tables import (
    Capabilities,
    CreatedAt,
    EnumText,
    Id,
    JsonDocument,
    UpdatedAt,
    holding_object,
    within,
)
from strongroom.systems.forecasting.models.row import ERROR, RATIO, Base
from strongroom.systems.forecasting.rules import CategoryEnum, ModelTypeEnum

if TYPE_CHECKING:
    from strongroom.systems.forecasting.models.forecasts import Forecast
    from strongroom.systems.forecasting.models.kpis import KPIReport
    from strongroom.systems.forecasting.models.risk import RiskMetrics
    from strongroom.systems.forecasting.models.users import User

#: what both databases hold; a model this bad is as bad as any
R2_MIN = -92_000_000_000


class TrainedModel(Base):
    """One version of a named model; at most one version of a name is active.

    mae, rmse, r2_score, mape: on held-out windows, never on training data.
    """

    __tablename__ = "trained_models"
    __capabilities__ = Capabilities(owned_by="user_id", audited=True)

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("forecasting.users.id", ondelete="CASCADE"), index=True)
    model_name: Mapped[str] = mapped_column(String(100), index=True)
    model_type: Mapped[ModelTypeEnum] = mapped_column(EnumText(ModelTypeEnum))
    forecast_type: Mapped[CategoryEnum] = mapped_column(EnumText(CategoryEnum))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    model_path: Mapped[str] = mapped_column(String(255))
    mae: Mapped[Decimal | None] = mapped_column(ERROR)
    rmse: Mapped[Decimal | None] = mapped_column(ERROR)
    r2_score: Mapped[Decimal | None] = mapped_column(RATIO)
    mape: Mapped[Decimal | None] = mapped_column(ERROR)
    training_data_count: Mapped[int | None]
    hyperparameters: Mapped[dict[str, Any]] = mapped_column(JsonDocument(), default=dict, server_default="{}")
    is_active: Mapped[bool] = mapped_column(default=True, server_default="1", index=True)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    user: Mapped[User] = relationship(back_populates="trained_models", lazy="raise")
    forecasts: Mapped[list[Forecast]] = relationship(back_populates="model", lazy="raise", passive_deletes="all")
    risk_metrics: Mapped[list[RiskMetrics]] = relationship(back_populates="model", lazy="raise", passive_deletes="all")
    kpi_reports: Mapped[list[KPIReport]] = relationship(back_populates="model", lazy="raise", passive_deletes="all")

    __table_args__ = (
        UniqueConstraint("user_id", "model_name", "version"),
        Index(
            "uq_trained_models_user_id_model_name",
            "user_id",
            "model_name",
            unique=True,
            postgresql_where=text("is_active"),
            sqlite_where=text("is_active"),
        ),
        CheckConstraint("length(trim(model_name)) > 0", name="model_name"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("mae >= 0 AND rmse >= 0 AND mape >= 0 AND training_data_count >= 0", name="not_negative"),
        CheckConstraint("rmse >= mae", name="rmse"),
        *within("r2_score", R2_MIN, 1, 8),
        *holding_object("hyperparameters"),
    )
