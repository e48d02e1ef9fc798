"""Money set aside, as it is held, captured and shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import RequestBody, ResponseBody
from strongroom.systems.banking.rules import HoldStatusEnum
from strongroom.systems.banking.schemas.amounts import MoneyIn, MoneyOut
from strongroom.systems.banking.schemas.bodies import Description

LIFETIME_S_MAX = 31 * 24 * 3600


class HoldIn(RequestBody):
    """An amount to set aside, in the currency of the account."""

    amount: MoneyIn = Field(gt=0)
    description: Description | None = None
    lifetime_s: int | None = Field(
        default=None, gt=0, le=LIFETIME_S_MAX, strict=True, description="Seconds; the bank's own when left out."
    )

    @property
    def lifetime(self) -> timedelta | None:
        """How long it stays when nobody resolves it."""
        return None if self.lifetime_s is None else timedelta(seconds=self.lifetime_s)


class CaptureIn(RequestBody):
    """How much of a hold to take."""

    amount: MoneyIn | None = Field(default=None, description="All of it when left out; the rest is given free.")
    description: Description | None = None


class HoldOut(ResponseBody):
    """An amount set aside on an account."""

    id: UUID
    user_id: UUID
    account_id: UUID
    card_id: UUID | None
    amount: MoneyOut
    currency: str
    description: str
    status: HoldStatusEnum
    captured_amount: MoneyOut | None
    expires_at: datetime
    resolved_at: datetime | None
    created_at: datetime
