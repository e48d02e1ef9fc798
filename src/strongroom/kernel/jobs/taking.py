"""Takes jobs out of the queue and puts back those whose worker has gone: the queue's side of a worker."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psutil
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, text, update
from sqlalchemy.orm import Session

from strongroom.kernel.jobs.tables import QUEUE, WORKERS
from strongroom.kernel.values import SystemClock


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that a worker has in hand. run: its number among all runs of the job, counted or not, the first is 1."""

    id: int
    name: str
    run: int
    arguments: dict[str, Any]


def take_next(session: Session, queues: Sequence[str], worker: int) -> Taken | None:
    """Take the first job that is due; None when none is. worker: as `enlist` returned it."""
    if session.get_bind().dialect.name == "sqlite":
        return _take_on_sqlite(session, queues)
    statement = text(
        "SELECT id, task_name, attempts, args FROM jobs.procrastinate_fetch_job_v2(CAST(:queues AS varchar[]), :worker)"
    )
    row = session.execute(statement, {"queues": list(queues), "worker": worker}).one()
    return None if row.id is None else Taken(row.id, row.task_name, row.attempts + 1, row.args)


def _take_on_sqlite(session: Session, queues: Sequence[str]) -> Taken | None:
    """As procrastinate's function does it."""
    now, other = SystemClock().now(), QUEUE.alias()
    is_before = and_(other.c.status == "todo", other.c.id < QUEUE.c.id)
    is_locked = exists().where(other.c.lock == QUEUE.c.lock, or_(other.c.status == "doing", is_before))
    due = (
        select(QUEUE)
        .where(QUEUE.c.status == "todo", QUEUE.c.queue_name.in_(queues), ~is_locked)
        .where(or_(QUEUE.c.scheduled_at.is_(None), QUEUE.c.scheduled_at <= now))
        .order_by(QUEUE.c.id)
        .limit(1)
    )
    row = session.execute(due).one_or_none()
    if row is None:
        return None
    session.execute(update(QUEUE).where(QUEUE.c.id == row.id).values(status="doing", worker_id=os.getpid()))
    return Taken(row.id, row.task_name, row.attempts + 1, row.args)


def enlist(session: Session) -> int:
    """A worker's number, under which it takes jobs."""
    if session.get_bind().dialect.name == "sqlite":
        return os.getpid()
    return int(session.scalar(text("SELECT worker_id FROM jobs.procrastinate_register_worker_v1()")) or 0)


def discharge(session: Session, worker: int) -> None:
    """End a worker's enlistment."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT jobs.procrastinate_unregister_worker_v1(:worker)"), {"worker": worker})


def lock_stalled(session: Session, lease_s: float) -> list[Taken]:
    """The jobs whose worker has gone, locked: it was silent for lease_s, on SQLite its process has ended."""
    if session.get_bind().dialect.name == "sqlite":
        running = session.execute(select(QUEUE).where(QUEUE.c.status == "doing")).all()
        stalled = [row for row in running if not psutil.pid_exists(row.worker_id or 0)]
    else:
        query = select(QUEUE).where(QUEUE.c.status == "doing", ~_has_worker(lease_s))
        stalled = list(session.execute(query.with_for_update(skip_locked=True)).all())
    return [Taken(row.id, row.task_name, row.attempts + 1, row.args) for row in stalled]


def _has_worker(lease_s: float) -> ColumnElement[bool]:
    heard = WORKERS.c.last_heartbeat >= func.now() - timedelta(seconds=lease_s)
    return exists().where(WORKERS.c.id == QUEUE.c.worker_id, heard)
