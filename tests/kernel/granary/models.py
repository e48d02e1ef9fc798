"""The tables of the granary."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from strongroom.kernel.tables import (
    Capabilities,
    DeletedAt,
    Id,
    Moment,
    MoneyAmount,
    Row,
    UpdatedAt,
    cache_versions,
    room_metadata,
)


class Base(Row, DeclarativeBase):
    """A row of the granary."""

    metadata = room_metadata("granary")
    type_annotation_map = {Decimal: MoneyAmount(), datetime: Moment(), str: Text(), UUID: Uuid()}


cache_versions(Base.metadata)


class Farm(Base):
    """Hidden rather than removed."""

    __tablename__ = "farms"
    __capabilities__ = Capabilities(soft_deleted=True, cached_by="id")

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(40), unique=True)
    region: Mapped[str] = mapped_column(index=True, default="north")
    deleted_at: Mapped[DeletedAt]


class Harvest(Base):
    """What a farm brought in on a day, in tonnes; cut into years by that day."""

    __tablename__ = "harvests"
    __capabilities__ = Capabilities(owned_by="farm_id", partitioned_by="day", cached_by="farm_id")

    id: Mapped[Id]
    farm_id: Mapped[UUID] = mapped_column(ForeignKey("granary.farms.id", ondelete="RESTRICT"))
    day: Mapped[date] = mapped_column(primary_key=True)
    crop: Mapped[str] = mapped_column(default="rye")
    weight: Mapped[Decimal] = mapped_column(default=Decimal(1))
    updated_at: Mapped[UpdatedAt]

    __table_args__ = (
        UniqueConstraint("farm_id", "day", "crop", name="uq_harvests_farm_id_day_crop"),
        CheckConstraint("weight > 0", name="weight"),
        Index("ix_harvests_crop", "crop"),
    )
    __mapper_args__: Any = {**Row.__mapper_args__, "primary_key": ["id"]}


class Visit(Base):
    """Somebody came by; of these no version is kept."""

    __tablename__ = "visits"

    id: Mapped[Id]
    farm_id: Mapped[UUID] = mapped_column(ForeignKey("granary.farms.id", ondelete="RESTRICT"), index=True)
