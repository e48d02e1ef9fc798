"""What somebody wants to be told, and each time it came to that."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, validates

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.tables import (
    Capabilities,
    CreatedAt,
    DeletedAt,
    EnumText,
    ExactDecimal,
    Id,
    JsonDocument,
    UpdatedAt,
    drawn_from,
    holding_object,
)
from strongroom.systems.biotech.models.row import (
    Base,
    Counter,
    Document,
    Extra,
    Name,
    OwnClient,
    Words,
    WordsOrAll,
)
from strongroom.systems.biotech.rules.companies import normalise_label, normalise_tickers
from strongroom.systems.biotech.rules.enums import AlertLevel, AlertType, Channel, TriggerStatus


class Alert(Base):
    """A standing order to tell somebody. company_tickers, signal_types: None means all.

    threshold_value, where it is set, stands in place of the condition's own threshold.
    """

    __tablename__ = "alerts"
    __capabilities__ = Capabilities(soft_deleted=True)

    id: Mapped[Id]
    client_id: Mapped[OwnClient]
    name: Mapped[Name]
    alert_type: Mapped[AlertType] = mapped_column(EnumText(AlertType))
    condition: Mapped[dict[str, Any]] = mapped_column(JsonDocument())
    threshold_value: Mapped[Decimal | None] = mapped_column(ExactDecimal(12, 4))
    company_tickers: Mapped[WordsOrAll]
    signal_types: Mapped[WordsOrAll]
    is_active: Mapped[bool] = mapped_column(default=True, server_default="1")
    last_triggered: Mapped[datetime | None]
    trigger_count: Mapped[Counter]
    notification_channels: Mapped[Words]
    recipients: Mapped[Words]
    extra: Mapped[Extra] = mapped_column("metadata")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    deleted_at: Mapped[DeletedAt]

    __table_args__ = (
        Index("ix_alerts_is_active_alert_type", "is_active", "alert_type"),
        CheckConstraint("length(trim(name)) > 0", name="name"),
        CheckConstraint("trigger_count >= 0", name="trigger_count"),
        drawn_from("notification_channels", Channel),
        *holding_object("condition"),
        *holding_object("metadata"),
    )

    @validates("name", "company_tickers", "notification_channels")
    def _normalise(self, field: str, value: Any) -> Any:
        if field == "name":
            return normalise_label(value, field)
        if field == "company_tickers":
            return None if value is None else normalise_tickers(value, field)
        return _channels(value)


class AlertTrigger(Base):
    """One time an alert fired. company_id: None when it is about a report.

    dedupe_key: what makes it the same news as another; the second one is not stored.
    """

    __tablename__ = "alert_triggers"
    __capabilities__ = Capabilities(owned_by="alert_id")

    id: Mapped[Id]
    alert_id: Mapped[UUID] = mapped_column(ForeignKey("biotech.alerts.id", ondelete="CASCADE"))
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("biotech.companies.id", ondelete="CASCADE"))
    signal_id: Mapped[UUID | None] = mapped_column(ForeignKey("biotech.signals.id", ondelete="SET NULL"), index=True)
    score_id: Mapped[UUID | None] = mapped_column(ForeignKey("biotech.ma_scores.id", ondelete="SET NULL"), index=True)
    triggered_at: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[str]
    details: Mapped[Document]
    severity: Mapped[AlertLevel] = mapped_column(
        EnumText(AlertLevel), default=AlertLevel.INFO, server_default=AlertLevel.INFO.value
    )
    status: Mapped[TriggerStatus] = mapped_column(
        EnumText(TriggerStatus), default=TriggerStatus.TRIGGERED, server_default=TriggerStatus.TRIGGERED.value
    )
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    channels: Mapped[Words]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    __table_args__ = (
        Index("ix_alert_triggers_company_id_triggered_at", "company_id", "triggered_at"),
        Index("ix_alert_triggers_alert_id_company_id_triggered_at", "alert_id", "company_id", "triggered_at"),
        CheckConstraint("(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"),
        CheckConstraint("status = 'triggered' OR acknowledged_at IS NOT NULL", name="acknowledged_at"),
        CheckConstraint("(resolved_at IS NOT NULL) = (status = 'resolved')", name="resolved_at"),
        drawn_from("channels", Channel),
        *holding_object("details"),
    )


def _channels(value: Any) -> list[str]:
    try:
        return list(dict.fromkeys(Channel(channel).value for channel in value))
    except (ValueError, TypeError):
        known = ", ".join(Channel)
        raise InvalidValue(field="notification_channels", reason=f"must be among {known}") from None
