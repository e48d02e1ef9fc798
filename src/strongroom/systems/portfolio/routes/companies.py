"""Companies: entered, changed, retired, removed while nothing was reported, and listed."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from strongroom.kernel.errors import IdempotencyConflict
from strongroom.kernel.web import IdempotencyKey, ListPart, PageOut, problem_responses
from strongroom.systems.portfolio.errors import CompanyAlreadyExists, CompanyHasData, CompanyNotFound, RateUnavailable
from strongroom.systems.portfolio.routes.dependencies import (
    ADMINISTRATOR,
    ANALYST,
    VIEWER,
    ActingDatabase,
    KnownAt,
    OfFund,
)
from strongroom.systems.portfolio.routes.problems import LISTING, READING, WRITING
from strongroom.systems.portfolio.rules.enums import CustomerTypeEnum, ReportingStatusEnum, RevenueTypeEnum
from strongroom.systems.portfolio.schemas.companies import CompanyChangeIn, CompanyIn, CompanyOut, StatusIn
from strongroom.systems.portfolio.services import companies, once, pages

router = APIRouter(prefix="/companies", tags=["portfolio: companies"])

_CHANGE = problem_responses(*WRITING, CompanyNotFound, CompanyAlreadyExists, RateUnavailable)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Enter a company (analysts)",
    responses=problem_responses(*WRITING, CompanyAlreadyExists, IdempotencyConflict),
    dependencies=[ANALYST],
)
async def create_company(body: CompanyIn, database: ActingDatabase, key: IdempotencyKey) -> CompanyOut:
    return CompanyOut.model_validate(await database.write(once.create_company, key, **dict(body)))


@router.get("", summary="Companies by name", responses=problem_responses(*LISTING), dependencies=[VIEWER])
async def list_companies(
    database: ActingDatabase,
    part: ListPart,
    status: ReportingStatusEnum | None = None,
    fund: OfFund = None,
    customer_type: CustomerTypeEnum | None = None,
    revenue_type: RevenueTypeEnum | None = None,
    known_at: KnownAt = None,
) -> PageOut[CompanyOut]:
    found = await database.read(
        pages.page_companies,
        part,
        status=status,
        fund=fund,
        customer_type=customer_type,
        revenue_type=revenue_type,
        known_at=known_at,
    )
    return PageOut[CompanyOut].model_validate(found)


@router.get(
    "/by-name",
    summary="The company of exactly this name",
    responses=problem_responses(*READING, CompanyNotFound),
    dependencies=[VIEWER],
)
async def get_company_by_name(
    name: Annotated[str, Query(min_length=1, max_length=255)], database: ActingDatabase, known_at: KnownAt = None
) -> CompanyOut:
    found = await database.read(companies.get_company_by_name, name, known_at=known_at)
    return CompanyOut.model_validate(found)


@router.get(
    "/{company_id}",
    summary="One company",
    responses=problem_responses(*READING, CompanyNotFound),
    dependencies=[VIEWER],
)
async def get_company(company_id: UUID, database: ActingDatabase, known_at: KnownAt = None) -> CompanyOut:
    return CompanyOut.model_validate(await database.read(companies.get_company, company_id, known_at=known_at))


@router.put(
    "/{company_id}",
    summary="Enter a company under an id of your own, or replace all its fields (analysts)",
    responses={
        status.HTTP_201_CREATED: {"model": CompanyOut, "description": "Entered"},
        **problem_responses(*WRITING, CompanyNotFound, CompanyAlreadyExists, RateUnavailable),
    },
    dependencies=[ANALYST],
)
async def put_company(company_id: UUID, body: CompanyIn, database: ActingDatabase, response: Response) -> CompanyOut:
    company, is_new = await database.write(companies.put_company, company_id, **dict(body))
    response.status_code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
    return CompanyOut.model_validate(company)


@router.patch(
    "/{company_id}",
    summary="Change fields of a company; a new valuation counts for its latest quarter (analysts)",
    responses=_CHANGE,
    dependencies=[ANALYST],
)
async def update_company(company_id: UUID, body: CompanyChangeIn, database: ActingDatabase) -> CompanyOut:
    company = await database.write(companies.update_company, company_id, **body.changes())
    return CompanyOut.model_validate(company)


@router.put(
    "/{company_id}/status",
    summary="Say whether a company is expected to report (analysts)",
    responses=problem_responses(*WRITING, CompanyNotFound),
    dependencies=[ANALYST],
)
async def set_status(company_id: UUID, body: StatusIn, database: ActingDatabase) -> CompanyOut:
    company = await database.write(companies.set_reporting_status, company_id, body.reporting_status)
    return CompanyOut.model_validate(company)


@router.delete(
    "/{company_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove a company that never reported (administrators)",
    responses=problem_responses(*WRITING, CompanyNotFound, CompanyHasData),
    dependencies=[ADMINISTRATOR],
)
async def delete_company(company_id: UUID, database: ActingDatabase) -> None:
    await database.write(companies.delete_company, company_id)
