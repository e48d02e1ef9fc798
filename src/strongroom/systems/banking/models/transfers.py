"""Orders to move money: between accounts, and from person to person."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from strongroom.kernel.tables import (
    Capabilities,
    CreatedAt,
    EnumText,
    ExactDecimal,
    Id,
    UpdatedAt,
    database_now,
    matching,
)
from strongroom.systems.banking.models.accounts import ZERO
from strongroom.systems.banking.models.row import Base, Currency, to_own_account
from strongroom.systems.banking.rules import (
    P2PKindEnum,
    P2PStatusEnum,
    TransferStatusEnum,
    check_reference_number,
)


class Transfer(Base):
    """An order to move an amount from one account to another. A failed one stays as a row with its reason."""

    __tablename__ = "transfers"
    __capabilities__ = Capabilities(owned_by="user_id", audited=True, sharded_by="user_id")

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("banking.users.id", ondelete="RESTRICT"), index=True)
    from_account_id: Mapped[UUID] = mapped_column(index=True)
    to_account_id: Mapped[UUID] = mapped_column(ForeignKey("banking.accounts.id", ondelete="RESTRICT"), index=True)
    amount: Mapped[Decimal]
    currency: Mapped[Currency] = mapped_column(default="USD", server_default="USD")
    description: Mapped[str | None] = mapped_column(String(200))
    reference_number: Mapped[str] = mapped_column(String(50), unique=True)
    status: Mapped[TransferStatusEnum] = mapped_column(
        EnumText(TransferStatusEnum), default=TransferStatusEnum.PENDING, server_default="pending", index=True
    )
    fee_amount: Mapped[Decimal] = mapped_column(default=ZERO, server_default="0")
    exchange_rate: Mapped[Decimal | None] = mapped_column(ExactDecimal(20, 10))
    destination_amount: Mapped[Decimal | None]
    destination_currency: Mapped[str | None] = mapped_column(
        String(3), ForeignKey("banking.currencies.code", ondelete="RESTRICT")
    )
    requested_date: Mapped[datetime] = mapped_column(server_default=database_now(), index=True)
    processed_date: Mapped[datetime | None]
    completed_date: Mapped[datetime | None]
    failure_reason: Mapped[str | None]
    idempotency_key: Mapped[str | None] = mapped_column(String(255))
    journal_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("banking.journal_entries.id", ondelete="RESTRICT"), index=True
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    __table_args__ = (
        to_own_account("from_account_id"),
        CheckConstraint("from_account_id <> to_account_id", name="self"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("fee_amount >= 0", name="fee_amount"),
        CheckConstraint("processed_date IS NULL OR processed_date >= requested_date", name="processed_date"),
        CheckConstraint("completed_date IS NULL OR completed_date >= processed_date", name="completed_date"),
        CheckConstraint("(failure_reason IS NOT NULL) = (status = 'failed')", name="failure_reason"),
        CheckConstraint("(completed_date IS NOT NULL) = (status IN ('completed', 'reversed'))", name="completed"),
        CheckConstraint(
            "(exchange_rate IS NULL) = (destination_amount IS NULL) "
            "AND (exchange_rate IS NULL) = (destination_currency IS NULL)",
            name="exchange",
        ),
        CheckConstraint("exchange_rate IS NULL OR exchange_rate > 0 AND destination_amount > 0", name="exchange_rate"),
        matching("reference_number", "^[A-Z0-9-]{8,50}$"),
    )

    @validates("reference_number")
    def _check(self, _: str, value: Any) -> Any:
        return check_reference_number(value)


class P2PTransaction(Base):
    """Money sent or asked for from person to person. In a request the recipient asks and the sender pays."""

    __tablename__ = "p2p_transactions"
    __capabilities__ = Capabilities(owned_by="sender_id", audited=True)

    id: Mapped[Id]
    kind: Mapped[P2PKindEnum] = mapped_column(EnumText(P2PKindEnum), default=P2PKindEnum.SEND, server_default="send")
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("banking.users.id", ondelete="RESTRICT"), index=True)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("banking.users.id", ondelete="RESTRICT"), index=True)
    sender_account_id: Mapped[UUID | None] = mapped_column(index=True)
    recipient_account_id: Mapped[UUID | None] = mapped_column(index=True)
    amount: Mapped[Decimal]
    currency: Mapped[Currency] = mapped_column(default="USD", server_default="USD")
    fee_amount: Mapped[Decimal] = mapped_column(default=ZERO, server_default="0")
    description: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[P2PStatusEnum] = mapped_column(
        EnumText(P2PStatusEnum), default=P2PStatusEnum.PENDING, server_default="pending", index=True
    )
    requires_verification: Mapped[bool] = mapped_column(default=False, server_default="0")
    requested_date: Mapped[datetime] = mapped_column(server_default=database_now(), index=True)
    completed_date: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    failure_reason: Mapped[str | None]
    idempotency_key: Mapped[str | None] = mapped_column(String(255))
    reference_number: Mapped[str] = mapped_column(String(50), unique=True)
    journal_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("banking.journal_entries.id", ondelete="RESTRICT"), index=True
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    __table_args__ = (
        ForeignKeyConstraint(
            ["sender_account_id", "sender_id"],
            ["banking.accounts.id", "banking.accounts.user_id"],
            name="fk_p2p_transactions_sender_account",
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["recipient_account_id", "recipient_id"],
            ["banking.accounts.id", "banking.accounts.user_id"],
            name="fk_p2p_transactions_recipient_account",
            ondelete="RESTRICT",
        ),
        Index("ix_p2p_transactions_status_expires_at", "status", "expires_at"),
        CheckConstraint("sender_id <> recipient_id", name="self"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("fee_amount >= 0", name="fee_amount"),
        CheckConstraint("(completed_date IS NOT NULL) = (status IN ('completed', 'reversed'))", name="completed"),
        CheckConstraint("completed_date IS NULL OR completed_date >= requested_date", name="completed_date"),
        CheckConstraint("(failure_reason IS NOT NULL) = (status = 'failed')", name="failure_reason"),
        matching("reference_number", "^[A-Z0-9-]{8,50}$"),
    )

    @validates("reference_number")
    def _check(self, _: str, value: Any) -> Any:
        return check_reference_number(value)
