"""What happened to a customer's account: one immutable row for each movement."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from strongroom.kernel.tables import (
    Capabilities,
    CreatedAt,
    EnumText,
    ExactDecimal,
    Id,
    JsonDocument,
    matching,
)
from strongroom.systems.banking.models.accounts import ZERO
from strongroom.systems.banking.models.row import Base, Currency, to_own_account
from strongroom.systems.banking.rules import (
    MerchantCategoryEnum,
    PaymentMethodEnum,
    TransactionDirectionEnum,
    TransactionStatusEnum,
    TransactionTypeEnum,
    check_reference_number,
    check_transaction_currency,
)

#: the columns of a transaction that may change after it is written; all others are refused by trigger
CHANGEABLE = (
    "status",
    "posted_date",
    "balance_after",
    "journal_id",
    "description",
    "merchant_category",
    "tags",
    "notes",
    "is_disputed",
    "is_fraudulent",
)
_INBOUND = "'deposit', 'transfer_in', 'refund', 'interest', 'dividend', 'sale', 'salary'"
_OUTBOUND = (
    "'withdrawal', 'transfer_out', 'payment', 'fee', 'purchase', 'atm_withdrawal', 'card_payment', "
    "'mobile_payment', 'bill_payment', 'loan_payment'"
)


def _deferred(table: str) -> ForeignKey:
    """A movement is posted before the order it belongs to is written; both are there at COMMIT."""
    return ForeignKey(f"banking.{table}.id", ondelete="RESTRICT", deferrable=True, initially="DEFERRED")


class Transaction(Base):
    """One movement on one account. amount is always positive, direction gives the sign; fee_amount comes on top.

    is_outgoing: the money left the customer's own accounts, so it counts towards the sending limits.
    """

    __tablename__ = "transactions"
    __capabilities__ = Capabilities(
        immutable=True,
        changeable=frozenset(CHANGEABLE),
        owned_by="user_id",
        sharded_by="user_id",
    )

    id: Mapped[Id]
    user_id: Mapped[UUID]
    account_id: Mapped[UUID]
    transaction_type: Mapped[TransactionTypeEnum] = mapped_column(EnumText(TransactionTypeEnum))
    status: Mapped[TransactionStatusEnum] = mapped_column(
        EnumText(TransactionStatusEnum), default=TransactionStatusEnum.PENDING, server_default="pending"
    )
    direction: Mapped[TransactionDirectionEnum] = mapped_column(EnumText(TransactionDirectionEnum))
    amount: Mapped[Decimal]
    currency: Mapped[Currency]
    exchange_rate: Mapped[Decimal | None] = mapped_column(ExactDecimal(20, 10))
    original_amount: Mapped[Decimal | None]
    original_currency: Mapped[str | None] = mapped_column(
        String(3), ForeignKey("banking.currencies.code", ondelete="RESTRICT")
    )
    description: Mapped[str]
    merchant_name: Mapped[str | None]
    merchant_category: Mapped[MerchantCategoryEnum | None] = mapped_column(
        EnumText(MerchantCategoryEnum), default=MerchantCategoryEnum.OTHER, server_default="other"
    )
    payment_method: Mapped[PaymentMethodEnum] = mapped_column(EnumText(PaymentMethodEnum))
    card_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.cards.id", ondelete="RESTRICT"), index=True)
    reference_number: Mapped[str | None] = mapped_column(String(50), unique=True)
    location: Mapped[str | None]
    notes: Mapped[str | None]
    tags: Mapped[list[str] | None] = mapped_column(JsonDocument(list))
    transaction_date: Mapped[datetime]
    posted_date: Mapped[datetime | None]
    fee_amount: Mapped[Decimal] = mapped_column(default=ZERO, server_default="0")
    balance_after: Mapped[Decimal | None]
    is_outgoing: Mapped[bool] = mapped_column(default=False, server_default="0")
    is_disputed: Mapped[bool] = mapped_column(default=False, server_default="0")
    is_fraudulent: Mapped[bool] = mapped_column(default=False, server_default="0")
    transfer_id: Mapped[UUID | None] = mapped_column(_deferred("transfers"), index=True)
    p2p_id: Mapped[UUID | None] = mapped_column(_deferred("p2p_transactions"), index=True)
    journal_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("banking.journal_entries.id", ondelete="RESTRICT"), index=True
    )
    reversal_of: Mapped[UUID | None] = mapped_column(ForeignKey("banking.transactions.id", ondelete="RESTRICT"))
    refund_of: Mapped[UUID | None] = mapped_column(
        ForeignKey("banking.transactions.id", ondelete="RESTRICT"), index=True
    )
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        to_own_account(),
        Index("ix_transactions_user_id_transaction_date", "user_id", "transaction_date", "id"),
        Index("ix_transactions_account_id_transaction_date", "account_id", "transaction_date", "id"),
        Index("ix_transactions_status_transaction_date", "status", "transaction_date"),
        Index("ix_transactions_transaction_type_transaction_date", "transaction_type", "transaction_date"),
        Index("ix_transactions_merchant_category_transaction_date", "merchant_category", "transaction_date"),
        Index(
            "ix_transactions_outgoing",
            "user_id",
            "transaction_date",
            postgresql_where=text("is_outgoing"),
            sqlite_where=text("is_outgoing"),
        ),
        Index("uq_transactions_reversal_of", "reversal_of", unique=True),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("fee_amount >= 0", name="fee_amount"),
        CheckConstraint(
            f"reversal_of IS NOT NULL OR (transaction_type NOT IN ({_INBOUND}) OR direction = 'inbound') "
            f"AND (transaction_type NOT IN ({_OUTBOUND}) OR direction = 'outbound')",
            name="direction",
        ),
        CheckConstraint(
            "(exchange_rate IS NULL) = (original_amount IS NULL) "
            "AND (exchange_rate IS NULL) = (original_currency IS NULL)",
            name="exchange",
        ),
        CheckConstraint("exchange_rate IS NULL OR exchange_rate > 0", name="exchange_rate"),
        CheckConstraint("original_amount IS NULL OR original_amount > 0", name="original_amount"),
        CheckConstraint("posted_date IS NULL OR transaction_date <= posted_date", name="dates"),
        CheckConstraint("posted_date IS NOT NULL OR status NOT IN ('completed', 'reversed')", name="posted_date"),
        CheckConstraint("reversal_of IS NULL OR reversal_of <> id", name="reversal"),
        matching("reference_number", "^[A-Z0-9-]{8,50}$"),
    )

    @property
    def total_amount(self) -> Decimal:
        """Amount and fee together."""
        return self.amount + (self.fee_amount or ZERO)

    @validates("currency", "reference_number")
    def _check(self, field: str, value: Any) -> Any:
        if field == "currency":
            return check_transaction_currency(value)
        return value if value is None else check_reference_number(value)
