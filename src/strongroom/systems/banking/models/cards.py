"""Payment cards, without card number, CVV or PIN: a token, the last four digits, a keyed fingerprint, a PIN's hash."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from strongroom.kernel.tables import Capabilities, CreatedAt, EnumText, Id, UpdatedAt, database_now, matching
from strongroom.systems.banking.models.row import Base
from strongroom.systems.banking.rules import (
    CardStatusEnum,
    CardTypeEnum,
    check_masked_card_number,
    is_card_expired,
    normalise_cardholder_name,
)

PIN_ATTEMPTS_MAX = 3


class Card(Base):
    """A card on one account. Valid through the last day of its expiry month, UTC."""

    __tablename__ = "cards"
    __capabilities__ = Capabilities(owned_by="user_id", audited=True, sharded_by="user_id")

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("banking.users.id", ondelete="CASCADE"))
    account_id: Mapped[UUID]
    card_number_masked: Mapped[str] = mapped_column(String(16))
    pan_token: Mapped[str | None] = mapped_column(unique=True)
    pan_fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    last4: Mapped[str] = mapped_column(String(4), default=lambda _: "")
    card_type: Mapped[CardTypeEnum] = mapped_column(EnumText(CardTypeEnum))
    status: Mapped[CardStatusEnum] = mapped_column(
        EnumText(CardStatusEnum), default=CardStatusEnum.ACTIVE, server_default="active"
    )
    cardholder_name: Mapped[str] = mapped_column(String(50))
    expiry_month: Mapped[int]
    expiry_year: Mapped[int]
    daily_limit: Mapped[Decimal] = mapped_column(default=Decimal(1000))
    monthly_limit: Mapped[Decimal] = mapped_column(default=Decimal(10000))
    is_contactless_enabled: Mapped[bool] = mapped_column(default=True, server_default="1")
    is_online_enabled: Mapped[bool] = mapped_column(default=True, server_default="1")
    is_international_enabled: Mapped[bool] = mapped_column(default=False, server_default="0")
    pin_set: Mapped[bool] = mapped_column(default=False, server_default="0")
    pin_hash: Mapped[str | None]
    failed_pin_attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    last_used_date: Mapped[datetime | None]
    issued_date: Mapped[datetime] = mapped_column(server_default=database_now())
    activation_date: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["banking.accounts.id", "banking.accounts.user_id"],
            ondelete="RESTRICT",
        ),
        Index("ix_cards_expiry_year_expiry_month", "expiry_year", "expiry_month"),
        Index("ix_cards_user_id_status", "user_id", "status"),
        Index("ix_cards_account_id_card_type", "account_id", "card_type"),
        CheckConstraint("expiry_month BETWEEN 1 AND 12", name="expiry_month"),
        # a card of the past may come in with another bank's records, but never as one that works
        CheckConstraint(
            "expiry_year BETWEEN 2020 AND 2050 "
            "OR expiry_year BETWEEN 1990 AND 2019 AND status IN ('expired', 'cancelled')",
            name="expiry_year",
        ),
        CheckConstraint("daily_limit > 0 AND monthly_limit >= daily_limit", name="limits"),
        CheckConstraint("failed_pin_attempts BETWEEN 0 AND 10", name="failed_pin_attempts"),
        CheckConstraint("activation_date IS NULL OR activation_date >= issued_date", name="activation_date"),
        CheckConstraint("pin_set = (pin_hash IS NOT NULL)", name="pin_set"),
        CheckConstraint("length(last4) = 4", name="last4"),
        matching("card_number_masked", r"^\*{4,12}[0-9]{4}$"),
        matching("last4", "^[0-9]{4}$"),
    )

    @property
    def is_expired(self) -> bool:
        """Whether the card's last day has passed, by the clock of this machine."""
        return self.is_expired_at(datetime.now(UTC))

    def is_expired_at(self, moment: datetime) -> bool:
        """Whether the card's last day has passed at that moment."""
        return is_card_expired(self.expiry_year, self.expiry_month, moment)

    @property
    def is_blocked(self) -> bool:
        """Whether it was blocked, or its PIN was given wrongly three times."""
        return self.failed_pin_attempts >= PIN_ATTEMPTS_MAX or self.status is CardStatusEnum.BLOCKED

    @validates("card_number_masked", "cardholder_name")
    def _check(self, field: str, value: Any) -> Any:
        if field == "cardholder_name":
            return normalise_cardholder_name(value)
        masked = check_masked_card_number(value)
        self.last4 = masked[-4:]
        return masked
