"""Works a queue off in the calling thread: what SQLite does after each COMMIT, and what tests and `--once` ask for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from sqlalchemy.util import await_only

from strongroom.kernel.engines.faults import describe
from strongroom.kernel.jobs.deferring import DEFERRED
from strongroom.kernel.jobs.running import Runner
from strongroom.kernel.jobs.taking import discharge, enlist, take_next
from strongroom.kernel.sessions.database import WorkSession

log = logging.getLogger("strongroom.jobs")

#: execution option of an engine under which stands what is called after a COMMIT that deferred jobs
AFTER_COMMIT = "strongroom_jobs_after_commit"
_is_working: ContextVar[bool] = ContextVar("strongroom_jobs_is_working", default=False)


def work_off(runner: Runner, is_closing: Callable[[], bool] = lambda: False) -> int:
    """Run what is due, one after the other, until nothing is or it is time to close. How many runs that were."""
    worker = runner.database.write(enlist)
    working = _is_working.set(True)
    count = 0
    try:
        while not is_closing() and (taken := runner.database.write(take_next, runner.queues, worker)) is not None:
            runner.run(taken, is_closing)
            count += 1
    finally:
        _is_working.reset(working)
        runner.database.write(discharge, worker)
    return count


def run_after_commit(engine: Engine, work: Callable[[], Any]) -> None:
    """Have `work` called after each COMMIT on this engine that deferred jobs, before the caller goes on.

    On an asynchronous engine it is called in another thread, and the caller awaits it.
    """
    engine.update_execution_options(**{AFTER_COMMIT: work})


@event.listens_for(WorkSession, "after_commit")
def _work(session: Session) -> None:
    if not session.info.pop(DEFERRED, False) or _is_working.get():
        return  # a job that defers another: whoever runs the first comes to the second
    bind = session.get_bind()
    work = bind.get_execution_options().get(AFTER_COMMIT)
    if work is None:
        return
    try:
        if bind.dialect.is_async:
            await_only(asyncio.to_thread(work))
        else:
            work()
    except Exception as error:  # the COMMIT succeeded, whatever becomes of the jobs
        log.error("jobs could not be run after the COMMIT that deferred them: %s", describe(error))
