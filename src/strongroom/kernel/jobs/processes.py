"""Runs a job that computes in a process of its own, which ends with it, with its cancelling, or with its worker."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from typing import Any, cast

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import StrongroomError
from strongroom.kernel.jobs.context import JobContext, Run
from strongroom.kernel.jobs.errors import JobProcessDied
from strongroom.kernel.jobs.job import Job
from strongroom.kernel.jobs.outcomes import INTERRUPTED, Outcome, call, failure
from strongroom.kernel.sessions import Database
from strongroom.kernel.sessions.database import ErrorsByConstraint

LOOK_INTERVAL_S = 0.5
#: how long a cancelled job may take to notice before its process is ended
PATIENCE_S = 10.0
CONNECTIONS = 2


@dataclass(frozen=True, slots=True)
class Order:
    """All a new process needs to know; it can be pickled."""

    job: Job
    run: Run
    arguments: Mapping[str, Any]
    job_options: tuple[object, ...]
    database_options: DatabaseOptions
    schemas: tuple[str, ...]
    errors_by_constraint: ErrorsByConstraint


def call_in_process(job: Job, context: JobContext, arguments: Mapping[str, Any]) -> Outcome:
    """As `call`, in a new process. One that was cancelled and does not notice is ended. Raises JobOvertaken."""
    database, spawn = context.database, multiprocessing.get_context("spawn")
    order = Order(
        job,
        context.run,
        arguments,
        context.options,
        replace(database.options, pool_size=CONNECTIONS, max_overflow=CONNECTIONS),
        database.schemas,
        dict(database.errors_by_constraint or {}),
    )
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_work, args=(theirs, order), name=job.name)
    process.start()
    theirs.close()
    try:
        return _follow(process, ours, context)
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def _follow(process: Any, pipe: Connection, context: JobContext) -> Outcome:
    """Wait for the outcome, and for reasons not to."""
    stop_s = float("inf")
    is_told = False
    while time.monotonic() < stop_s:
        if pipe.poll(LOOK_INTERVAL_S):
            try:
                return cast("Outcome", pipe.recv())
            except EOFError:
                process.join()
                return INTERRUPTED if context.is_closing() else failure(JobProcessDied(exit_code=process.exitcode))
        if context.is_closing() and not is_told:
            pipe.send("close")
            is_told = True
        if stop_s == float("inf") and _is_cancelled(context):
            stop_s = time.monotonic() + PATIENCE_S
    return Outcome("cancelled")


def _is_cancelled(context: JobContext) -> bool:
    """Whether the job was cancelled, as far as the database can be asked."""
    try:
        return context.was_cancelled()
    except StrongroomError as error:
        if error.status == 503:
            return False
        raise


def _work(pipe: Connection, order: Order) -> None:
    """What the new process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is the worker's to hear
    closing = threading.Event()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    threading.Thread(target=_hear, args=(pipe, closing), daemon=True).start()
    database = Database(order.database_options, schemas=order.schemas, errors_by_constraint=order.errors_by_constraint)
    context = JobContext(database, order.run, order.job_options, is_closing=closing.is_set)
    pipe.send(call(order.job, context, order.arguments))
    database.close()


def _end_with_parent() -> None:
    """A worker that was killed must not leave one behind who writes while another has the job."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "this runs in a process of a worker"
    wait([parent.sentinel])
    os._exit(1)


def _hear(pipe: Connection, closing: threading.Event) -> None:
    try:
        pipe.recv()
    except EOFError:
        return
    closing.set()
