"""What happened to a company, as a log of events of many types."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from strongroom.kernel.tables import (
    Capabilities,
    CreatedAt,
    EnumText,
    Id,
    UpdatedAt,
    default_decimal,
    holding_object,
    matching,
    within,
)
from strongroom.systems.biotech.models.row import Base, Document, Figure
from strongroom.systems.biotech.rules.companies import normalise_label
from strongroom.systems.biotech.rules.enums import Severity
from strongroom.systems.biotech.rules.payloads import normalise_signal_type
from strongroom.systems.biotech.rules.signals import SIGNAL_TYPE_PATTERN

if TYPE_CHECKING:
    from strongroom.systems.biotech.models.companies import Company


class Signal(Base):
    """One event. signal_type says what signal_data holds; ma_impact_score: -10 to 10; confidence: 0 to 1.

    source and external_id name the event where it came from, so that it is taken in once however often it is sent.
    """

    __tablename__ = "signals"
    __capabilities__ = Capabilities(owned_by="company_id")

    id: Mapped[Id]
    company_id: Mapped[UUID] = mapped_column(ForeignKey("biotech.companies.id", ondelete="CASCADE"))
    signal_type: Mapped[str] = mapped_column(String(50))
    event_date: Mapped[datetime] = mapped_column(index=True)
    severity: Mapped[Severity] = mapped_column(
        EnumText(Severity), default=Severity.MEDIUM, server_default=Severity.MEDIUM.value
    )
    confidence: Mapped[float] = mapped_column(Figure(4, 3), default=0.5, server_default=default_decimal("0.5", 3))
    title: Mapped[str] = mapped_column(String(500))
    description: Mapped[str | None]
    source_url: Mapped[str | None]
    signal_data: Mapped[Document]
    ma_impact_score: Mapped[float] = mapped_column(Figure(5, 2), default=0.0, server_default="0")
    source: Mapped[str | None] = mapped_column(String(100))
    external_id: Mapped[str | None] = mapped_column(String(255))
    processed_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    company: Mapped[Company] = relationship(back_populates="signals", lazy="raise")

    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        # read backwards for newest first
        Index("ix_signals_company_id_event_date_id", "company_id", "event_date", "id"),
        Index("ix_signals_company_id_signal_type", "company_id", "signal_type"),
        Index("ix_signals_signal_type_event_date", "signal_type", "event_date"),
        Index("ix_signals_severity_event_date", "severity", "event_date"),
        Index(
            "ix_signals_signal_data",
            "signal_data",
            postgresql_using="gin",
            postgresql_ops={"signal_data": "jsonb_path_ops"},
        ),
        CheckConstraint("length(trim(title)) > 0", name="title"),
        CheckConstraint("external_id IS NULL OR source IS NOT NULL", name="external_id"),
        matching("signal_type", SIGNAL_TYPE_PATTERN),
        *within("confidence", 0, 1, scale=3),
        *within("ma_impact_score", -10, 10, scale=2),
        *holding_object("signal_data"),
    )

    @validates("title", "signal_type")
    def _normalise(self, field: str, value: Any) -> Any:
        if field == "title":
            return normalise_label(value, field)
        return normalise_signal_type(value)
