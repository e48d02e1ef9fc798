"""Cards on the wire: a full number or a PIN may come in, neither ever goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, SecretStr

from strongroom.kernel.web import RequestBody, ResponseBody
from strongroom.systems.banking.rules import CardChannelEnum, CardStatusEnum, CardTypeEnum
from strongroom.systems.banking.schemas.amounts import MoneyIn, MoneyOut
from strongroom.systems.banking.schemas.bodies import Name

CardNumber = Annotated[SecretStr, Field(min_length=12, max_length=19, description="Digits only; never stored.")]
Pin = Annotated[SecretStr, Field(min_length=4, max_length=6, description="4 to 6 digits.")]


class CardIn(RequestBody):
    """A card to issue on one of the caller's accounts."""

    account_id: UUID
    card_number: CardNumber
    card_type: CardTypeEnum
    cardholder_name: Name = Field(examples=["ADA LOVELACE"])
    expiry_month: int = Field(ge=1, le=12, strict=True)
    expiry_year: int = Field(ge=2020, le=2050, strict=True)


class CardLimitsIn(RequestBody):
    """What may be spent in a UTC calendar day and month, in the account's currency; left out stays as it is."""

    daily_limit: MoneyIn | None = Field(default=None, gt=0)
    monthly_limit: MoneyIn | None = Field(default=None, gt=0)


class CardChannelsIn(RequestBody):
    """Ways of paying to switch on or off; left out stays as it is."""

    online: bool | None = None
    contactless: bool | None = None
    international: bool | None = None


class PinIn(RequestBody):
    """A PIN to set or to verify."""

    pin: Pin


class AuthorisationIn(RequestBody):
    """A payment a card is presented for, in its account's currency."""

    amount: MoneyIn = Field(gt=0)
    channel: CardChannelEnum
    is_international: bool = False
    merchant_name: Name | None = None


class CardOut(ResponseBody):
    """A card, without anything it could be copied from."""

    id: UUID
    user_id: UUID
    account_id: UUID
    card_number_masked: str
    last4: str
    card_type: CardTypeEnum
    status: CardStatusEnum
    cardholder_name: str
    expiry_month: int
    expiry_year: int
    daily_limit: MoneyOut
    monthly_limit: MoneyOut
    is_online_enabled: bool
    is_contactless_enabled: bool
    is_international_enabled: bool
    pin_set: bool
    failed_pin_attempts: int
    last_used_date: datetime | None
    issued_date: datetime
    activation_date: datetime | None
