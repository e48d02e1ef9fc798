"""Exchange rates as they are set and shown."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from strongroom.kernel.web import RequestBody, ResponseBody
from strongroom.systems.banking.schemas.amounts import NumberIn, NumberOut
from strongroom.systems.banking.schemas.bodies import CurrencyCode, Name


class RateIn(RequestBody):
    """How many units of quote one unit of base buys."""

    base: CurrencyCode
    quote: CurrencyCode
    rate: NumberIn = Field(gt=0)
    valid_from: datetime | None = Field(default=None, description="Now when left out.")
    valid_until: datetime | None = Field(default=None, description="A day after valid_from when left out.")
    source: Name = "bank"


class RateOut(ResponseBody):
    """A rate and how long it counts: from valid_from on, before valid_until."""

    base: str
    quote: str
    rate: NumberOut
    valid_from: datetime
    valid_until: datetime
