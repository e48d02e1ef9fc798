"""What came in: a file's record, and the points of the series it held."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strongroom.kernel.tables import Capabilities, CreatedAt, EnumText, Id, JsonDocument, UpdatedAt, holding_object
from strongroom.systems.forecasting.models.row import Base
from strongroom.systems.forecasting.rules import CategoryEnum, DataTypeEnum, UploadStatusEnum

if TYPE_CHECKING:
    from strongroom.systems.forecasting.models.users import User


class DataUpload(Base):
    """One file. `row_count` equals its stored points once it is validated; an error says why and leaves none."""

    __tablename__ = "data_uploads"
    __capabilities__ = Capabilities(owned_by="user_id")

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("forecasting.users.id", ondelete="CASCADE"), index=True)
    filename: Mapped[str] = mapped_column(String(255))
    data_type: Mapped[DataTypeEnum] = mapped_column(EnumText(DataTypeEnum))
    row_count: Mapped[int] = mapped_column(default=0, server_default="0")
    status: Mapped[UploadStatusEnum] = mapped_column(
        EnumText(UploadStatusEnum), default=UploadStatusEnum.PROCESSING, server_default="processing"
    )
    error_message: Mapped[str | None]
    extra: Mapped[dict[str, Any]] = mapped_column("metadata", JsonDocument(), default=dict, server_default="{}")
    created_at: Mapped[CreatedAt] = mapped_column(index=True)
    updated_at: Mapped[UpdatedAt]

    user: Mapped[User] = relationship(back_populates="data_uploads", lazy="raise")
    points: Mapped[list[TimeSeriesData]] = relationship(
        back_populates="upload", lazy="raise", passive_deletes="all", order_by="TimeSeriesData.timestamp"
    )

    __table_args__ = (
        CheckConstraint("length(trim(filename)) > 0", name="filename"),
        CheckConstraint("row_count >= 0", name="row_count"),
        CheckConstraint("(status = 'error') = (error_message IS NOT NULL)", name="error_message"),
        *holding_object("metadata"),
    )


class TimeSeriesData(Base):
    """One point of one series. A file holds each moment of a category once, so taking it in again adds nothing."""

    __tablename__ = "timeseries_data"

    id: Mapped[Id]
    data_upload_id: Mapped[UUID] = mapped_column(ForeignKey("forecasting.data_uploads.id", ondelete="CASCADE"))
    timestamp: Mapped[datetime] = mapped_column(index=True)
    value: Mapped[Decimal]
    category: Mapped[CategoryEnum] = mapped_column(EnumText(CategoryEnum))
    extra: Mapped[dict[str, Any]] = mapped_column("metadata", JsonDocument(), default=dict, server_default="{}")
    created_at: Mapped[CreatedAt]

    upload: Mapped[DataUpload] = relationship(back_populates="points", lazy="raise")

    __table_args__ = (
        UniqueConstraint("data_upload_id", "category", "timestamp"),
        Index("ix_timeseries_data_data_upload_id_timestamp", "data_upload_id", "timestamp"),
        Index("ix_timeseries_data_category_timestamp", "category", "timestamp"),
        *holding_object("metadata"),
    )
