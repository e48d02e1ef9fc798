"""Working out again what follows from what companies sent, for administrators."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from strongroom.kernel.web import problem_responses
from strongroom.systems.portfolio.errors import CompanyNotFound, InputNotFound, RateUnavailable
from strongroom.systems.portfolio.routes.dependencies import ADMINISTRATOR, ANALYST, ActingDatabase, FiscalDate
from strongroom.systems.portfolio.routes.problems import WRITING
from strongroom.systems.portfolio.schemas.quarters import RecomputedOut
from strongroom.systems.portfolio.services import recomputing

router = APIRouter(tags=["portfolio: recomputing"])

WithNewRates = Annotated[
    bool, Query(description="Look exchange rates up again; else those that were used before are kept.")
]


@router.post(
    "/companies/{company_id}/quarters/{fiscal_reporting_date}/recompute",
    summary="Compute a quarter and the seven after it anew (analysts)",
    responses=problem_responses(*WRITING, CompanyNotFound, InputNotFound, RateUnavailable),
    dependencies=[ANALYST],
)
async def recompute_quarter(
    company_id: UUID, fiscal_reporting_date: FiscalDate, database: ActingDatabase, with_new_rates: WithNewRates = False
) -> RecomputedOut:
    quarters = await database.write(
        recomputing.recompute_quarter, company_id, fiscal_reporting_date, with_new_rates=with_new_rates
    )
    return RecomputedOut(quarters=quarters)


@router.post(
    "/companies/{company_id}/recompute",
    summary="Compute all quarters of a company anew (analysts)",
    responses=problem_responses(*WRITING, CompanyNotFound, RateUnavailable),
    dependencies=[ANALYST],
)
async def recompute_company(
    company_id: UUID, database: ActingDatabase, with_new_rates: WithNewRates = False
) -> RecomputedOut:
    quarters = await database.write(recomputing.recompute_company, company_id, with_new_rates=with_new_rates)
    return RecomputedOut(quarters=quarters)


@router.post(
    "/recompute",
    summary="Compute all quarters of all companies anew (administrators)",
    responses=problem_responses(*WRITING, RateUnavailable),
    dependencies=[ADMINISTRATOR],
)
async def recompute_all(database: ActingDatabase, with_new_rates: WithNewRates = False) -> RecomputedOut:
    return RecomputedOut(quarters=await database.write(recomputing.recompute_all, with_new_rates=with_new_rates))
