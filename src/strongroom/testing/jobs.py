"""Runs deferred jobs inside a test, in its own thread, so that the test sees what they did."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import null, update
from sqlalchemy.orm import Session

from strongroom.kernel.jobs import Job, Runner, work_off
from strongroom.kernel.jobs.tables import QUEUE
from strongroom.kernel.sessions import Database


def run_jobs(database: Database, jobs: Sequence[Job], *, options: Sequence[object] = (), now: bool = False) -> int:
    """Run what is due, one after the other, until nothing is; how many runs that were.

    now: make those that wait for their time due first. On SQLite what was due has run after its COMMIT already.
    """
    if now:
        database.write(_make_due)
    return work_off(Runner(database, jobs, options))


def _make_due(session: Session) -> None:
    session.execute(update(QUEUE).where(QUEUE.c.status == "todo").values(scheduled_at=null()))
