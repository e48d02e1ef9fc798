"""On SQLite a job runs in the process that deferred it, right after its COMMIT."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.jobs import Job, JobContext, Worker, WorkerOptions, defer, find_job, list_jobs, run_after_commit
from strongroom.kernel.jobs.tables import QUEUE
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.system import System
from strongroom.testing.databases import ThrowAwayFiles, open_async_database, opened
from tests.kernel.attic import attic
from tests.kernel.jobs.chores import FAIL, NOTE, NOTE_APART

heard: list[str] = []


def listen(context: JobContext, *, word: str) -> None:
    heard.append(f"{word} in {threading.current_thread().name}")


def split(context: JobContext) -> None:
    with context.database.session() as session:
        defer(session, LISTEN, word="deferred by a job")
    heard.append("the job goes on first")


LISTEN = Job("attic.listen", listen)
SPLIT = Job("attic.split", split)


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    """The attic with jobs of its own."""
    return (
        System(
            name=attic.name,
            title=attic.title,
            tables=attic.tables,
            migrations=attic.migrations,
            load_samples=attic.load_samples,
            routes=None,
            objects=attic.objects,
            jobs=(LISTEN, SPLIT, FAIL, NOTE_APART),
        ),
    )


@pytest.fixture(autouse=True)
def silence() -> None:
    heard.clear()


def test_a_job_has_run_when_the_write_returns(sqlite_database: Database) -> None:
    number = sqlite_database.write(defer, LISTEN, word="hello")
    assert heard == [f"hello in {threading.current_thread().name}"]
    record = sqlite_database.read(find_job, number)
    assert record is not None
    assert record.status == "succeeded"


def test_a_plain_session_runs_them_after_its_commit_and_not_before(sqlite_database: Database) -> None:
    with sqlite_database.session() as session:
        defer(session, LISTEN, word="one")
        defer(session, LISTEN, word="two")
        assert heard == []
    assert [said.split()[0] for said in heard] == ["one", "two"]


def test_nothing_runs_after_a_rollback(sqlite_database: Database) -> None:
    with sqlite_database.open_session() as session:
        defer(session, LISTEN, word="hello")
    sqlite_database.write(lambda session: None)
    assert heard == []


def test_a_job_that_fails_harms_nobody(sqlite_database: Database) -> None:
    number = sqlite_database.write(defer, FAIL)
    record = sqlite_database.read(find_job, number)
    assert record is not None
    assert (record.status, record.attempt) == ("failed", 3)


def test_a_job_deferred_by_a_job_runs_behind_it(sqlite_database: Database) -> None:
    sqlite_database.write(defer, SPLIT)
    assert [said.rpartition(" in ")[0] or said for said in heard] == ["the job goes on first", "deferred by a job"]


def test_a_job_that_computes_runs_here_too(sqlite_database: Database) -> None:
    sqlite_database.write(defer, NOTE_APART)
    [record] = sqlite_database.read(list_jobs)
    assert record.status == "succeeded"


async def test_the_event_loop_goes_on_while_the_job_runs(
    sqlite_options: DatabaseOptions, systems: tuple[System, ...]
) -> None:
    database = open_async_database(sqlite_options, systems)
    run_after_commit(database.engine.sync_engine, lambda: time.sleep(0.3))
    write = asyncio.ensure_future(database.write(defer, LISTEN, word="hello"))
    turns = 0
    while not write.done():
        await asyncio.sleep(0.01)
        turns += 1
    await database.close()
    assert turns > 10


async def test_a_job_has_run_when_the_awaited_write_returns(
    sqlite_options: DatabaseOptions, systems: tuple[System, ...]
) -> None:
    database: AsyncDatabase = open_async_database(sqlite_options, systems)
    await database.write(defer, LISTEN, word="hello")
    await database.close()
    [said] = heard
    assert said.startswith("hello in ")


def test_without_anybody_to_run_it_a_job_waits_for_a_worker(
    sqlite_files: ThrowAwayFiles, tmp_path: Path, systems: tuple[System, ...]
) -> None:
    options = sqlite_files.create_database(tmp_path / "alone", systems)
    with opened(options, ()) as database:
        number = database.write(defer, NOTE)
        worker = Worker(database, (NOTE,), options=WorkerOptions(poll_interval_s=0.02))
        worker.start()
        record = database.read(find_job, number)
        deadline = time.monotonic() + 10
        while record is not None and record.status != "succeeded" and time.monotonic() < deadline:
            time.sleep(0.02)
            record = database.read(find_job, number)
        assert worker.stop()
    assert record is not None
    assert record.status == "succeeded"


def test_a_job_whose_process_has_ended_is_run_again(sqlite_database: Database) -> None:
    def leave_behind(session: Session) -> int:
        number = defer(session, NOTE)
        session.execute(QUEUE.update().values(status="doing", worker_id=2**22 + 1))  # above every process id
        return number

    number = sqlite_database.write(leave_behind)
    assert Worker(sqlite_database, (NOTE,)).work_off() == 1
    record = sqlite_database.read(find_job, number)
    assert record is not None
    assert (record.status, record.attempt) == ("succeeded", 2)
