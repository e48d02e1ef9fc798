"""The tables of the attic: each shows some of what the kernel does for a row."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from strongroom.kernel.tables import (
    Capabilities,
    CreatedAt,
    DeletedAt,
    EnumText,
    ExactDecimal,
    Id,
    JsonDocument,
    Moment,
    MoneyAmount,
    Row,
    TextArray,
    UpdatedAt,
    empty_list,
    history_of,
    matching,
    room_metadata,
    within,
)


class Colour(Enum):
    DARK_RED = "dark-red"
    BLUE = "blue"


class Base(Row, DeclarativeBase):
    """A row of the attic."""

    metadata = room_metadata("attic")
    type_annotation_map = {Decimal: MoneyAmount(), datetime: Moment(), str: Text(), UUID: Uuid()}


class Box(Base):
    """Hidden rather than removed."""

    __tablename__ = "boxes"
    __table_args__ = (
        CheckConstraint("rank >= 0", name="rank_not_negative"),
        *within("weight", 0, "99.50", 2),
        matching("name", "^[a-z]"),
    )
    __capabilities__ = Capabilities(soft_deleted=True)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(40), unique=True)
    amount: Mapped[Decimal | None] = mapped_column(index=True)
    weight: Mapped[Decimal | None] = mapped_column(ExactDecimal(6, 2))
    colour: Mapped[Colour | None] = mapped_column(EnumText(Colour))
    rank: Mapped[int] = mapped_column(default=0, server_default="0")
    seen_at: Mapped[datetime | None]
    marks: Mapped[dict[str, Any]] = mapped_column(JsonDocument(), default=dict)
    labels: Mapped[list[Any]] = mapped_column(JsonDocument(list), default=list)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    deleted_at: Mapped[DeletedAt]

    items: Mapped[list[Item]] = relationship(back_populates="box", order_by="Item.label")


class Item(Base):
    """Hidden rather than removed, too; belongs to a box."""

    __tablename__ = "items"
    __capabilities__ = Capabilities(soft_deleted=True)

    id: Mapped[Id]
    box_id: Mapped[UUID] = mapped_column(ForeignKey("attic.boxes.id", ondelete="RESTRICT"), index=True)
    label: Mapped[str]
    deleted_at: Mapped[DeletedAt]

    box: Mapped[Box] = relationship(back_populates="items")


class Entry(Base):
    """Written once; only the remark may change."""

    __tablename__ = "entries"
    __capabilities__ = Capabilities(immutable=True, changeable=frozenset({"remark"}))

    id: Mapped[Id]
    amount: Mapped[Decimal]
    remark: Mapped[str | None]


class Shelf(Base):
    """Every version of it stays readable."""

    __tablename__ = "shelves"
    __capabilities__ = Capabilities(remembered=True)

    id: Mapped[Id]
    room: Mapped[str] = mapped_column(default="attic")
    width: Mapped[Decimal | None]
    holds: Mapped[list[str]] = mapped_column(TextArray(), default=list, server_default=empty_list())
    lends: Mapped[list[str] | None] = mapped_column(TextArray())


shelves_history = history_of(Shelf, index=("room",))
