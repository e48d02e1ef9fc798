"""The books: every movement of money as a journal entry whose debits equal its credits in each currency."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from strongroom.kernel.tables import Capabilities, CreatedAt, EnumText, ExactDecimal, Id, JsonDocument
from strongroom.systems.banking.models.row import Base
from strongroom.systems.banking.models.row import Currency as CurrencyCode
from strongroom.systems.banking.rules import KeyStateEnum, KycLevelEnum, LedgerClassEnum, Side


class Currency(Base):
    """A currency this bank keeps books in. exponent: decimals of its smallest unit (ISO 4217)."""

    __tablename__ = "currencies"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    name: Mapped[str]
    exponent: Mapped[int]

    __table_args__ = (
        CheckConstraint("exponent BETWEEN 0 AND 4", name="exponent"),
        CheckConstraint("length(code) = 3 AND code = upper(code)", name="code"),
    )


class LedgerAccount(Base):
    """An account of the books. A customer's account has one of the same id; the bank's own have a code."""

    __tablename__ = "ledger_accounts"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40))
    ledger_class: Mapped[LedgerClassEnum] = mapped_column("class", EnumText(LedgerClassEnum))
    normal_side: Mapped[Side] = mapped_column(EnumText(Side))
    currency: Mapped[CurrencyCode]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.accounts.id", ondelete="CASCADE"), unique=True)
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        UniqueConstraint("code", "currency"),
        UniqueConstraint("id", "currency"),
        CheckConstraint("account_id IS NULL OR account_id = id", name="customer"),
        CheckConstraint("(normal_side = 'D') = (class IN ('asset', 'expense'))", name="normal_side"),
    )


class JournalEntry(Base):
    """One event in the books. posted_at: when it counts; created_at: when it was written."""

    __tablename__ = "journal_entries"
    __capabilities__ = Capabilities(immutable=True)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(80), unique=True)
    posted_at: Mapped[datetime] = mapped_column(index=True)
    reverses: Mapped[UUID | None] = mapped_column(
        ForeignKey("banking.journal_entries.id", ondelete="RESTRICT"), unique=True
    )
    actor_id: Mapped[UUID | None]
    created_at: Mapped[CreatedAt]


class JournalLine(Base):
    """One leg of an entry. amount is positive; the side gives the sign."""

    __tablename__ = "journal_lines"
    __capabilities__ = Capabilities(immutable=True)

    entry_id: Mapped[UUID] = mapped_column(
        ForeignKey("banking.journal_entries.id", ondelete="RESTRICT"), primary_key=True
    )
    line: Mapped[int] = mapped_column(primary_key=True)
    ledger_account_id: Mapped[UUID]
    side: Mapped[Side] = mapped_column(EnumText(Side))
    amount: Mapped[Decimal]
    currency: Mapped[CurrencyCode]

    __table_args__ = (
        ForeignKeyConstraint(
            ["ledger_account_id", "currency"],
            ["banking.ledger_accounts.id", "banking.ledger_accounts.currency"],
            ondelete="RESTRICT",
        ),
        Index("ix_journal_lines_ledger_account_id", "ledger_account_id", "entry_id"),
        CheckConstraint("amount > 0", name="amount"),
    )


class IdempotencyKey(Base):
    """One request of one user, and the one outcome it will ever have."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("banking.users.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    operation: Mapped[str] = mapped_column(String(60))
    request_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[KeyStateEnum] = mapped_column(EnumText(KeyStateEnum))
    response: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument(dict))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    created_at: Mapped[CreatedAt]


class ExchangeRate(Base):
    """How many units of `quote` one unit of `base` buys, from valid_from until valid_until."""

    __tablename__ = "exchange_rates"

    id: Mapped[Id]
    base: Mapped[CurrencyCode]
    quote: Mapped[CurrencyCode]
    rate: Mapped[Decimal] = mapped_column(ExactDecimal(20, 10))
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    source: Mapped[str]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        UniqueConstraint("base", "quote", "valid_from"),
        CheckConstraint("rate > 0", name="rate"),
        CheckConstraint("base <> quote", name="pair"),
        CheckConstraint("valid_until > valid_from", name="validity"),
    )


class KycLimit(Base):
    """What a customer of this level may send; None is no limit. In the currency of the account."""

    __tablename__ = "kyc_limits"

    level: Mapped[KycLevelEnum] = mapped_column(EnumText(KycLevelEnum), primary_key=True)
    daily: Mapped[Decimal | None]
    monthly: Mapped[Decimal | None]

    __table_args__ = (CheckConstraint("daily IS NULL OR daily > 0 AND monthly >= daily", name="order"),)


class AuditRecord(Base):
    """Who did what to which row. Never holds a secret; append-only."""

    __tablename__ = "audit_log"
    __capabilities__ = Capabilities(immutable=True)

    id: Mapped[Id]
    actor_id: Mapped[UUID | None] = mapped_column(index=True)
    actor_name: Mapped[str]
    event_type: Mapped[str] = mapped_column(String(60), index=True)
    entity: Mapped[str] = mapped_column(String(60))
    entity_id: Mapped[UUID | None] = mapped_column(index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument(dict))
    after: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument(dict))
    ip: Mapped[str | None] = mapped_column(String(45))
    at: Mapped[CreatedAt]


class StatementLine(Base):
    """A movement as another bank printed it, with the balance it printed after it: evidence to reconcile against.

    amount: plus for a credit.
    """

    __tablename__ = "statement_lines"
    __capabilities__ = Capabilities(immutable=True)

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("banking.accounts.id", ondelete="RESTRICT"))
    transaction_id: Mapped[UUID] = mapped_column(
        ForeignKey("banking.transactions.id", ondelete="RESTRICT"), unique=True
    )
    source: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(50))
    booked_at: Mapped[datetime]
    amount: Mapped[Decimal]
    balance: Mapped[Decimal]

    __table_args__ = (
        UniqueConstraint("source", "reference"),
        Index("ix_statement_lines_account_id_booked_at", "account_id", "booked_at"),
    )
