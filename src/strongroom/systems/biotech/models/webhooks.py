"""Where events are sent, and every event on its way there: an outbox that is written with what it tells of."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.tables import (
    Capabilities,
    CreatedAt,
    DeletedAt,
    EnumText,
    Id,
    JsonDocument,
    TextArray,
    UpdatedAt,
    drawn_from,
    holding_object,
    non_empty,
    within,
)
from strongroom.systems.biotech.models.row import Base, Counter, Extra, Figure, Name, OwnClient, WordsOrAll
from strongroom.systems.biotech.rules.companies import normalise_label, normalise_tickers
from strongroom.systems.biotech.rules.enums import WEBHOOK_EVENT_ALIASES, DeliveryStatus, WebhookEvent

_DUE = text("status IN ('pending', 'in_flight', 'retrying')")


def _retry_policy(_: object) -> dict[str, int]:
    return {"max_retries": 3, "retry_delay_seconds": 60}


class Webhook(Base):
    """A subscriber's address. company_tickers: None means all; min_score: 0 to 100, below it nothing is sent.

    The secret that signs is sealed under the key secret_key_id; without one nothing is sent. The one before it signs
    too until previous_secret_until, so that a subscriber can change over.
    """

    __tablename__ = "webhooks"
    __capabilities__ = Capabilities(soft_deleted=True, encrypted=frozenset({"secret_sealed", "previous_secret_sealed"}))

    id: Mapped[Id]
    client_id: Mapped[OwnClient]
    name: Mapped[Name]
    url: Mapped[str] = mapped_column(String(2048))
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    secret_key_id: Mapped[str | None] = mapped_column(String(64))
    previous_secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_secret_until: Mapped[datetime | None]
    event_types: Mapped[list[str]] = mapped_column(TextArray())
    company_tickers: Mapped[WordsOrAll]
    min_score: Mapped[float | None] = mapped_column(Figure(5, 2))
    is_active: Mapped[bool] = mapped_column(default=True, server_default="1", index=True)
    last_triggered: Mapped[datetime | None]
    success_count: Mapped[Counter]
    failure_count: Mapped[Counter]
    last_error: Mapped[str | None]
    consecutive_failures: Mapped[int] = mapped_column(default=0, server_default="0")
    disabled_at: Mapped[datetime | None]
    retry_policy: Mapped[dict[str, Any]] = mapped_column(
        JsonDocument(), default=_retry_policy, server_default='{"max_retries": 3, "retry_delay_seconds": 60}'
    )
    timeout_seconds: Mapped[int] = mapped_column(default=30, server_default="30")
    extra: Mapped[Extra] = mapped_column("metadata")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    deleted_at: Mapped[DeletedAt]

    __table_args__ = (
        Index("ix_webhooks_event_types", "event_types", postgresql_using="gin"),
        CheckConstraint("length(trim(name)) > 0", name="name"),
        CheckConstraint("success_count >= 0 AND failure_count >= 0 AND consecutive_failures >= 0", name="counters"),
        CheckConstraint("timeout_seconds BETWEEN 1 AND 120", name="timeout_seconds"),
        CheckConstraint("(secret_sealed IS NULL) = (secret_key_id IS NULL)", name="secret"),
        CheckConstraint("(previous_secret_sealed IS NULL) = (previous_secret_until IS NULL)", name="previous_secret"),
        *non_empty("event_types"),
        drawn_from("event_types", WebhookEvent),
        *within("min_score", 0, 100, scale=2),
        *holding_object("retry_policy"),
        *holding_object("metadata"),
    )

    @validates("name", "event_types", "company_tickers")
    def _normalise(self, field: str, value: Any) -> Any:
        if field == "name":
            return normalise_label(value, field)
        if field == "event_types":
            return _events(value)
        return None if value is None else normalise_tickers(value, field)


class WebhookDelivery(Base):
    """One event for one webhook. body: the very bytes that are signed and sent, as text.

    position: 1, 2, 3 … among the events of one webhook and company, so that a receiver can tell their order.
    locked_until: until then it belongs to the worker that claimed it.
    """

    __tablename__ = "webhook_deliveries"
    __capabilities__ = Capabilities(owned_by="webhook_id")

    id: Mapped[Id]
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("biotech.webhooks.id", ondelete="CASCADE"))
    event_id: Mapped[UUID]
    event_type: Mapped[WebhookEvent] = mapped_column(EnumText(WebhookEvent))
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("biotech.companies.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[str]
    status: Mapped[DeliveryStatus] = mapped_column(
        EnumText(DeliveryStatus), default=DeliveryStatus.PENDING, server_default=DeliveryStatus.PENDING.value
    )
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_attempt_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]
    response_status: Mapped[int | None]
    error: Mapped[str | None]
    delivered_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        UniqueConstraint("webhook_id", "company_id", "position"),
        Index("ix_webhook_deliveries_due", "next_attempt_at", "id", postgresql_where=_DUE, sqlite_where=_DUE),
        Index(
            "ix_webhook_deliveries_open",
            "webhook_id",
            "company_id",
            "position",
            postgresql_where=_DUE,
            sqlite_where=_DUE,
        ),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint("(status = 'in_flight') = (locked_until IS NOT NULL)", name="locked_until"),
        CheckConstraint("(status = 'delivered') = (delivered_at IS NOT NULL)", name="delivered_at"),
    )


def _events(value: Any) -> list[str]:
    try:
        named = [WebhookEvent(WEBHOOK_EVENT_ALIASES.get(event, event)).value for event in value]
    except (ValueError, TypeError):
        named = []
    if not named:
        known = ", ".join(WebhookEvent)
        raise InvalidValue(field="event_types", reason=f"must be one or more of {known}")
    return list(dict.fromkeys(named))
