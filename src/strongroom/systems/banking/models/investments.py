"""Holdings, lot by lot; what they are worth is derived and never stored."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
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
from strongroom.systems.banking.models.row import Base, Currency, to_own_account
from strongroom.systems.banking.rules import (
    HoldingStatusEnum,
    InvestmentTypeEnum,
    check_symbol,
    cost_basis,
    gain_percent,
    market_value,
    unrealised_gain,
)


class Investment(Base):
    """One lot of one security. Prices are per unit, in the account's currency."""

    __tablename__ = "investments"
    __capabilities__ = Capabilities(owned_by="user_id", sharded_by="user_id")

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(index=True)
    account_id: Mapped[UUID] = mapped_column(index=True)
    symbol: Mapped[str] = mapped_column(String(12), index=True)
    name: Mapped[str]
    investment_type: Mapped[InvestmentTypeEnum] = mapped_column(EnumText(InvestmentTypeEnum), index=True)
    quantity: Mapped[Decimal] = mapped_column(ExactDecimal(28, 10))
    purchase_price: Mapped[Decimal] = mapped_column(ExactDecimal(20, 8))
    current_price: Mapped[Decimal | None] = mapped_column(ExactDecimal(20, 8))
    price_as_of: Mapped[datetime | None]
    purchase_date: Mapped[datetime] = mapped_column(index=True, server_default=database_now())
    currency: Mapped[Currency] = mapped_column(default="USD", server_default="USD")
    status: Mapped[HoldingStatusEnum] = mapped_column(
        EnumText(HoldingStatusEnum), default=HoldingStatusEnum.OPEN, server_default="open"
    )
    closed_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    __table_args__ = (
        to_own_account(),
        Index("ix_investments_account_id_status", "account_id", "status"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("purchase_price >= 0", name="purchase_price"),
        CheckConstraint("current_price IS NULL OR current_price >= 0", name="current_price"),
        CheckConstraint("(current_price IS NULL) = (price_as_of IS NULL)", name="price_as_of"),
        CheckConstraint("(closed_at IS NOT NULL) = (status = 'closed')", name="closed_at"),
        CheckConstraint("length(trim(name)) > 0", name="name"),
        matching("symbol", r"^[A-Z0-9.\-]{1,12}$"),
    )

    @property
    def cost_basis(self) -> Decimal:
        """Quantity times purchase price."""
        return cost_basis(self.quantity, self.purchase_price)

    @property
    def market_value(self) -> Decimal | None:
        """Quantity times current price; None while there is no price."""
        return market_value(self.quantity, self.current_price)

    @property
    def unrealised_gain(self) -> Decimal | None:
        """Market value less cost; None while there is no price."""
        return unrealised_gain(self.quantity, self.purchase_price, self.current_price)

    @property
    def gain_percent(self) -> Decimal | None:
        """The gain in per cent of cost, two decimals; None without a price or a cost."""
        return gain_percent(self.quantity, self.purchase_price, self.current_price)

    @validates("symbol")
    def _check(self, _: str, value: Any) -> Any:
        return check_symbol(value)
