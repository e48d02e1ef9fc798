"""Balances, statements, worth, spending and limits as they are shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import ResponseBody
from strongroom.systems.banking.rules import MerchantCategoryEnum
from strongroom.systems.banking.schemas.amounts import MoneyOut


class BalancesOut(ResponseBody):
    """An account's money now, in its currency."""

    account_id: UUID
    currency: str
    current: MoneyOut = Field(description="Booked; negative is owed to the bank.")
    available: MoneyOut = Field(description="Booked, less what is reserved.")
    reserved: MoneyOut
    pending: MoneyOut = Field(description="On its way in; cannot be spent yet.")
    overdraft_limit: MoneyOut = Field(description="Zero while the overdraft is not enabled.")
    spendable: MoneyOut


class StatementOut(ResponseBody):
    """One account in one period, in its currency: opening + credits - debits = closing."""

    account_id: UUID
    currency: str
    start: datetime = Field(description="Part of the period.")
    end: datetime = Field(description="No part of the period.")
    opening: MoneyOut
    credits: MoneyOut
    debits: MoneyOut
    closing: MoneyOut


class NetWorthOut(ResponseBody):
    """What a customer has and owes in one currency."""

    currency: str
    assets: MoneyOut
    liabilities: MoneyOut
    net: MoneyOut


class SpendingOut(ResponseBody):
    """What went out in one currency and category, fees included, and what of it came back."""

    currency: str
    category: MerchantCategoryEnum
    spent: MoneyOut
    refunded: MoneyOut
    net: MoneyOut
    count: int = Field(description="Payments.")


class LimitsOut(ResponseBody):
    """Amounts at once and by UTC calendar day, month and year; null is no limit."""

    single: MoneyOut | None
    daily: MoneyOut | None
    monthly: MoneyOut | None
    yearly: MoneyOut | None


class LimitsUsageOut(ResponseBody):
    """What may leave in one currency: the limits, what is used of each, what is left."""

    currency: str
    limits: LimitsOut
    used: LimitsOut
    left: LimitsOut
