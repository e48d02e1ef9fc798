"""Securities as they are bought, sold, priced and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from strongroom.kernel.web import RequestBody, ResponseBody
from strongroom.systems.banking.rules import HoldingStatusEnum, InvestmentTypeEnum
from strongroom.systems.banking.schemas.amounts import MoneyOut, NumberIn, NumberOut
from strongroom.systems.banking.schemas.bodies import CurrencyCode, Name

Symbol = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9.\-]{1,12}$")]


class PurchaseIn(RequestBody):
    """A lot to buy, in the currency of the account."""

    account_id: UUID
    symbol: Symbol = Field(examples=["ACME"])
    name: Name
    investment_type: InvestmentTypeEnum
    quantity: NumberIn = Field(gt=0)
    price: NumberIn = Field(gt=0, description="Of one unit.")


class SaleIn(RequestBody):
    """Units to sell, the oldest lot first."""

    account_id: UUID
    symbol: Symbol
    quantity: NumberIn = Field(gt=0)
    price: NumberIn = Field(gt=0, description="Of one unit.")


class PriceIn(RequestBody):
    """What one unit of a security is worth now."""

    symbol: Symbol
    currency: CurrencyCode
    price: NumberIn = Field(ge=0)


class PricedOut(ResponseBody):
    """How many lots were given a price."""

    lots: int


class InvestmentOut(ResponseBody):
    """One lot of one security. A closed lot keeps the price it was sold at as its current price."""

    id: UUID
    user_id: UUID
    account_id: UUID
    symbol: str
    name: str
    investment_type: InvestmentTypeEnum
    quantity: NumberOut
    currency: str
    purchase_price: NumberOut
    purchase_date: datetime
    current_price: NumberOut | None
    price_as_of: datetime | None
    status: HoldingStatusEnum
    closed_at: datetime | None
    cost_basis: NumberOut
    market_value: NumberOut | None = Field(description="Null while there is no price.")
    unrealised_gain: NumberOut | None
    gain_percent: NumberOut | None


class PositionOut(ResponseBody):
    """Lots of one security together; null where a lot has no price."""

    quantity: NumberOut
    cost_basis: NumberOut
    average_price: NumberOut | None = Field(description="Weighted by quantity.")
    market_value: NumberOut | None
    unrealised_gain: NumberOut | None
    gain_percent: NumberOut | None


class HoldingOut(ResponseBody):
    """All open lots of one security."""

    symbol: str
    name: str
    investment_type: InvestmentTypeEnum
    position: PositionOut


class PortfolioOut(ResponseBody):
    """What is held in one currency; null totals while a price is missing."""

    currency: str
    holdings: list[HoldingOut]
    cost_basis: MoneyOut
    market_value: MoneyOut | None
    unrealised_gain: MoneyOut | None
    gain_percent: NumberOut | None
