"""Payments from person to person as they are sent, asked for, decided and shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import RequestBody, ResponseBody
from strongroom.systems.banking.rules import P2PKindEnum, P2PStatusEnum
from strongroom.systems.banking.schemas.amounts import MoneyIn, MoneyOut
from strongroom.systems.banking.schemas.bodies import CurrencyCode, Description


class PaymentIn(RequestBody):
    """Money to send to a person."""

    from_account_id: UUID
    recipient_id: UUID
    amount: MoneyIn = Field(gt=0, description="In the currency of the account.")
    description: Description | None = None
    needs_acceptance: bool = Field(default=False, description="Nothing moves until the recipient accepts.")


class PaymentRequestIn(RequestBody):
    """Money to ask a person for."""

    payer_id: UUID
    amount: MoneyIn = Field(gt=0)
    currency: CurrencyCode = "USD"
    description: Description | None = None


class AcceptanceIn(RequestBody):
    """How a pending payment is accepted."""

    from_account_id: UUID | None = Field(
        default=None, description="What a request is paid from; the primary account in its currency when left out."
    )


class PaymentOut(ResponseBody):
    """A payment from person to person. In a request the recipient asks and the sender pays."""

    id: UUID
    kind: P2PKindEnum
    sender_id: UUID
    recipient_id: UUID
    amount: MoneyOut
    currency: str
    fee_amount: MoneyOut = Field(description="Paid by the sender on top.")
    description: str | None
    reference_number: str
    status: P2PStatusEnum
    requires_verification: bool
    failure_reason: str | None = Field(description="The code of the error it was refused with.")
    requested_date: datetime
    completed_date: datetime | None
    expires_at: datetime | None
    journal_id: UUID | None
