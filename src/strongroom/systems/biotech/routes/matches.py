"""Who might buy whom: computed, put, and listed by target and by acquirer."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from strongroom.kernel.web import problem_responses
from strongroom.systems.biotech.errors import CompanyNotFound
from strongroom.systems.biotech.routes.callers import build_router
from strongroom.systems.biotech.routes.dependencies import (
    ANALYST,
    VIEWER_OR_CLIENT,
    ActingDatabase,
    Limit,
    TickerInPath,
)
from strongroom.systems.biotech.routes.problems import READING, WRITING
from strongroom.systems.biotech.schemas.matches import MatchesIn, MatchingIn, MatchOut, TargetMatchOut
from strongroom.systems.biotech.services import suitors

router: APIRouter = build_router("", "acquirer matches")


@router.post(
    "/companies/{company_id}/matches/compute",
    summary="Judge acquirers for a target; those that fit are its newest run, best first (analysts)",
    responses=problem_responses(*WRITING, CompanyNotFound),
    dependencies=[ANALYST],
)
async def compute_matches(company_id: UUID, body: MatchingIn, database: ActingDatabase) -> list[MatchOut]:
    found = await database.write(
        suitors.compute_matches,
        company_id,
        [acquirer.as_acquirer() for acquirer in body.acquirers],
        [company.as_tracked() for company in body.companies],
        body.min_score,
    )
    return [MatchOut.model_validate(match) for match in found]


@router.put(
    "/companies/{company_id}/matches",
    summary="Put matches that were judged elsewhere as a target's newest run, best first (analysts)",
    responses=problem_responses(*WRITING, CompanyNotFound),
    dependencies=[ANALYST],
)
async def replace_matches(company_id: UUID, body: MatchesIn, database: ActingDatabase) -> list[MatchOut]:
    found = await database.write(suitors.replace_matches, company_id, [dict(match) for match in body.matches])
    return [MatchOut.model_validate(match) for match in found]


@router.get(
    "/companies/{company_id}/matches",
    summary="Who might buy a company by the newest run, best first",
    responses=problem_responses(*READING, CompanyNotFound),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_matches(company_id: UUID, database: ActingDatabase, limit: Limit = 100) -> list[MatchOut]:
    found = await database.read(suitors.matches_for_target, company_id, limit)
    return [MatchOut.model_validate(match) for match in found]


@router.get(
    "/matches/top",
    summary="The top matches of all targets, the best fit first",
    responses=problem_responses(*READING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_top_matches(database: ActingDatabase, limit: Limit = 50) -> list[TargetMatchOut]:
    found = await database.read(suitors.top_matches, limit)
    return [TargetMatchOut.model_validate(match) for match in found]


@router.get(
    "/acquirers/{ticker}/matches",
    summary="What an acquirer was matched with, newest first",
    responses=problem_responses(*READING, CompanyNotFound),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_matches_of_acquirer(
    ticker: TickerInPath, database: ActingDatabase, limit: Limit = 100
) -> list[TargetMatchOut]:
    found = await database.read(suitors.matches_by_acquirer, ticker, limit)
    return [TargetMatchOut.model_validate(match) for match in found]
