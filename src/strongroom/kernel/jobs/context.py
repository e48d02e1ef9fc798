"""What a job may know and say while it runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from strongroom.kernel.jobs.errors import JobOvertaken
from strongroom.kernel.jobs.job import Cancelled
from strongroom.kernel.jobs.tables import QUEUE, RECORDS
from strongroom.kernel.sessions import Database

T = TypeVar("T")

#: how often a job that checks in a tight loop really asks the database
CHECK_INTERVAL_S = 0.5


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job. number: among all its runs, the first is 1; attempt: among those that count."""

    job_id: int
    number: int
    attempt: int
    attempts_max: int
    actor_id: UUID | None
    actor_name: str


class JobContext:
    """Handed to a job as its first argument.

    database: acts as the program, not as whoever deferred the job; each write of it is a unit of work of its own.
    attempt: 1 for the first, of attempts_max. actor_id, actor_name: who deferred the job.
    """

    def __init__(
        self,
        database: Database,
        run: Run,
        options: tuple[object, ...] = (),
        *,
        is_closing: Callable[[], bool] = lambda: False,
    ) -> None:
        """options: what the job may ask for by class; is_closing: whether the worker would like to stop."""
        self.database = database
        self.run = run
        self.options = options
        self.is_closing = is_closing
        self.is_interrupted = False
        self._checked_s = float("-inf")

    @property
    def job_id(self) -> int:
        """The job's id, the same in each of its runs: a key by which others may recognise a repetition."""
        return self.run.job_id

    @property
    def attempt(self) -> int:
        """Which attempt this is, the first is 1."""
        return self.run.attempt

    @property
    def is_last_attempt(self) -> bool:
        """Whether failing now makes the job a dead letter."""
        return self.run.attempt >= self.run.attempts_max

    @property
    def actor_id(self) -> UUID | None:
        """Who deferred the job; None for a program."""
        return self.run.actor_id

    def option(self, kind: type[T]) -> T:
        """The options of this class that the worker was given, else those the class has by itself."""
        return next((option for option in self.options if isinstance(option, kind)), None) or kind()

    def report(self, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
        """Say how far the job is; others see it at once. What is left out stays as it was."""
        said = {"done": done, "total": total, "message": message}
        changed = {name: value for name, value in said.items() if value is not None}
        if changed:
            self.database.write(_report, self.run, changed)

    def check_cancelled(self) -> None:
        """Raises Cancelled when the job was cancelled or its worker is closing; call it wherever it is safe to stop.

        After a closing the job is run again; that does not count as an attempt.
        Raises JobOvertaken when the run was taken for lost and has been replaced.
        """
        if self.is_closing():
            self.is_interrupted = True
            raise Cancelled
        if time.monotonic() - self._checked_s < CHECK_INTERVAL_S:
            return
        self._checked_s = time.monotonic()
        if self.was_cancelled():
            raise Cancelled

    def was_cancelled(self) -> bool:
        """Whether somebody cancelled the job. Raises JobOvertaken."""
        return self.database.read(_is_cancelled, self.run)


def is_current(job_id: int, number: int) -> tuple[Any, ...]:
    """That this run has the job in hand: conditions on the queue."""
    return QUEUE.c.id == job_id, QUEUE.c.status == "doing", QUEUE.c.attempts == number - 1


def _is_cancelled(session: Session, run: Run) -> bool:
    requested = session.scalar(select(QUEUE.c.abort_requested).where(*is_current(run.job_id, run.number)))
    if requested is None:
        raise JobOvertaken
    return bool(requested)


def _report(session: Session, run: Run, said: Mapping[str, Any]) -> None:
    has_it = select(QUEUE.c.id).where(*is_current(run.job_id, run.number)).exists()
    session.execute(update(RECORDS).where(RECORDS.c.id == run.job_id, has_it).values(**said))
