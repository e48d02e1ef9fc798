"""A worker: takes jobs until it is told to stop, and begins anew when it loses the database."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from strongroom.kernel.engines.faults import describe
from strongroom.kernel.errors import ConfigurationError
from strongroom.kernel.jobs.context import JobContext
from strongroom.kernel.jobs.inline import work_off
from strongroom.kernel.jobs.job import Job
from strongroom.kernel.jobs.outcomes import Outcome, call
from strongroom.kernel.jobs.processes import call_in_process
from strongroom.kernel.jobs.queue import QueueConnector, QueueManager, build_app, build_fetch_loop, silence
from strongroom.kernel.jobs.records import remove_finished_jobs
from strongroom.kernel.jobs.running import Runner
from strongroom.kernel.sessions import Attempts, Database
from strongroom.kernel.values import SystemClock

log = logging.getLogger("strongroom.jobs")

CLEARING_INTERVAL_S = 3600.0
#: how long a job that was asked to stop may take to notice
PATIENCE_S = 5.0
#: pauses before it tries to reach the database again
RECOVERY = Attempts(count=100, pause_s_min=0.5, pause_s_max=15)
#: threads beside those that run jobs: for heartbeats and for what is stored
SPARE_THREADS = 4


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How one worker works.

    concurrency: jobs that run at once in threads; processes: those that run at once in processes of their own.
    poll_interval_s: how often it looks for what has become due; listens: whether it also hears of new jobs at once,
    which a pooler in transaction mode does not let through.
    lease_s: after so long a silence of its worker a job is run again.
    shutdown_s: how long jobs may go on when the worker is told to stop.
    keep_days: after these what succeeded or was cancelled is removed; 0 never. Dead letters stay.
    """

    concurrency: int = 4
    processes: int = 1
    poll_interval_s: float = 1.0
    listens: bool = True
    lease_s: float = 60.0
    shutdown_s: float = 30.0
    keep_days: int = 30

    def __post_init__(self) -> None:
        for name in ("concurrency", "processes", "poll_interval_s", "lease_s"):
            if getattr(self, name) <= 0:
                raise ConfigurationError(setting=name, reason="must be greater than 0")


class Worker:
    """Runs jobs in a thread of its own, with an event loop of its own: whoever starts it goes on undisturbed.

    On SQLite it runs them one after the other.
    """

    def __init__(
        self,
        database: Database,
        jobs: Sequence[Job],
        job_options: Sequence[object] = (),
        options: WorkerOptions = WorkerOptions(),
    ) -> None:
        """job_options: what jobs may ask their context for, by class."""
        self.options = options
        self.runner = Runner(database, jobs, job_options, caller=_call_where_declared)
        self._asked = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = threading.Event()
        self._has_begun = False
        self._ended = threading.Event()
        self._cleared_s = float("-inf")

    def start(self) -> None:
        """Begin to work. A worker is started once."""
        self._has_begun = True
        threading.Thread(target=self._work, name="jobs", daemon=True).start()

    def join(self) -> None:
        """Wait until the worker has come to its end."""
        # an interrupted Thread.join takes the thread for ended (Python before 3.13), so it is not asked
        self._ended.wait()

    def work_off(self) -> int:
        """Run what is due in the calling thread, one after the other, until nothing is; how many runs that were."""
        self._look_after()
        return work_off(self.runner)

    def stop(self) -> bool:
        """Take no more jobs and wait for those under way. False when some go on all the same: end the process."""
        self._stopping.set()
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed already
                self._loop.call_soon_threadsafe(self._asked.set)
        return not self._has_begun or self._ended.wait(self.options.shutdown_s + 2 * PATIENCE_S)

    def _work(self) -> None:
        try:
            if self.runner.database.options.is_sqlite:
                self._work_on_sqlite()
            else:
                self._work_on_postgresql()
        finally:
            self._ended.set()

    def _work_on_postgresql(self) -> None:
        silence()
        count = self.options.concurrency + self.options.processes + SPARE_THREADS
        with ThreadPoolExecutor(count, thread_name_prefix="job") as threads, closing(asyncio.new_event_loop()) as loop:
            loop.set_default_executor(threads)
            loop.run_until_complete(self._work_and_recover())

    async def _work_and_recover(self) -> None:
        self._loop = asyncio.get_running_loop()
        pauses = RECOVERY.pauses()
        while not self._stopping.is_set():
            started_s = time.monotonic()
            try:
                await self._work_once()
            except Exception as error:
                log.warning("the worker cannot reach its database: %s", describe(error))
            if time.monotonic() - started_s > RECOVERY.pause_s_max:
                pauses = RECOVERY.pauses()  # it had worked
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), next(pauses, RECOVERY.pause_s_max))

    async def _work_once(self) -> None:
        """Work until told to stop, or until others took us for dead. Raises what the queue does if it cannot begin."""
        database, options = self.runner.database, self.options
        given_up = asyncio.Event()

        def build_manager(connector: QueueConnector) -> QueueManager:
            return QueueManager(
                connector,
                names=self.runner.jobs,
                run_job=self.runner.run,
                on_beat=self._look_after,
                on_given_up=given_up.set,
                listens=options.listens and not database.options.pgbouncer,
            )

        app = build_app(database.options, build_manager)
        async with app.open_async():
            await asyncio.to_thread(self._look_after)
            loops = [
                build_fetch_loop(
                    app,
                    queues,
                    concurrency=options.concurrency if place == "thread" else options.processes,
                    poll_interval_s=options.poll_interval_s,
                    lease_s=options.lease_s,
                    shutdown_s=options.shutdown_s,
                )
                for place, queues in self._queues().items()
            ]
            running = [asyncio.ensure_future(loop.run()) for loop in loops]
            reasons = [asyncio.ensure_future(event.wait()) for event in (self._asked, given_up)]
            await asyncio.wait([*running, *reasons], return_when=asyncio.FIRST_COMPLETED)
            for reason in reasons:
                reason.cancel()
            for loop in loops:
                loop.stop()
            await asyncio.gather(*running)

    def _queues(self) -> Mapping[str, list[str]]:
        """The queues of its jobs, by the place the jobs run in."""
        queues: dict[str, set[str]] = {}
        for job in self.runner.jobs.values():
            queues.setdefault(job.place, set()).add(job.queue)
        return {place: sorted(names) for place, names in queues.items()}

    def _look_after(self) -> None:
        """What every worker does for all: put back what others dropped, clear away what is old."""
        self.runner.rescue(self.options.lease_s)
        if self.options.keep_days and time.monotonic() - self._cleared_s > CLEARING_INTERVAL_S:
            self._cleared_s = time.monotonic()
            before = SystemClock().now() - timedelta(days=self.options.keep_days)
            while self.runner.database.write(remove_finished_jobs, before):
                pass

    def _work_on_sqlite(self) -> None:
        while not self._stopping.is_set():
            try:
                self._look_after()
                work_off(self.runner, self._stopping.is_set)
            except Exception as error:
                log.warning("the worker lost its database: %s", describe(error))
            self._stopping.wait(self.options.poll_interval_s)


def _call_where_declared(job: Job, context: JobContext, arguments: Mapping[str, Any]) -> Outcome:
    # SQLite has one writer at a time; a second process would stand in its way
    is_apart = job.place == "process" and not context.database.options.is_sqlite
    return call_in_process(job, context, arguments) if is_apart else call(job, context, arguments)
