"""Scores: recorded, computed, ranked; the latest, the history, the best of all, what moved; and the models."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from strongroom.kernel.errors import AlreadyExists
from strongroom.kernel.web import ListPart, MomentIn, PageOut, problem_responses
from strongroom.systems.biotech.errors import CompanyNotFound, ScoreExists, ScoreNotFound, ScoringModelNotFound
from strongroom.systems.biotech.routes.callers import build_router
from strongroom.systems.biotech.routes.dependencies import (
    ADMINISTRATOR,
    ANALYST,
    VIEWER_OR_CLIENT,
    ActingDatabase,
    Days,
    Limit,
)
from strongroom.systems.biotech.routes.problems import LISTING, READING, WRITING
from strongroom.systems.biotech.schemas.bodies import Score as Total
from strongroom.systems.biotech.schemas.scores import (
    ComputationIn,
    RankingIn,
    RankingOut,
    ScoreChangeOut,
    ScoreIn,
    ScoreOut,
    ScoreWithInputsOut,
    ScoringModelIn,
    ScoringModelOut,
    StandingOut,
    Version,
)
from strongroom.systems.biotech.services import pages, scoring, standings

router: APIRouter = build_router("", "scores")

VersionInPath = Annotated[Version, Path()]


@router.post(
    "/companies/{company_id}/scores",
    status_code=status.HTTP_201_CREATED,
    summary="Record a score that was computed elsewhere (analysts)",
    responses=problem_responses(*WRITING, CompanyNotFound, ScoreExists),
    dependencies=[ANALYST],
)
async def record_score(company_id: UUID, body: ScoreIn, database: ActingDatabase) -> ScoreWithInputsOut:
    return ScoreWithInputsOut.model_validate(await database.write(standings.record_score, company_id, **dict(body)))


@router.post(
    "/companies/{company_id}/scores/compute",
    status_code=status.HTTP_201_CREATED,
    summary="Compute a score from what is known about a company (analysts)",
    responses=problem_responses(*WRITING, CompanyNotFound, ScoringModelNotFound, ScoreExists),
    dependencies=[ANALYST],
)
async def compute_score(company_id: UUID, body: ComputationIn, database: ActingDatabase) -> ScoreWithInputsOut:
    return ScoreWithInputsOut.model_validate(await database.write(scoring.score_company, company_id, **dict(body)))


@router.get(
    "/companies/{company_id}/scores/latest",
    summary="The score of a company that counts now, with all it was made from",
    responses=problem_responses(*READING, CompanyNotFound, ScoreNotFound),
    dependencies=[VIEWER_OR_CLIENT],
)
async def get_latest_score(company_id: UUID, database: ActingDatabase) -> ScoreWithInputsOut:
    return ScoreWithInputsOut.model_validate(await database.read(standings.latest_score, company_id))


@router.get(
    "/companies/{company_id}/scores",
    summary="A company's scores, newest first",
    responses=problem_responses(*LISTING, CompanyNotFound),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_scores(company_id: UUID, database: ActingDatabase, part: ListPart, days: Days = 90) -> PageOut[ScoreOut]:
    return PageOut[ScoreOut].model_validate(await database.read(pages.page_scores, part, company_id, days=days))


@router.get(
    "/scores/top",
    summary="The highest of the companies' latest scores",
    responses=problem_responses(*READING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_top_scores(
    database: ActingDatabase,
    limit: Limit = 50,
    score_date: Annotated[date | None, Query(description="As it was at the end of this UTC day.")] = None,
) -> list[StandingOut]:
    found = await database.read(standings.top_scores, limit, score_date)
    return [StandingOut.model_validate(score) for score in found]


@router.get(
    "/scores/range",
    summary="Latest scores between two totals, both included, the highest first",
    responses=problem_responses(*READING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_scores_in_range(
    min_score: Total, database: ActingDatabase, max_score: Total = 100.0, limit: Limit = 100
) -> list[StandingOut]:
    found = await database.read(standings.scores_in_range, min_score, max_score, limit)
    return [StandingOut.model_validate(score) for score in found]


@router.get(
    "/scores/changes",
    summary="Companies whose score has moved since a moment, most first",
    responses=problem_responses(*READING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_score_changes(
    since: MomentIn, database: ActingDatabase, min_change: Total = 10.0, limit: Limit = 100
) -> list[ScoreChangeOut]:
    found = await database.read(standings.score_changes, since, min_change, limit)
    return [ScoreChangeOut.model_validate(change) for change in found]


@router.post(
    "/scores/percentile-ranks",
    summary="Rank the companies within a UTC day (analysts)",
    responses=problem_responses(*WRITING),
    dependencies=[ANALYST],
)
async def rank_scores(body: RankingIn, database: ActingDatabase) -> RankingOut:
    return RankingOut(ranked=await database.write(standings.rank_scores, body.score_date))


@router.get(
    "/scores/{score_id}",
    summary="One score, with all it was made from",
    responses=problem_responses(*READING, ScoreNotFound),
    dependencies=[VIEWER_OR_CLIENT],
)
async def get_score(score_id: UUID, database: ActingDatabase) -> ScoreWithInputsOut:
    return ScoreWithInputsOut.model_validate(await database.read(standings.get_score, score_id))


@router.get(
    "/scoring-models",
    summary="The weights that scores were made with, by version",
    responses=problem_responses(*READING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_scoring_models(database: ActingDatabase) -> list[ScoringModelOut]:
    found = await database.read(standings.list_scoring_models)
    return [ScoringModelOut.model_validate(model) for model in found]


@router.get(
    "/scoring-models/{version}",
    summary="The weights of one version",
    responses=problem_responses(*READING, ScoringModelNotFound),
    dependencies=[VIEWER_OR_CLIENT],
)
async def get_scoring_model(version: VersionInPath, database: ActingDatabase) -> ScoringModelOut:
    return ScoringModelOut.model_validate(await database.read(standings.get_scoring_model, version))


@router.post(
    "/scoring-models",
    status_code=status.HTTP_201_CREATED,
    summary="Add weights under a new version (administrators)",
    responses=problem_responses(*WRITING, AlreadyExists),
    dependencies=[ADMINISTRATOR],
)
async def create_scoring_model(body: ScoringModelIn, database: ActingDatabase) -> ScoringModelOut:
    return ScoringModelOut.model_validate(await database.write(standings.create_scoring_model, **dict(body)))


@router.put(
    "/scoring-models/{version}/default",
    summary="Score by this version where none is named (administrators)",
    responses=problem_responses(*WRITING, ScoringModelNotFound),
    dependencies=[ADMINISTRATOR],
)
async def make_default(version: VersionInPath, database: ActingDatabase) -> ScoringModelOut:
    return ScoringModelOut.model_validate(await database.write(standings.make_default, version))
