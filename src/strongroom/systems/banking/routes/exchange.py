"""Exchange rates: set by the bank, seen by whoever is about to change money."""

from __future__ import annotations

from fastapi import APIRouter, status

from strongroom.kernel.errors import AccessDenied, AlreadyExists, StillReferenced
from strongroom.kernel.web import problem_responses
from strongroom.systems.banking.errors import ExchangeRateUnavailable, InvalidCurrency
from strongroom.systems.banking.routes.dependencies import ADMINISTRATOR, ActingDatabase
from strongroom.systems.banking.routes.problems import READING
from strongroom.systems.banking.schemas.bodies import CurrencyCode
from strongroom.systems.banking.schemas.exchange import RateIn, RateOut
from strongroom.systems.banking.services import exchange

router = APIRouter(tags=["banking: exchange"])


@router.get(
    "/exchange-rates",
    summary="The rate of a pair, in this direction, that is valid now",
    responses=problem_responses(*READING, ExchangeRateUnavailable),
)
async def get_rate(base: CurrencyCode, quote: CurrencyCode, database: ActingDatabase) -> RateOut:
    return RateOut.model_validate(await database.read(exchange.get_rate, base, quote))


@router.post(
    "/exchange-rates",
    status_code=status.HTTP_201_CREATED,
    summary="Set a rate for a time (administrators)",
    responses=problem_responses(*READING, AccessDenied, InvalidCurrency, AlreadyExists, StillReferenced),
    dependencies=[ADMINISTRATOR],
)
async def set_rate(body: RateIn, database: ActingDatabase) -> RateOut:
    rate = await database.write(
        exchange.set_rate,
        body.base,
        body.quote,
        body.rate,
        valid_from=body.valid_from,
        valid_until=body.valid_until,
        source=body.source,
    )
    return RateOut.model_validate(rate)
