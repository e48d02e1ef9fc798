"""Defers a job inside a unit of work: what is rolled back never runs, what is committed is never lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.jobs.job import Job
from strongroom.kernel.jobs.tables import QUEUE, RECORDS
from strongroom.kernel.sessions import actor_of
from strongroom.kernel.values import as_utc

#: key in session.info: jobs were deferred here; SQLite runs them after the COMMIT
DEFERRED = "jobs_deferred"


def defer(
    session: Session,
    job: Job,
    /,
    *,
    lock: str | None = None,
    key: str | None = None,
    run_at: datetime | None = None,
    **arguments: Any,
) -> int:
    """Have the job run once this transaction is committed, and return its id.

    lock: jobs of one system under one lock run one after the other, in the order of their transactions, even while an
    earlier one waits for its next attempt. Transactions that defer under one lock wait for each other.
    key: only one job of a system waits under it; a second call returns the id of the one that waits, which then keeps
    its arguments and does not start before this transaction has ended.
    run_at: not before this moment.
    arguments: anything JSON can hold; ids, moments, decimals and enumerations arrive as text.
    Raises InvalidValue for other arguments.
    """
    document = as_json(arguments)
    if key is not None:
        key = f"{job.system}/{key}"
        if (waiting := find_waiting(session, key)) is not None:
            return waiting
    if lock is not None:
        lock = f"{job.system}/{lock}"
        hold(session, f"lock {lock}")
    queued = insert(QUEUE).values(
        queue_name=job.queue,
        task_name=job.name,
        lock=lock,
        queueing_lock=key,
        args=document,
        scheduled_at=as_utc(run_at) if run_at is not None else None,
    )
    number = cast("int", session.scalar(queued.returning(QUEUE.c.id)))
    actor = actor_of(session)
    session.execute(
        insert(RECORDS).values(id=number, actor_id=actor.id, actor_name=actor.name, attempts_max=job.attempts)
    )
    session.info[DEFERRED] = True
    return number


def hold(session: Session, name: str) -> None:
    """Be the only one to defer under this name until the transaction ends: the order of ids is that of commits."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time by itself
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"strongroom.jobs {name}", 0))))


def find_waiting(session: Session, key: str) -> int | None:
    """The job that waits under this key, of which there is none but it until the transaction ends."""
    hold(session, f"key {key}")
    waiting = select(QUEUE.c.id).where(QUEUE.c.queueing_lock == key, QUEUE.c.status == "todo")
    # a worker passes over a locked row, so the job cannot begin before it could see what this transaction wrote
    return session.scalar(waiting.with_for_update(key_share=True))


def as_json(arguments: Mapping[str, Any]) -> Any:
    """The arguments as JSON holds them. Raises InvalidValue when it cannot."""
    try:
        return json.loads(json.dumps(dict(arguments), default=_as_text, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise InvalidValue(field="arguments", reason=f"cannot be kept with the job: {error}") from None


def _as_text(value: Any) -> str:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    raise TypeError(f"a {type(value).__name__} has no form in JSON")
