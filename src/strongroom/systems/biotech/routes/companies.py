"""Companies: entered, searched, changed, deleted and restored."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from strongroom.kernel.web import ListPart, PageOut, problem_responses
from strongroom.systems.biotech.errors import CompanyNotFound, TickerTaken
from strongroom.systems.biotech.repositories.companies import Match
from strongroom.systems.biotech.routes.callers import build_router
from strongroom.systems.biotech.routes.dependencies import (
    ADMINISTRATOR,
    ANALYST,
    VIEWER_OR_CLIENT,
    ActingDatabase,
    Limit,
    TickerInPath,
)
from strongroom.systems.biotech.routes.problems import LISTING, READING, WRITING
from strongroom.systems.biotech.rules.enums import TherapeuticArea
from strongroom.systems.biotech.schemas.bodies import UsdIn
from strongroom.systems.biotech.schemas.companies import (
    CompanyChangeIn,
    CompanyIn,
    CompanyOut,
    CompanyWithPipelineOut,
    StatisticsOut,
)
from strongroom.systems.biotech.services import companies, pages

router: APIRouter = build_router("/companies", "companies")

_ONE = problem_responses(*READING, CompanyNotFound)
NameAsked = Annotated[str, Query(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
WithPipeline = Annotated[bool, Query(description="With its drug candidates.")]
Shown = CompanyWithPipelineOut | CompanyOut


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Enter a company (analysts)",
    responses=problem_responses(*WRITING, TickerTaken),
    dependencies=[ANALYST],
)
async def create_company(body: CompanyIn, database: ActingDatabase) -> CompanyOut:
    return CompanyOut.model_validate(await database.write(companies.create_company, **dict(body)))


@router.get(
    "",
    summary="Companies that meet every condition, the largest first",
    responses=problem_responses(*LISTING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def search_companies(
    database: ActingDatabase,
    part: ListPart,
    name: Annotated[NameAsked | None, Query(description="A part of the name, in any case.")] = None,
    therapeutic_area: Annotated[list[TherapeuticArea] | None, Query(max_length=len(TherapeuticArea))] = None,
    match: Annotated[Match, Query(description="Whether all of the areas are needed, or any.")] = "all",
    min_market_cap: Annotated[UsdIn | None, Query(description="US dollars, included.")] = None,
    max_market_cap: Annotated[UsdIn | None, Query(description="US dollars, included.")] = None,
    is_cash_constrained: bool | None = None,
) -> PageOut[CompanyOut]:
    found = await database.read(
        pages.page_companies,
        part,
        name=name,
        therapeutic_areas=therapeutic_area or (),
        match=match,
        min_market_cap=min_market_cap,
        max_market_cap=max_market_cap,
        is_cash_constrained=is_cash_constrained,
    )
    return PageOut[CompanyOut].model_validate(found)


@router.get(
    "/statistics",
    summary="How many companies there are, what they are worth, how many run short",
    responses=problem_responses(*READING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def get_statistics(database: ActingDatabase) -> StatisticsOut:
    return StatisticsOut.model_validate(await database.read(companies.company_statistics))


@router.get(
    "/cash-constrained",
    summary="Companies whose cash lasts for fewer quarters, the shortest first",
    responses=problem_responses(*READING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_cash_constrained(
    database: ActingDatabase,
    below_quarters: Annotated[float, Query(gt=0, le=1000, allow_inf_nan=False)] = 4.0,
    limit: Limit = 100,
) -> list[CompanyOut]:
    found = await database.read(companies.cash_constrained, below_quarters, limit)
    return [CompanyOut.model_validate(company) for company in found]


@router.get(
    "/similar",
    summary="Companies whose name is nearly this, the nearest first",
    responses=problem_responses(*READING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_similar(name: NameAsked, database: ActingDatabase, limit: Limit = 10) -> list[CompanyOut]:
    found = await database.read(companies.similar_companies, name, limit)
    return [CompanyOut.model_validate(company) for company in found]


@router.get(
    "/deleted",
    summary="Companies that were deleted and may be restored, the last deleted first (administrators)",
    responses=problem_responses(*READING),
    dependencies=[ADMINISTRATOR],
)
async def list_deleted(database: ActingDatabase, limit: Limit = 100) -> list[CompanyOut]:
    found = await database.read(companies.deleted_companies, limit)
    return [CompanyOut.model_validate(company) for company in found]


@router.get(
    "/by-ticker/{ticker}", summary="The company with this ticker", responses=_ONE, dependencies=[VIEWER_OR_CLIENT]
)
async def get_company_by_ticker(
    ticker: TickerInPath, database: ActingDatabase, include_pipeline: WithPipeline = False
) -> Shown:
    company = await database.read(companies.get_company_by_ticker, ticker, include_pipeline=include_pipeline)
    return (CompanyWithPipelineOut if include_pipeline else CompanyOut).model_validate(company)


@router.get("/{company_id}", summary="One company", responses=_ONE, dependencies=[VIEWER_OR_CLIENT])
async def get_company(company_id: UUID, database: ActingDatabase, include_pipeline: WithPipeline = False) -> Shown:
    company = await database.read(companies.get_company, company_id, include_pipeline=include_pipeline)
    return (CompanyWithPipelineOut if include_pipeline else CompanyOut).model_validate(company)


@router.patch(
    "/{company_id}",
    summary="Change fields of a company (analysts)",
    responses=problem_responses(*WRITING, CompanyNotFound, TickerTaken),
    dependencies=[ANALYST],
)
async def update_company(company_id: UUID, body: CompanyChangeIn, database: ActingDatabase) -> CompanyOut:
    return CompanyOut.model_validate(await database.write(companies.update_company, company_id, **body.changes()))


@router.delete(
    "/{company_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Hide a company with all that is known about it (administrators)",
    responses=problem_responses(*WRITING, CompanyNotFound),
    dependencies=[ADMINISTRATOR],
)
async def delete_company(company_id: UUID, database: ActingDatabase) -> None:
    await database.write(companies.delete_company, company_id)


@router.post(
    "/{company_id}/restore",
    summary="Show a deleted company again (administrators)",
    responses=problem_responses(*WRITING, CompanyNotFound, TickerTaken),
    dependencies=[ADMINISTRATOR],
)
async def restore_company(company_id: UUID, database: ActingDatabase) -> CompanyOut:
    return CompanyOut.model_validate(await database.write(companies.restore_company, company_id))
