"""Lets callers follow the jobs they set off, and stop them; a system includes the routes among its own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Path, Request, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from strongroom.kernel.errors import NotAuthenticated
from strongroom.kernel.jobs import JobFinished, JobNotFound, JobRecord, JobStatus, cancel_job, get_own_job
from strongroom.kernel.sessions import Actor, AsyncDatabase
from strongroom.kernel.web.authentication import bearer_actor
from strongroom.kernel.web.problems import problem_responses

JobId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class JobOut(BaseModel):
    """A job as whoever deferred it may see it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    status: JobStatus
    is_cancelling: bool = Field(description="Cancelled, and not yet aware of it.")
    attempt: int = Field(description="0 before the first.")
    attempts_max: int
    run_at: datetime | None = Field(description="Not before this moment.")
    done: int | None = Field(description="Of `total`.")
    total: int | None
    message: str | None = Field(description="What the job says of its progress.")
    result: Any
    error_code: str | None = Field(description="Of the last run that failed, also while the job waits for the next.")
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def build_jobs_router(system: str) -> APIRouter:
    """`GET /jobs/{job_id}` and `POST /jobs/{job_id}/cancel` for the jobs of this system, to include in its router.

    Callers reach the jobs they deferred, administrators all. The database is that of `app.state.database`.
    """
    router = APIRouter(tags=[f"{system}: jobs"])
    caller = Depends(bearer_actor(system))

    @router.get(
        "/jobs/{job_id}", summary="How far a job is", responses=problem_responses(NotAuthenticated, JobNotFound)
    )
    async def get_job(job_id: JobId, request: Request, actor: Actor = caller) -> JobOut:
        record = await _database(request, actor).read(get_own_job, job_id, system=system)
        return JobOut.model_validate(record)

    @router.post(
        "/jobs/{job_id}/cancel",
        status_code=status.HTTP_202_ACCEPTED,
        summary="Ask a job to stop; one that runs stops where it checks",
        responses=problem_responses(NotAuthenticated, JobNotFound, JobFinished),
    )
    async def cancel(job_id: JobId, request: Request, actor: Actor = caller) -> JobOut:
        record = await _database(request, actor).write(_cancel_own, job_id, system)
        return JobOut.model_validate(record)

    return router


def _cancel_own(session: Session, job_id: int, system: str) -> JobRecord:
    get_own_job(session, job_id, system=system)
    cancel_job(session, job_id)
    return get_own_job(session, job_id, system=system)


def _database(request: Request, actor: Actor) -> AsyncDatabase:
    return cast("AsyncDatabase", request.app.state.database).acting_as(actor)
