"""Signals: taken in one by one or many at once, each only once; listed and counted."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, status

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.web import ListPart, PageOut, problem_responses
from strongroom.systems.biotech.errors import CompanyNotFound, SignalNotFound
from strongroom.systems.biotech.routes.callers import build_router
from strongroom.systems.biotech.routes.dependencies import (
    ANALYST,
    VIEWER_OR_CLIENT,
    ActingDatabase,
    Days,
    From,
    SignalTypeNames,
    Until,
)
from strongroom.systems.biotech.routes.problems import LISTING, READING, WRITING
from strongroom.systems.biotech.rules.enums import Severity
from strongroom.systems.biotech.schemas.signals import SignalIn, SignalOut, SignalsIn, SignalsTakenOut
from strongroom.systems.biotech.services import pages, signals
from strongroom.systems.biotech.services.pages import SignalFilter

router: APIRouter = build_router("", "signals")


def signal_filter(
    signal_type: SignalTypeNames = None,
    start_date: From = None,
    end_date: Until = None,
    min_severity: Annotated[Severity | None, Query(description="This level or above.")] = None,
) -> SignalFilter:
    """Which signals a list is of."""
    return SignalFilter(tuple(signal_type or ()), start_date, end_date, min_severity)


Wanted = Annotated[SignalFilter, Depends(signal_filter)]


@router.post(
    "/signals",
    status_code=status.HTTP_201_CREATED,
    summary="Take in a signal; one that came in before is given back as it is stored (analysts)",
    responses={
        status.HTTP_200_OK: {"model": SignalOut, "description": "Had come in before"},
        **problem_responses(*WRITING, CompanyNotFound),
    },
    dependencies=[ANALYST],
)
async def ingest_signal(body: SignalIn, database: ActingDatabase, response: Response) -> SignalOut:
    taken = await database.write(signals.ingest, **body.values())
    response.status_code = status.HTTP_201_CREATED if taken.is_new else status.HTTP_200_OK
    return SignalOut.model_validate(taken.signal)


@router.post(
    "/signals/batch",
    summary="Take in up to a thousand signals, all or none (analysts)",
    responses=problem_responses(*WRITING, CompanyNotFound),
    dependencies=[ANALYST],
)
async def ingest_signals(body: SignalsIn, database: ActingDatabase) -> SignalsTakenOut:
    try:
        taken = await database.write(signals.ingest_many, [signal.values() for signal in body.signals])
    except InvalidValue as error:
        # named as it stands in the body, like every other field
        raise InvalidValue(field=f"signals.{error.facts['field']}", reason=error.facts["reason"]) from None
    return SignalsTakenOut.model_validate(taken)


@router.get(
    "/signals",
    summary="Signals of all companies, newest first",
    responses=problem_responses(*LISTING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_signals(database: ActingDatabase, part: ListPart, wanted: Wanted) -> PageOut[SignalOut]:
    return PageOut[SignalOut].model_validate(await database.read(pages.page_signals, part, wanted))


@router.get(
    "/signals/recent",
    summary="Signals of the last days, newest first",
    responses=problem_responses(*LISTING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_recent_signals(
    database: ActingDatabase,
    part: ListPart,
    days: Days = 7,
    severity: Annotated[Severity | None, Query(description="Of exactly this level.")] = None,
) -> PageOut[SignalOut]:
    found = await database.read(pages.page_recent_signals, part, days=days, severity=severity)
    return PageOut[SignalOut].model_validate(found)


@router.get(
    "/signals/counts",
    summary="How many signals of each type there are",
    responses=problem_responses(*READING, CompanyNotFound),
    dependencies=[VIEWER_OR_CLIENT],
)
async def count_signals(
    database: ActingDatabase, company_id: UUID | None = None, start_date: From = None
) -> dict[str, int]:
    return await database.read(signals.count_by_type, company_id, start_date)


@router.get(
    "/signals/{signal_id}",
    summary="One signal",
    responses=problem_responses(*READING, SignalNotFound),
    dependencies=[VIEWER_OR_CLIENT],
)
async def get_signal(signal_id: UUID, database: ActingDatabase) -> SignalOut:
    return SignalOut.model_validate(await database.read(signals.get_signal, signal_id))


@router.get(
    "/companies/{company_id}/signals",
    summary="A company's signals, newest first",
    responses=problem_responses(*LISTING, CompanyNotFound),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_signals_of_company(
    company_id: UUID, database: ActingDatabase, part: ListPart, wanted: Wanted
) -> PageOut[SignalOut]:
    found = await database.read(pages.page_signals, part, wanted, company_id=company_id)
    return PageOut[SignalOut].model_validate(found)
