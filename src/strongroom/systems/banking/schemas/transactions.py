"""Movements on an account as they are ordered, annotated and shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import RequestBody, ResponseBody
from strongroom.systems.banking.rules import (
    MerchantCategoryEnum,
    PaymentMethodEnum,
    TransactionDirectionEnum,
    TransactionStatusEnum,
    TransactionTypeEnum,
)
from strongroom.systems.banking.schemas.amounts import MoneyIn, MoneyOut, NumberOut
from strongroom.systems.banking.schemas.bodies import Description, Notes, Tag

TAGS_MAX = 20


class CashIn(RequestBody):
    """Money in or out of an account, in its currency."""

    amount: MoneyIn = Field(gt=0)
    description: Description | None = None
    payment_method: PaymentMethodEnum = PaymentMethodEnum.CASH


class AnnotationIn(RequestBody):
    """What may be changed on a transaction; what is left out stays as it is. Null clears category, tags or notes."""

    # left out is not null: what was sent is in `changes`, and nothing reads a default
    description: Description = Field(default_factory=str)
    merchant_category: MerchantCategoryEnum | None = None
    tags: list[Tag] | None = Field(default=None, max_length=TAGS_MAX)
    notes: Notes | None = None
    is_disputed: bool = Field(default_factory=bool)

    def changes(self) -> dict[str, object]:
        """The fields that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class TransactionOut(ResponseBody):
    """One movement on one account. The amount is positive, the direction gives the sign, the fee comes on top."""

    id: UUID
    user_id: UUID
    account_id: UUID
    transaction_type: TransactionTypeEnum
    status: TransactionStatusEnum
    direction: TransactionDirectionEnum
    amount: MoneyOut
    fee_amount: MoneyOut
    currency: str
    balance_after: MoneyOut | None = Field(description="Booked balance of the account after this movement.")
    exchange_rate: NumberOut | None
    original_amount: MoneyOut | None
    original_currency: str | None
    description: str
    merchant_name: str | None
    merchant_category: MerchantCategoryEnum | None
    payment_method: PaymentMethodEnum
    card_id: UUID | None
    reference_number: str | None
    location: str | None
    notes: str | None
    tags: list[str] | None
    transaction_date: datetime
    posted_date: datetime | None
    is_disputed: bool
    is_fraudulent: bool
    transfer_id: UUID | None
    p2p_id: UUID | None
    journal_id: UUID | None
    reversal_of: UUID | None
    refund_of: UUID | None
