"""Accounts as they are opened, changed and shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import RequestBody, ResponseBody
from strongroom.systems.banking.rules import OVERDRAFT_DEFAULT, AccountStatusEnum, AccountTypeEnum
from strongroom.systems.banking.schemas.amounts import MoneyIn, MoneyOut, NumberOut
from strongroom.systems.banking.schemas.bodies import CurrencyCode, Name


class AccountIn(RequestBody):
    """An account to open."""

    account_name: Name = Field(examples=["Everyday"])
    account_type: AccountTypeEnum
    currency: CurrencyCode = Field(default="USD", description="ISO 4217; never changes.")
    user_id: UUID | None = Field(default=None, description="For whom; for others than yourself as administrator only.")


class AccountStatusIn(RequestBody):
    """The state an account is to have."""

    status: AccountStatusEnum


class OverdraftIn(RequestBody):
    """How far below zero an account may go."""

    enabled: bool
    limit: MoneyIn = Field(default=OVERDRAFT_DEFAULT, ge=0, description="Counts only while enabled.")


class MinimumBalanceIn(RequestBody):
    """What must stay on an account."""

    minimum_balance: MoneyIn = Field(ge=0)


class AccountOut(ResponseBody):
    """An account. All amounts are in its currency."""

    id: UUID
    user_id: UUID
    account_number: str
    account_name: str
    account_type: AccountTypeEnum
    status: AccountStatusEnum
    currency: str
    current_balance: MoneyOut = Field(description="Booked; negative is owed to the bank.")
    available_balance: MoneyOut = Field(description="Booked, less what is reserved.")
    reserved_balance: MoneyOut = Field(description="Set aside by holds.")
    pending_balance: MoneyOut = Field(description="On its way in; cannot be spent yet.")
    spendable: MoneyOut = Field(description="What could leave now, with overdraft and minimum balance.")
    minimum_balance: MoneyOut
    is_overdraft_enabled: bool
    overdraft_limit: MoneyOut
    interest_rate: NumberOut = Field(description="A year, as a fraction.")
    monthly_fee: MoneyOut
    is_primary: bool
    opening_date: datetime
    closed_at: datetime | None
