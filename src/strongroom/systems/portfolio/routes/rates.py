"""Exchange rates: put by administrators, looked up as of a day, used to convert."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from strongroom.kernel.web import ListPart, NumberIn, PageOut, problem_responses
from strongroom.systems.portfolio.errors import RateUnavailable
from strongroom.systems.portfolio.routes.dependencies import ADMINISTRATOR, VIEWER, ActingDatabase
from strongroom.systems.portfolio.routes.problems import LISTING, READING, WRITING
from strongroom.systems.portfolio.schemas.bodies import CurrencyCode
from strongroom.systems.portfolio.schemas.rates import (
    AppliedRateOut,
    ConversionOut,
    PairOut,
    RateOut,
    RatesIn,
    RatesPutOut,
)
from strongroom.systems.portfolio.services import pages, rates

router = APIRouter(prefix="/rates", tags=["portfolio: exchange rates"])

Day = Annotated[date, Query(description="The day the rate is to hold on.")]


@router.put(
    "",
    summary="Put exchange rates, each in place of one for the same pair and time (administrators)",
    responses=problem_responses(*WRITING),
    dependencies=[ADMINISTRATOR],
)
async def put_rates(body: RatesIn, database: ActingDatabase) -> RatesPutOut:
    return RatesPutOut(rates=await database.write(rates.put_rates, [rate.as_quote() for rate in body.rates]))


@router.get("", summary="Published rates, newest first", responses=problem_responses(*LISTING), dependencies=[VIEWER])
async def list_rates(
    database: ActingDatabase,
    part: ListPart,
    base: CurrencyCode | None = None,
    quote: CurrencyCode | None = None,
    start_date: date | None = None,
    end_date: date | None = None,
) -> PageOut[RateOut]:
    found = await database.read(
        pages.page_rates, part, base=base, quote=quote, start_date=start_date, end_date=end_date
    )
    return PageOut[RateOut].model_validate(found)


@router.get(
    "/applied",
    summary="The rate between two currencies that holds on a day, and what it is made of",
    responses=problem_responses(*READING, RateUnavailable),
    dependencies=[VIEWER],
)
async def get_rate(base: CurrencyCode, quote: CurrencyCode, day: Day, database: ActingDatabase) -> AppliedRateOut:
    return AppliedRateOut.model_validate(await database.read(rates.get_rate, base, quote, day))


@router.get(
    "/conversion",
    summary="An amount in another currency, at the rate of a day",
    responses=problem_responses(*READING, RateUnavailable),
    dependencies=[VIEWER],
)
async def convert(
    amount: NumberIn, source: CurrencyCode, target: CurrencyCode, day: Day, database: ActingDatabase
) -> ConversionOut:
    return ConversionOut.model_validate(await database.read(rates.convert, amount, source, target, day))


@router.get(
    "/pairs",
    summary="The pairs of currencies that a refresh has to fetch",
    responses=problem_responses(*READING),
    dependencies=[VIEWER],
)
async def list_pairs(database: ActingDatabase) -> list[PairOut]:
    return [PairOut(base=base, quote=quote) for base, quote in await database.read(rates.list_pairs)]
