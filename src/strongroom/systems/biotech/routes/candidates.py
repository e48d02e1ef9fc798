"""Drug candidates: the pipeline of each company, and those of all."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status

from strongroom.kernel.web import ListPart, PageOut, problem_responses
from strongroom.systems.biotech.errors import CompanyNotFound, DrugCandidateExists, DrugCandidateNotFound
from strongroom.systems.biotech.routes.callers import build_router
from strongroom.systems.biotech.routes.dependencies import ADMINISTRATOR, ANALYST, VIEWER_OR_CLIENT, ActingDatabase
from strongroom.systems.biotech.routes.problems import LISTING, READING, WRITING
from strongroom.systems.biotech.rules.enums import Phase, TherapeuticArea
from strongroom.systems.biotech.schemas.companies import CandidateChangeIn, CandidateIn, CandidateOut
from strongroom.systems.biotech.services import companies, pages

router: APIRouter = build_router("", "drug candidates")


@router.post(
    "/companies/{company_id}/candidates",
    status_code=status.HTTP_201_CREATED,
    summary="Enter a drug candidate of a company (analysts)",
    responses=problem_responses(*WRITING, CompanyNotFound, DrugCandidateExists),
    dependencies=[ANALYST],
)
async def create_candidate(company_id: UUID, body: CandidateIn, database: ActingDatabase) -> CandidateOut:
    return CandidateOut.model_validate(await database.write(companies.create_candidate, company_id, **dict(body)))


@router.get(
    "/companies/{company_id}/candidates",
    summary="A company's drug candidates, the furthest along first",
    responses=problem_responses(*READING, CompanyNotFound),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_pipeline(company_id: UUID, database: ActingDatabase, phase: Phase | None = None) -> list[CandidateOut]:
    found = await database.read(companies.list_pipeline, company_id, phase)
    return [CandidateOut.model_validate(candidate) for candidate in found]


@router.get(
    "/candidates",
    summary="Drug candidates of all companies, by name",
    responses=problem_responses(*LISTING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_candidates(
    database: ActingDatabase,
    part: ListPart,
    therapeutic_area: TherapeuticArea | None = None,
    phase: Phase | None = None,
) -> PageOut[CandidateOut]:
    found = await database.read(pages.page_candidates, part, therapeutic_area=therapeutic_area, phase=phase)
    return PageOut[CandidateOut].model_validate(found)


@router.get(
    "/candidates/{candidate_id}",
    summary="One drug candidate",
    responses=problem_responses(*READING, DrugCandidateNotFound),
    dependencies=[VIEWER_OR_CLIENT],
)
async def get_candidate(candidate_id: UUID, database: ActingDatabase) -> CandidateOut:
    return CandidateOut.model_validate(await database.read(companies.get_candidate, candidate_id))


@router.patch(
    "/candidates/{candidate_id}",
    summary="Change fields of a drug candidate (analysts)",
    responses=problem_responses(*WRITING, DrugCandidateNotFound, DrugCandidateExists),
    dependencies=[ANALYST],
)
async def update_candidate(candidate_id: UUID, body: CandidateChangeIn, database: ActingDatabase) -> CandidateOut:
    changed = await database.write(companies.update_candidate, candidate_id, **body.changes())
    return CandidateOut.model_validate(changed)


@router.delete(
    "/candidates/{candidate_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Hide a drug candidate (administrators)",
    responses=problem_responses(*WRITING, DrugCandidateNotFound),
    dependencies=[ADMINISTRATOR],
)
async def delete_candidate(candidate_id: UUID, database: ActingDatabase) -> None:
    await database.write(companies.delete_candidate, candidate_id)


@router.post(
    "/candidates/{candidate_id}/restore",
    summary="Show a deleted drug candidate again (administrators)",
    responses=problem_responses(*WRITING, DrugCandidateNotFound, DrugCandidateExists),
    dependencies=[ADMINISTRATOR],
)
async def restore_candidate(candidate_id: UUID, database: ActingDatabase) -> CandidateOut:
    return CandidateOut.model_validate(await database.write(companies.restore_candidate, candidate_id))
