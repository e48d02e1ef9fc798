"""Programs that may call the API: who they are, their keys, and what they have asked for this hour."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from strongroom.kernel.tables import (
    Capabilities,
    CreatedAt,
    DeletedAt,
    EnumText,
    Id,
    UpdatedAt,
    holding_object,
)
from strongroom.systems.biotech.models.row import Base, Counter, Document, Extra, Name, Words, WordsOrAll
from strongroom.systems.biotech.rules.companies import normalise_label, normalise_tickers
from strongroom.systems.biotech.rules.enums import ClientType


class Client(Base):
    """A program with a contract. allowed_endpoints: None means all; expires_at: with it every key ends."""

    __tablename__ = "clients"
    __capabilities__ = Capabilities(soft_deleted=True)

    id: Mapped[Id]
    client_name: Mapped[Name]
    client_type: Mapped[ClientType] = mapped_column(
        EnumText(ClientType), default=ClientType.STANDARD, server_default=ClientType.STANDARD.value
    )
    is_active: Mapped[bool] = mapped_column(default=True, server_default="1", index=True)
    allowed_endpoints: Mapped[WordsOrAll]
    rate_limit_per_hour: Mapped[int] = mapped_column(default=1000, server_default="1000")
    watchlist_tickers: Mapped[Words]
    notification_preferences: Mapped[Document]
    custom_thresholds: Mapped[Document]
    last_access: Mapped[datetime | None]
    request_count: Mapped[Counter]
    contact_email: Mapped[str | None] = mapped_column(String(254))
    key_last_rotated: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    extra: Mapped[Extra] = mapped_column("metadata")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    deleted_at: Mapped[DeletedAt]

    __table_args__ = (
        CheckConstraint("length(trim(client_name)) > 0", name="client_name"),
        CheckConstraint("rate_limit_per_hour > 0", name="rate_limit_per_hour"),
        CheckConstraint("request_count >= 0", name="request_count"),
        CheckConstraint("contact_email LIKE '%@%'", name="contact_email"),
        *holding_object("notification_preferences"),
        *holding_object("custom_thresholds"),
        *holding_object("metadata"),
    )

    @validates("client_name", "watchlist_tickers")
    def _normalise(self, field: str, value: Any) -> Any:
        return normalise_label(value, field) if field == "client_name" else normalise_tickers(value, field)


class ClientKey(Base):
    """An API key of a client, as the hash of it: it is shown once, when it is made. Old ones stay, with their ends.

    key_prefix: how it begins, to find it by; key_hash: SHA-256 of all of it, which is enough for 32 random bytes.
    """

    __tablename__ = "client_keys"
    __capabilities__ = Capabilities(owned_by="client_id")

    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("biotech.clients.id", ondelete="CASCADE"), index=True)
    key_prefix: Mapped[str] = mapped_column(String(12), unique=True)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("length(key_prefix) BETWEEN 8 AND 12", name="key_prefix"),
        CheckConstraint("length(key_hash) = 32", name="key_hash"),
    )


class RateWindow(Base):
    """How many requests of a client were let through since window_start; a window lasts an hour."""

    __tablename__ = "rate_windows"
    __capabilities__ = Capabilities(owned_by="client_id")

    client_id: Mapped[UUID] = mapped_column(ForeignKey("biotech.clients.id", ondelete="CASCADE"), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]

    __table_args__ = (CheckConstraint("count > 0", name="count"),)
