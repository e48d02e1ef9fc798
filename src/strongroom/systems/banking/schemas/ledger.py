"""The books as administrators see them and act on them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import RequestBody, ResponseBody
from strongroom.systems.banking.rules import Side
from strongroom.systems.banking.schemas.amounts import MoneyIn, MoneyOut
from strongroom.systems.banking.schemas.bodies import Description


class ChargeIn(RequestBody):
    """A fee to charge or interest to pay, in the currency of the account."""

    amount: MoneyIn = Field(gt=0)
    description: Description | None = None


class RefundIn(RequestBody):
    """How much of a payment to give back."""

    amount: MoneyIn = Field(gt=0)


class ReversalIn(RequestBody):
    """Why a movement is undone."""

    reason: Description = "Reversal"
    may_overdraw: bool = Field(default=False, description="Undo it even where the money is gone.")


class CheckOut(ResponseBody):
    """A truth about the books, and whether it holds."""

    name: str
    claim: str
    holds: bool
    count: int = Field(description="Violations in all.")
    examples: list[str] = Field(description="Keys of the first few violations.")


class TrialBalanceLineOut(ResponseBody):
    """The totals of one account of the bank, or of all its customers' accounts together."""

    currency: str
    code: str
    debits: MoneyOut
    credits: MoneyOut
    balance: MoneyOut = Field(description="Debits less credits; these add up to zero in each currency.")


class JournalLineOut(ResponseBody):
    """One leg of an entry: D debits, C credits."""

    line: int
    ledger_account_id: UUID
    code: str = Field(description="The code of the ledger account.")
    side: Side
    amount: MoneyOut
    currency: str


class JournalEntryOut(ResponseBody):
    """One event in the books; in each currency its debits equal its credits."""

    id: UUID
    kind: str
    reference: str
    posted_at: datetime
    created_at: datetime
    reverses: UUID | None
    actor_id: UUID | None = Field(description="Who did it; null for the program itself.")
    lines: list[JournalLineOut]
