"""The only module that speaks to procrastinate: its worker fetches, listens and beats; what comes of a job is ours.

Its worker is told less than it could do. Whether a run succeeded is stored by `running`, in one transaction with the
result and only if no other run has the job; here the queue hears just that something may be due again.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from typing import Any, LiteralString, Protocol

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status
from procrastinate.manager import JobManager, NotificationCallback
from procrastinate.worker import Worker as QueueWorker

from strongroom.kernel.engines import DatabaseOptions, driver_arguments
from strongroom.kernel.engines.faults import describe
from strongroom.kernel.errors import StrongroomError
from strongroom.kernel.jobs.tables import SCHEMA
from strongroom.kernel.jobs.taking import Taken

log = logging.getLogger("strongroom.jobs")

#: a name of procrastinate's in its own queries, which expect it on the search path
_NAME = re.compile(r"(?<![\w.])procrastinate_")
_ENLISTED = "SELECT id FROM procrastinate_workers WHERE id = %(id)s"
_STRAYS = """
    SELECT id FROM procrastinate_jobs
     WHERE status = 'doing' AND worker_id = %(id)s AND NOT id = ANY(%(in_hand)s::bigint[])"""
_LET_GO = """
    UPDATE procrastinate_jobs SET worker_id = NULL
     WHERE status = 'doing' AND worker_id = %(id)s AND id = ANY(%(strays)s::bigint[])"""

CONNECTIONS_MAX = 4
LISTEN_PAUSE_S = 1.0

RunJob = Callable[[Taken, Callable[[], bool]], None]


class FetchLoop(Protocol):
    """What fetches jobs from some queues and has them run."""

    async def run(self) -> None:
        """Until stopped; also ends when it loses the database, with an error or without."""

    def stop(self) -> None:
        """Fetch no more, wait for what runs, and end."""


class QueueConnector(PsycopgConnector):
    """Names the schema in each query: a search path of the session would not survive a pooler in transaction mode."""

    def __init__(self, options: DatabaseOptions) -> None:
        super().__init__(kwargs=driver_arguments(options), min_size=1, max_size=CONNECTIONS_MAX)

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        await super().execute_query_async(_in_schema(query), **arguments)

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        row: dict[str, Any] = await super().execute_query_one_async(_in_schema(query), **arguments)
        return row

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = await super().execute_query_all_async(_in_schema(query), **arguments)
        return rows


class QueueManager(JobManager):
    """What the worker asks of the queue, where ours differs from procrastinate's: no loss of the database ends it.

    run_job: runs a job of one of these names to its end, and puts any other back.
    on_beat: called with each heartbeat, elsewhere than on the loop; on_given_up: when others took us for dead.
    listens: False where LISTEN reaches nobody; then the queue is polled, and only what ends here wakes us.
    """

    def __init__(
        self,
        connector: QueueConnector,
        *,
        names: Collection[str],
        run_job: RunJob,
        on_beat: Callable[[], None],
        on_given_up: Callable[[], None],
        listens: bool,
    ) -> None:
        super().__init__(connector)
        self.names = names
        self.run_job = run_job
        self._on_beat = on_beat
        self._on_given_up = on_given_up
        self._listens = listens
        self._wake: list[NotificationCallback] = []
        self._in_hand: set[int] = set()
        self._strays: dict[int, set[int]] = {}

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> QueuedJob | None:
        """The next job; none while the database is away."""
        try:
            job = await super().fetch_job(queues, worker_id)
        except ConnectorException as error:
            log.warning("no job could be fetched: %s", describe(error.__cause__))
            return None
        if job is not None:
            self._in_hand.add(job.id or 0)
        return job

    async def finish_job(self, job: QueuedJob, status: Status, delete_job: bool) -> None:
        """What came of it is stored already, unless nobody knew the job; whoever stood behind it may go on."""
        if job.task_name not in self.names:
            await asyncio.to_thread(self.run_job, taken(job), lambda: False)
        self._in_hand.discard(job.id or 0)
        for wake in self._wake:
            await wake(channel="", notification={"type": "job_inserted", "job_id": job.id or 0})

    async def update_heartbeat(self, worker_id: int) -> None:
        """Beat, let go of what is ours and not in hand, and look after those who no longer beat."""
        try:
            await super().update_heartbeat(worker_id)
            if not await self.connector.execute_query_all_async(_ENLISTED, id=worker_id):
                log.warning("this worker was silent for longer than its lease; it begins anew")
                self._on_given_up()
                return
            await self._let_go(worker_id)
            await asyncio.to_thread(self._on_beat)
        except (ConnectorException, StrongroomError) as error:
            log.warning("a heartbeat was missed: %s", describe(error.__cause__ or error))

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Hear of new jobs and of cancelled ones until cancelled."""
        self._wake.append(on_notification)
        try:
            while self._listens:
                with suppress(ConnectorException):  # until it is back, the queue is polled in vain, and says so
                    await super().listen_for_jobs(on_notification=on_notification, queues=queues)
                await asyncio.sleep(LISTEN_PAUSE_S)
            await asyncio.Event().wait()
        finally:
            self._wake.remove(on_notification)

    async def _let_go(self, worker_id: int) -> None:
        """A job that was fetched as the line broke is ours and nobody runs it: seen twice, it is not on its way."""
        known = {"id": worker_id, "in_hand": list(self._in_hand)}
        strays = {row["id"] for row in await self.connector.execute_query_all_async(_STRAYS, **known)}
        lost = strays & self._strays.get(worker_id, set())
        self._strays[worker_id] = strays
        if lost:
            await self.connector.execute_query_async(_LET_GO, id=worker_id, strays=list(lost))


def build_app(options: DatabaseOptions, build_manager: Callable[[QueueConnector], QueueManager]) -> App:
    """procrastinate's App with a task for each name its manager knows; nothing connects yet."""
    connector = QueueConnector(options)
    app = App(connector=connector)
    app.job_manager = manager = build_manager(connector)

    def work(context: JobContext, /, **_: Any) -> None:
        manager.run_job(taken(context.job), context.should_abort)

    for name in manager.names:
        app.task(name=name, pass_context=True)(work)
    return app


def build_fetch_loop(
    app: App, queues: Sequence[str], *, concurrency: int, poll_interval_s: float, lease_s: float, shutdown_s: float
) -> FetchLoop:
    """procrastinate's worker on these queues; jobs run on the event loop's default executor."""
    return QueueWorker(
        app,
        queues=queues,
        concurrency=concurrency,
        fetch_job_polling_interval=poll_interval_s,
        abort_job_polling_interval=poll_interval_s,
        shutdown_graceful_timeout=shutdown_s,
        update_heartbeat_interval=lease_s / 4,
        stalled_worker_timeout=lease_s,
        install_signal_handlers=False,
    )


def silence() -> None:
    """Keep the logs of the queue's libraries back: they quote arguments and connection strings; we say what happens."""
    for name in ("procrastinate", "psycopg.pool"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def taken(job: QueuedJob) -> Taken:
    """The job as our own code knows it."""
    assert job.id is not None, "a fetched job has an id"
    return Taken(job.id, job.task_name, job.attempts + 1, job.task_kwargs)


def _in_schema(query: LiteralString) -> LiteralString:
    return _NAME.sub(f"{SCHEMA}.procrastinate_", query)
