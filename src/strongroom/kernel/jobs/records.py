"""What people may ask of jobs and do to them: look, cancel, run again, clear away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, null, select, update
from sqlalchemy.orm import Session

from strongroom.kernel.jobs.deferring import DEFERRED, find_waiting
from strongroom.kernel.jobs.errors import JobFinished, JobNotFound, JobNotReplayable
from strongroom.kernel.jobs.tables import QUEUE, RECORDS
from strongroom.kernel.sessions import actor_of, now_of


class JobStatus(StrEnum):
    """Where a job stands. One that waits may have failed before; one that failed has no attempt left."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


_STATUSES: Mapping[str, JobStatus] = {
    "todo": JobStatus.WAITING,
    "doing": JobStatus.RUNNING,
    "succeeded": JobStatus.SUCCEEDED,
    "failed": JobStatus.FAILED,
    "cancelled": JobStatus.CANCELLED,  # before it began
    "aborted": JobStatus.CANCELLED,  # while it ran
    "aborting": JobStatus.RUNNING,
}
#: roles that see everybody's jobs
SEE_ALL = ("admin", "system")


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job as it stands.

    attempt: of attempts_max; 0 before the first. done of total, and message: what the job says of its progress.
    error_code, error: of the last run that failed; kept while the job waits to be tried again.
    actor_id, actor_name: who deferred it. is_cancelling: cancelled, and not yet aware of it.
    """

    id: int
    name: str
    status: JobStatus
    arguments: Mapping[str, Any]
    lock: str | None
    key: str | None
    attempt: int
    attempts_max: int
    run_at: datetime | None
    is_cancelling: bool
    done: int | None
    total: int | None
    message: str | None
    result: Any
    error_code: str | None
    error: str | None
    actor_id: UUID | None
    actor_name: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def find_job(session: Session, number: int) -> JobRecord | None:
    """The job of this id, None when there is none; whoever asks."""
    row = session.execute(_jobs().where(QUEUE.c.id == number)).one_or_none()
    return None if row is None else _record(row)


def get_own_job(session: Session, number: int, *, system: str | None = None) -> JobRecord:
    """The job of this id, if whoever acts deferred it; administrators and programs see all. Raises JobNotFound.

    system: only if it belongs to this one.
    """
    record, actor = find_job(session, number), actor_of(session)
    is_own = record is not None and record.actor_id is not None and record.actor_id == actor.id
    if record is None or not (is_own or actor.has_role(*SEE_ALL)):
        raise JobNotFound
    if system is not None and not record.name.startswith(f"{system}."):
        raise JobNotFound
    return record


def list_jobs(
    session: Session,
    *,
    status: JobStatus | str | None = None,
    system: str | None = None,
    name: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[JobRecord]:
    """Jobs, newest first; `failed` ones are the dead letters. before: only ids below, to read on."""
    query = _jobs().order_by(QUEUE.c.id.desc()).limit(limit)
    if status is not None:
        query = query.where(QUEUE.c.status.in_([theirs for theirs, ours in _STATUSES.items() if ours == status]))
    if system is not None:
        query = query.where(QUEUE.c.task_name.startswith(f"{system}.", autoescape=True))
    if name is not None:
        query = query.where(QUEUE.c.task_name == name)
    if before is not None:
        query = query.where(QUEUE.c.id < before)
    return [_record(row) for row in session.execute(query)]


def cancel_job(session: Session, number: int) -> None:
    """Take a waiting job out of the queue; ask a running one to stop, which it does where it checks.

    Raises JobNotFound, JobFinished.
    """
    status = _lock(session, number)
    if status == "todo":
        _change(session, number, status="cancelled")
        session.execute(update(RECORDS).where(RECORDS.c.id == number).values(finished_at=now_of(session)))
    elif status == "doing":
        _change(session, number, abort_requested=True)
    else:
        raise JobFinished(status=_STATUSES[status])


def retry_job(session: Session, number: int) -> None:
    """Put a dead letter, or a cancelled job, back into the queue with all its attempts. It keeps its place in its lock.

    Raises JobNotFound, JobNotReplayable.
    """
    status = _lock(session, number)
    if status not in ("failed", "cancelled", "aborted"):
        raise JobNotReplayable(status=_STATUSES[status])
    key = session.scalar(select(QUEUE.c.queueing_lock).where(QUEUE.c.id == number))
    if key is not None and find_waiting(session, key) is not None:
        raise JobNotReplayable(f"another job waits under the key of this one ({key})")
    _change(session, number, status="todo", scheduled_at=null(), abort_requested=False, worker_id=null())
    ended = select(QUEUE.c.attempts).where(QUEUE.c.id == number).scalar_subquery()
    session.execute(
        update(RECORDS)
        .where(RECORDS.c.id == number)
        .values(uncounted=ended, finished_at=null(), done=null(), total=null(), message=null())
    )
    session.info[DEFERRED] = True


def remove_finished_jobs(session: Session, before: datetime, *, limit: int = 1000) -> int:
    """Remove up to `limit` jobs that succeeded or were cancelled before this moment; dead letters stay. How many."""
    finished = (
        select(QUEUE.c.id)
        .join(RECORDS, RECORDS.c.id == QUEUE.c.id)
        .where(QUEUE.c.status.in_(["succeeded", "cancelled", "aborted"]), RECORDS.c.finished_at < before)
        .limit(limit)
    )
    numbers = list(session.scalars(finished))
    session.execute(delete(RECORDS).where(RECORDS.c.id.in_(numbers)))
    session.execute(delete(QUEUE).where(QUEUE.c.id.in_(numbers)))
    return len(numbers)


def _lock(session: Session, number: int) -> str:
    status = session.scalar(select(QUEUE.c.status).where(QUEUE.c.id == number).with_for_update())
    if status is None:
        raise JobNotFound
    return str(status)


def _change(session: Session, number: int, **values: Any) -> None:
    session.execute(update(QUEUE).where(QUEUE.c.id == number).values(**values))


def _jobs() -> Select[Any]:
    return select(QUEUE, *(column for column in RECORDS.c if column.name != "id")).join(
        RECORDS, RECORDS.c.id == QUEUE.c.id
    )


def _record(row: Row[Any]) -> JobRecord:
    status = _STATUSES[row.status]
    ended = row.attempts - row.uncounted
    return JobRecord(
        id=row.id,
        name=row.task_name,
        status=status,
        arguments=row.args,
        lock=row.lock and row.lock.partition("/")[2],
        key=row.queueing_lock and row.queueing_lock.partition("/")[2],
        attempt=ended + 1 if status is JobStatus.RUNNING else ended,
        attempts_max=row.attempts_max,
        run_at=row.scheduled_at,
        is_cancelling=status is JobStatus.RUNNING and row.abort_requested,
        done=row.done,
        total=row.total,
        message=row.message,
        result=row.result,
        error_code=row.error_code,
        error=row.error,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
