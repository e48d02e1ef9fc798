"""Runs one job that was taken from the queue, and stores what came of it: once, whoever else may hold it by then."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import null, select, update
from sqlalchemy.orm import Session

from strongroom.kernel.engines.faults import describe
from strongroom.kernel.errors import StrongroomError
from strongroom.kernel.jobs.context import JobContext, Run, is_current
from strongroom.kernel.jobs.deferring import find_waiting
from strongroom.kernel.jobs.errors import JobOvertaken, JobStalled
from strongroom.kernel.jobs.job import Job
from strongroom.kernel.jobs.outcomes import INTERRUPTED, UNKNOWN, UNKNOWN_PAUSE_S, Outcome, call, failure, where
from strongroom.kernel.jobs.tables import QUEUE, RECORDS
from strongroom.kernel.jobs.taking import Taken, lock_stalled
from strongroom.kernel.sessions import Attempts, Database
from strongroom.kernel.values import SystemClock

log = logging.getLogger("strongroom.jobs")

#: what came of a run is stored however long the database is away: about an hour
PATIENCE = Attempts(count=400, pause_s_min=0.1, pause_s_max=20)

Caller = Callable[[Job, JobContext, Mapping[str, Any]], Outcome]


class Runner:
    """Runs jobs on one database. options: what jobs may ask their context for, by class; caller: calls them."""

    def __init__(
        self, database: Database, jobs: Sequence[Job], options: Sequence[object] = (), *, caller: Caller = call
    ) -> None:
        self.database = database
        self.jobs: Mapping[str, Job] = {job.name: job for job in jobs}
        self.options = tuple(options)
        self._call = caller

    @property
    def queues(self) -> list[str]:
        """The queues its jobs wait in."""
        return sorted({job.queue for job in self.jobs.values()})

    def run(self, taken: Taken, is_closing: Callable[[], bool] = lambda: False) -> None:
        """Run the job to its end, and store what came of it. is_closing: whether it should come to one soon."""
        started_s = time.monotonic()
        job = self.jobs.get(taken.name)
        try:
            outcome = self._outcome(job, taken, is_closing)
            self._store(job, taken, outcome, is_closing)
        except JobOvertaken:
            log.warning("%s %d: run %d was overtaken by another one", taken.name, taken.id, taken.run)
        except BaseException as error:  # even SystemExit must not leave a job in hand for ever
            log.error("%s %d broke off: %s\n%s", taken.name, taken.id, describe(error), where(error))
            self._store(job, taken, failure(error), is_closing)
            raise
        else:
            log.info("%s %d %s in %.3f s", taken.name, taken.id, outcome.kind, time.monotonic() - started_s)

    def rescue(self, lease_s: float) -> int:
        """Put back the jobs whose worker has gone; how many there were."""
        return self.database.write(_rescue, self.jobs, lease_s)

    def _outcome(self, job: Job | None, taken: Taken, is_closing: Callable[[], bool]) -> Outcome:
        try:
            run = self.database.write(_begin, taken)
        except JobOvertaken:
            raise
        except StrongroomError as error:
            log.warning("%s %d could not begin: %s", taken.name, taken.id, describe(error))
            return INTERRUPTED
        if job is None:
            return UNKNOWN
        return self._call(job, JobContext(self.database, run, self.options, is_closing=is_closing), taken.arguments)

    def _store(self, job: Job | None, taken: Taken, outcome: Outcome, is_closing: Callable[[], bool]) -> None:
        """Store what came of a run. Raises JobOvertaken when another one has the job by now."""
        pauses = PATIENCE.pauses()
        while True:
            try:
                return self.database.write(_settle, job, taken, outcome)
            except JobOvertaken:
                raise
            except StrongroomError as error:
                pause = next(pauses, None)
                if pause is None or is_closing():
                    raise
                log.warning("%s %d: what came of it could not be stored: %s", taken.name, taken.id, describe(error))
                time.sleep(pause)


def _begin(session: Session, taken: Taken) -> Run:
    """Note that a run begins. Raises JobOvertaken."""
    if session.scalar(select(QUEUE.c.id).where(*is_current(taken.id, taken.run))) is None:
        raise JobOvertaken
    begun = update(RECORDS).where(RECORDS.c.id == taken.id).values(started_at=SystemClock().now())
    record = session.execute(begun.returning(*RECORDS.c)).one()
    attempt = taken.run - record.uncounted
    return Run(taken.id, taken.run, attempt, record.attempts_max, record.actor_id, record.actor_name)


def _settle(session: Session, job: Job | None, taken: Taken, outcome: Outcome) -> None:
    """Store what came of a run: the end of the job, or when it is tried again. Raises JobOvertaken."""
    queued = session.execute(select(QUEUE).where(*is_current(taken.id, taken.run)).with_for_update()).one_or_none()
    if queued is None:
        raise JobOvertaken
    record = session.execute(select(RECORDS).where(RECORDS.c.id == taken.id).with_for_update()).one()
    uncounted = record.uncounted + (0 if outcome.counts else 1)
    attempt = taken.run - uncounted
    said: dict[str, Any] = {"uncounted": uncounted}
    if outcome.kind == "succeeded":
        said |= {"result": outcome.result, "error_code": null(), "error": null()}
    elif outcome.kind != "cancelled":
        said |= {"error_code": outcome.error_code, "error": outcome.error}
    status = _END[outcome.kind]
    if status == "failed" and queued.abort_requested:
        status = "aborted"
    if status == "failed" and not outcome.is_final and attempt < record.attempts_max:
        # where one waits under the same key, it will do the same: two must not wait
        key = queued.queueing_lock
        status = "todo" if key is None or find_waiting(session, key) is None else "failed"
    if status == "todo":
        at = outcome.at or SystemClock().now() + timedelta(seconds=_pause_s(job, attempt, outcome))
        moved: dict[str, Any] = {"scheduled_at": at}
    else:
        moved = {"abort_requested": False}
        said["finished_at"] = SystemClock().now()
    change = update(QUEUE).where(QUEUE.c.id == taken.id)
    session.execute(change.values(status=status, attempts=taken.run, worker_id=null(), **moved))
    session.execute(update(RECORDS).where(RECORDS.c.id == taken.id).values(**said))


_END = {"succeeded": "succeeded", "failed": "failed", "later": "failed", "cancelled": "aborted"}


def _pause_s(job: Job | None, attempt: int, outcome: Outcome) -> float:
    if outcome.after_s is not None:
        return outcome.after_s
    return job.backoff.pause_s(max(attempt, 1)) if job else UNKNOWN_PAUSE_S


def _rescue(session: Session, jobs: Mapping[str, Job], lease_s: float) -> int:
    stalled = lock_stalled(session, lease_s)
    for taken in stalled:
        log.warning("%s %d: its worker has gone", taken.name, taken.id)
        _settle(session, jobs.get(taken.name), taken, failure(JobStalled()))
    return len(stalled)
