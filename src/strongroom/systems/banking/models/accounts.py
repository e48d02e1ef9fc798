"""Where money lies: accounts, their balances, and what is held back on them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from strongroom.kernel.tables import (
    Capabilities,
    CreatedAt,
    EnumText,
    ExactDecimal,
    Id,
    UpdatedAt,
    database_now,
    matching,
    within,
)
from strongroom.systems.banking.models.row import Base, Currency, to_own_account
from strongroom.systems.banking.rules import (
    AccountStatusEnum,
    AccountTypeEnum,
    HoldStatusEnum,
    check_account_number,
    check_currency_code,
    check_routing_number,
    check_swift_code,
    spendable,
)

if TYPE_CHECKING:
    from strongroom.systems.banking.models.users import User

ZERO = Decimal(0)


class Account(Base):
    """A customer's account. `current_balance` is booked and changes by posting only; negative means owed to the bank.

    available_balance = current_balance - reserved_balance. floor_waived: an administrator, or the records of the
    bank this account came from, let it go below its floor.
    """

    __tablename__ = "accounts"
    __capabilities__ = Capabilities(owned_by="user_id", audited=True, sharded_by="user_id")

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("banking.users.id", ondelete="CASCADE"), index=True)
    account_number: Mapped[str] = mapped_column(String(20), unique=True)
    account_name: Mapped[str] = mapped_column(String(100))
    account_type: Mapped[AccountTypeEnum] = mapped_column(EnumText(AccountTypeEnum), index=True)
    status: Mapped[AccountStatusEnum] = mapped_column(
        EnumText(AccountStatusEnum), default=AccountStatusEnum.ACTIVE, server_default="active", index=True
    )
    current_balance: Mapped[Decimal] = mapped_column(default=ZERO, server_default="0")
    available_balance: Mapped[Decimal] = mapped_column(default=ZERO, server_default="0")
    pending_balance: Mapped[Decimal] = mapped_column(default=ZERO, server_default="0")
    reserved_balance: Mapped[Decimal] = mapped_column(default=ZERO, server_default="0")
    overdraft_limit: Mapped[Decimal] = mapped_column(default=ZERO, server_default="0")
    opening_balance: Mapped[Decimal] = mapped_column(default=ZERO, server_default="0")
    currency: Mapped[Currency] = mapped_column(default="USD", server_default="USD", index=True)
    is_primary: Mapped[bool] = mapped_column(default=False, server_default="0")
    is_overdraft_enabled: Mapped[bool] = mapped_column(default=False, server_default="0")
    floor_waived: Mapped[bool] = mapped_column(default=False, server_default="0")
    minimum_balance: Mapped[Decimal] = mapped_column(default=ZERO, server_default="0")
    interest_rate: Mapped[Decimal] = mapped_column(ExactDecimal(7, 6), default=ZERO, server_default="0")
    monthly_fee: Mapped[Decimal] = mapped_column(default=ZERO, server_default="0")
    opening_date: Mapped[datetime] = mapped_column(server_default=database_now())
    last_statement_date: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    routing_number: Mapped[str | None] = mapped_column(String(9))
    swift_code: Mapped[str | None] = mapped_column(String(11))
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    user: Mapped[User] = relationship(back_populates="accounts", lazy="raise")

    __table_args__ = (
        # what other tables refer to, so that owner and currency of their rows are this account's
        UniqueConstraint("id", "user_id"),
        UniqueConstraint("id", "user_id", "currency"),
        Index("ix_accounts_user_id_account_type", "user_id", "account_type"),
        Index("ix_accounts_status_account_type", "status", "account_type"),
        Index(
            "uq_accounts_primary",
            "user_id",
            unique=True,
            postgresql_where=text("is_primary"),
            sqlite_where=text("is_primary"),
        ),
        CheckConstraint("available_balance = current_balance - reserved_balance", name="available"),
        CheckConstraint(
            "floor_waived OR current_balance >= CASE WHEN is_overdraft_enabled THEN -overdraft_limit ELSE 0 END",
            name="funds",
        ),
        CheckConstraint(
            "floor_waived OR available_balance >= CASE WHEN is_overdraft_enabled THEN -overdraft_limit ELSE 0 END",
            name="available_funds",
        ),
        CheckConstraint("pending_balance >= 0 AND reserved_balance >= 0", name="pending_reserved"),
        CheckConstraint("overdraft_limit >= 0 AND minimum_balance >= 0 AND monthly_fee >= 0", name="limits"),
        CheckConstraint("(closed_at IS NOT NULL) = (status = 'closed')", name="closed_at"),
        CheckConstraint("length(trim(account_name)) > 0", name="account_name"),
        CheckConstraint("length(account_number) BETWEEN 10 AND 20", name="account_number"),
        matching("account_number", "^[A-Z0-9]{10,20}$"),
        matching("routing_number", "^[0-9]{9}$"),
        matching("swift_code", "^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$"),
        *within("interest_rate", 0, 1, scale=6),
    )

    @property
    def effective_balance(self) -> Decimal:
        """What can be spent at most: available, and the overdraft where it is enabled."""
        return self.available_balance + (self.overdraft_limit if self.is_overdraft_enabled else ZERO)

    @property
    def spendable(self) -> Decimal:
        """What could leave the account now, by the rules of balances."""
        return spendable(
            self.current_balance,
            self.reserved_balance,
            overdraft_limit=self.overdraft_limit,
            is_overdraft_enabled=self.is_overdraft_enabled,
            minimum_balance=self.minimum_balance,
        )

    @validates("account_number", "currency", "routing_number", "swift_code")
    def _check(self, field: str, value: Any) -> Any:
        return None if value is None and field in ("routing_number", "swift_code") else _CHECKS[field](value)


_CHECKS = {
    "account_number": check_account_number,
    "currency": check_currency_code,
    "routing_number": check_routing_number,
    "swift_code": check_swift_code,
}


@event.listens_for(Account, "before_insert")
def _open_with_balance(_: Any, __: Any, account: Account) -> None:
    """The balance an account begins with is its opening balance, so that reconciliation closes."""
    account.opening_balance = account.current_balance
    account.available_balance = account.current_balance - account.reserved_balance


class Hold(Base):
    """Money set aside on an account: raises reserved_balance, posts nothing until it is captured."""

    __tablename__ = "holds"
    __capabilities__ = Capabilities(owned_by="user_id", sharded_by="user_id")

    id: Mapped[Id]
    user_id: Mapped[UUID]
    account_id: Mapped[UUID]
    card_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.cards.id", ondelete="RESTRICT"), index=True)
    amount: Mapped[Decimal]
    currency: Mapped[Currency]
    description: Mapped[str] = mapped_column(default="", server_default="")
    status: Mapped[HoldStatusEnum] = mapped_column(
        EnumText(HoldStatusEnum), default=HoldStatusEnum.ACTIVE, server_default="active"
    )
    captured_amount: Mapped[Decimal | None]
    expires_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        to_own_account(),
        Index("ix_holds_account_id_status", "account_id", "status"),
        Index("ix_holds_status_expires_at", "status", "expires_at"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(resolved_at IS NULL) = (status = 'active')", name="resolved_at"),
        CheckConstraint("(captured_amount IS NOT NULL) = (status = 'captured')", name="captured"),
        CheckConstraint("captured_amount IS NULL OR captured_amount BETWEEN 0 AND amount", name="captured_amount"),
    )


class StandingOrder(Base):
    """A payment the customer has ordered to be made again and again, to an account at another bank."""

    __tablename__ = "standing_orders"
    __capabilities__ = Capabilities(owned_by="user_id", sharded_by="user_id")

    id: Mapped[Id]
    user_id: Mapped[UUID]
    account_id: Mapped[UUID]
    currency: Mapped[Currency]
    amount: Mapped[Decimal]
    bank_to: Mapped[str] = mapped_column(String(20))
    account_to: Mapped[str] = mapped_column(String(34))
    purpose: Mapped[str | None]
    reference: Mapped[str] = mapped_column(String(50), unique=True)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True, server_default="1")
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        to_own_account(),
        Index("ix_standing_orders_account_id", "account_id"),
        CheckConstraint("amount > 0", name="amount"),
    )


class AccountDelegate(Base):
    """A person who may use somebody else's account without owning it."""

    __tablename__ = "account_delegates"
    __capabilities__ = Capabilities(owned_by="user_id")

    account_id: Mapped[UUID] = mapped_column(ForeignKey("banking.accounts.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("banking.users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[CreatedAt]
