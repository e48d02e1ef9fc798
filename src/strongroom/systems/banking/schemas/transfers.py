"""Transfers between accounts as they are ordered, quoted and shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import RequestBody, ResponseBody
from strongroom.systems.banking.rules import TransferStatusEnum
from strongroom.systems.banking.schemas.amounts import MoneyIn, MoneyOut, NumberOut
from strongroom.systems.banking.schemas.bodies import Description


class QuoteIn(RequestBody):
    """A transfer to be priced."""

    from_account_id: UUID
    to_account_id: UUID
    amount: MoneyIn = Field(gt=0, description="In the currency of the source account.")


class TransferIn(QuoteIn):
    """A transfer to be made at once."""

    description: Description | None = None


class QuoteOut(ResponseBody):
    """What a transfer would cost at this moment, and what would arrive."""

    amount: MoneyOut
    fee: MoneyOut
    total: MoneyOut = Field(description="What leaves the source account: amount and fee.")
    arrives: MoneyOut = Field(description="In the currency of the destination.")
    rate: NumberOut | None = Field(description="Null within one currency.")


class TransferOut(ResponseBody):
    """An order to move money from one account to another."""

    id: UUID
    user_id: UUID = Field(description="Who ordered it.")
    from_account_id: UUID
    to_account_id: UUID
    amount: MoneyOut
    currency: str
    fee_amount: MoneyOut
    exchange_rate: NumberOut | None
    destination_amount: MoneyOut | None = Field(description="What arrived, when it was exchanged.")
    destination_currency: str | None
    description: str | None
    reference_number: str
    status: TransferStatusEnum
    failure_reason: str | None = Field(description="The code of the error it was refused with.")
    requested_date: datetime
    completed_date: datetime | None
    journal_id: UUID | None
