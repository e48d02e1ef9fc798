"""Workers and waiting, for the tests about workers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from strongroom.kernel.jobs import Job, JobRecord, Worker, WorkerOptions, find_job
from strongroom.kernel.sessions import Database
from tests.kernel.jobs.chores import CHORES

#: quick to look, quick to give others up
BRISK = WorkerOptions(poll_interval_s=0.2, lease_s=2, shutdown_s=10)


@contextmanager
def working(database: Database, options: WorkerOptions = BRISK, jobs: Sequence[Job] = CHORES) -> Iterator[Worker]:
    """A worker that works inside the block and has stopped behind it."""
    worker = Worker(database, jobs, options=options)
    worker.start()
    try:
        yield worker
    finally:
        assert worker.stop()


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Waits until it is so; fails when it is not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "in vain"
        time.sleep(0.02)


def wait_until_ended(database: Database, *numbers: int, seconds: float = 60) -> list[JobRecord]:
    """Waits until these jobs have come to an end, and tells what became of them."""
    wait_for(lambda: all(record(database, number).finished_at for number in numbers), seconds)
    return [record(database, number) for number in numbers]


def record(database: Database, number: int) -> JobRecord:
    """The job as it stands."""
    found = database.read(find_job, number)
    assert found is not None
    return found


def lines(file: Path) -> list[str]:
    """What was noted in a file so far."""
    return file.read_text().splitlines() if file.exists() else []
