"""A worker: runs what is deferred, shares with others, stops in good order, outlives its connections."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import ConfigurationError
from strongroom.kernel.jobs import Job, JobContext, WorkerOptions, cancel_job, defer, list_jobs, processes
from strongroom.kernel.jobs.running import Runner
from strongroom.kernel.jobs.tables import QUEUE, WORKERS
from strongroom.kernel.jobs.taking import discharge, enlist, take_next
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.testing.databases import opened
from tests.kernel.attic.pooling import through_pgbouncer
from tests.kernel.jobs.chores import CHORES, DAWDLE, DAWDLE_APART, DIE_APART, NOTE, NOTE_APART
from tests.kernel.jobs.working import BRISK, lines, record, wait_for, wait_until_ended, working

#: so long a pause that whoever is in time has heard of the job
SELDOM = replace(BRISK, poll_interval_s=60)


def test_a_worker_hears_of_a_new_job_at_once(database: Database) -> None:
    with working(database, SELDOM):
        wait_for(lambda: _count_workers(database) > 0)
        time.sleep(0.5)
        started_s = time.monotonic()
        [done] = wait_until_ended(database, database.write(defer, NOTE, word="hello"))
        assert time.monotonic() - started_s < 10
    assert done.result["word"] == "hello"


def test_a_worker_runs_what_has_become_due_meanwhile(database: Database) -> None:
    number = database.write(defer, NOTE)
    with working(database, SELDOM):
        wait_until_ended(database, number)


def test_jobs_behind_each_other_in_a_lock_follow_without_a_pause(database: Database, tmp_path: Path) -> None:
    def defer_all(session: Session) -> list[int]:
        return [defer(session, NOTE, lock="one", word=str(n), file=str(tmp_path / "notes")) for n in range(10)]

    numbers = database.write(defer_all)
    with working(database, SELDOM):
        wait_until_ended(database, *numbers)
    assert lines(tmp_path / "notes") == [str(n) for n in range(10)]


def test_a_worker_runs_several_jobs_at_once(database: Database) -> None:
    together = threading.Barrier(3, timeout=10)
    meet = Job("attic.meet", lambda _: together.wait())
    numbers = [database.write(defer, meet) for _ in range(3)]
    with working(database, replace(BRISK, concurrency=3), jobs=(meet,)):
        assert {job.status for job in wait_until_ended(database, *numbers)} == {"succeeded"}


def test_a_worker_runs_no_more_at_once_than_it_was_told(database: Database) -> None:
    running: list[int] = []
    most: list[int] = []

    def count(_: JobContext) -> None:
        running.append(1)
        most.append(len(running))
        time.sleep(0.05)
        running.pop()

    job = Job("attic.count", count)
    numbers = [database.write(defer, job) for _ in range(8)]
    with working(database, replace(BRISK, concurrency=2), jobs=(job,)):
        wait_until_ended(database, *numbers)
    assert max(most) == 2


def test_two_workers_share_the_jobs_and_none_is_run_twice(database: Database, tmp_path: Path) -> None:
    words = [str(n) for n in range(60)]

    def defer_all(session: Session) -> list[int]:
        return [defer(session, NOTE, word=word, file=str(tmp_path / "notes")) for word in words]

    with working(database), working(database):
        numbers = database.write(defer_all)
        assert {job.attempt for job in wait_until_ended(database, *numbers)} == {1}
    assert sorted(lines(tmp_path / "notes"), key=int) == words


def test_a_running_job_is_cancelled_from_outside(database: Database, tmp_path: Path) -> None:
    with working(database):
        number = database.write(defer, DAWDLE, file=str(tmp_path / "pids"))
        wait_for(lambda: record(database, number).message == "dawdling")
        assert (record(database, number).done, record(database, number).total) == (1, 9)
        database.write(cancel_job, number)
        [ended] = wait_until_ended(database, number)
    assert ended.status == "cancelled"


def test_a_job_that_computes_has_a_process_of_its_own(database: Database) -> None:
    with working(database):
        [here, apart] = wait_until_ended(database, database.write(defer, NOTE), database.write(defer, NOTE_APART))
    assert here.result["pid"] == os.getpid()
    assert apart.result["pid"] != os.getpid()


def test_what_computes_does_not_stand_before_what_takes_a_moment(database: Database, tmp_path: Path) -> None:
    with working(database, replace(BRISK, concurrency=1, processes=1)):
        slow = [database.write(defer, DAWDLE_APART, file=str(tmp_path / "pids"), seconds=60) for _ in range(3)]
        wait_for(lambda: bool(lines(tmp_path / "pids")))
        wait_until_ended(database, database.write(defer, NOTE), seconds=5)
        for number in slow:
            database.write(cancel_job, number)
        wait_until_ended(database, *slow)


def test_a_process_that_does_not_check_is_ended_when_its_job_is_cancelled(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "PATIENCE_S", 0.2)
    with working(database):
        number = database.write(defer, DAWDLE_APART, file=str(tmp_path / "pids"), checks=False)
        wait_for(lambda: bool(lines(tmp_path / "pids")))
        database.write(cancel_job, number)
        [ended] = wait_until_ended(database, number)
    assert ended.status == "cancelled"
    assert not _is_alive(int(lines(tmp_path / "pids")[0]))


def test_a_process_that_dies_is_a_failed_attempt(database: Database) -> None:
    with working(database):
        [dead] = wait_until_ended(database, database.write(defer, DIE_APART))
    assert (dead.status, dead.attempt, dead.error_code) == ("failed", 2, "JOB_PROCESS_DIED")
    assert dead.error == "the process the job ran in ended without an answer (exit code -9)"


def test_a_worker_that_is_stopped_waits_for_the_jobs_under_way(database: Database, tmp_path: Path) -> None:
    with working(database):
        number = database.write(defer, DAWDLE, file=str(tmp_path / "pids"), seconds=1, checks=False)
        wait_for(lambda: bool(lines(tmp_path / "pids")))
        later = database.write(defer, NOTE, run_at=None, lock="one")
        wait_until_ended(database, later)
    assert record(database, number).status == "succeeded"
    assert _count_workers(database) == 0


@pytest.mark.parametrize("job", [DAWDLE, DAWDLE_APART], ids=["thread", "process"])
def test_a_job_that_checks_makes_way_for_the_shutdown_and_is_run_again(
    database: Database, tmp_path: Path, job: Job
) -> None:
    with working(database, replace(BRISK, shutdown_s=0.1)):
        number = database.write(defer, job, file=str(tmp_path / "pids"))
        wait_for(lambda: bool(lines(tmp_path / "pids")))
    waiting = record(database, number)
    assert (waiting.status, waiting.attempt, waiting.error_code) == ("waiting", 0, "JOB_INTERRUPTED")


def test_a_worker_says_that_a_job_does_not_make_way(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("strongroom.kernel.jobs.worker.PATIENCE_S", 0.1)
    is_over = threading.Event()
    has_begun = threading.Event()

    def stay(_: JobContext) -> None:
        has_begun.set()
        is_over.wait(20)

    job = Job("attic.stubborn", stay)
    database.write(defer, job)
    with working(database, replace(BRISK, shutdown_s=0.1), jobs=(job,)) as worker:
        assert has_begun.wait(10)
        assert not worker.stop()
        is_over.set()


def test_a_run_that_was_given_up_for_lost_changes_nothing_any_more(database: Database) -> None:
    number = database.write(defer, NOTE, word="again")
    runner = Runner(database, CHORES)
    lost = database.write(enlist)
    taken = database.write(take_next, runner.queues, lost)
    assert taken is not None
    database.write(discharge, lost)
    assert runner.rescue(60) == 1
    stalled = record(database, number)
    assert (stalled.status, stalled.attempt, stalled.error_code) == ("waiting", 1, "JOB_STALLED")
    runner.run(taken)
    assert record(database, number) == stalled


def test_a_job_that_takes_its_worker_along_each_time_ends_as_a_dead_letter(database: Database) -> None:
    number = database.write(defer, NOTE)
    runner = Runner(database, CHORES)
    for _ in range(3):
        worker = database.write(enlist)
        assert database.write(take_next, runner.queues, worker) is not None
        database.write(discharge, worker)
        assert runner.rescue(60) == 1
    dead = record(database, number)
    assert (dead.status, dead.attempt, dead.error_code) == ("failed", 3, "JOB_STALLED")


def test_a_job_whose_worker_is_only_busy_stays_where_it_is(database: Database) -> None:
    database.write(defer, NOTE)
    runner = Runner(database, CHORES)
    assert database.write(take_next, runner.queues, database.write(enlist)) is not None
    assert runner.rescue(60) == 0


def test_a_worker_that_was_given_up_begins_anew(database: Database) -> None:
    with working(database, replace(BRISK, lease_s=0.8)):
        wait_for(lambda: _count_workers(database) > 0)
        before = _workers(database)
        database.write(lambda session: session.execute(WORKERS.delete()))
        wait_for(lambda: bool(_workers(database) - before))
        wait_until_ended(database, database.write(defer, NOTE))


def test_a_job_that_was_fetched_as_the_line_broke_is_run_all_the_same(database: Database) -> None:
    def take_behind_its_back(session: Session) -> int:
        number = defer(session, NOTE)
        enlisted = session.scalars(WORKERS.select()).first()
        session.execute(update(QUEUE).where(QUEUE.c.id == number).values(status="doing", worker_id=enlisted))
        return number

    with working(database):
        wait_for(lambda: _count_workers(database) > 0)
        [done] = wait_until_ended(database, database.write(take_behind_its_back))
    assert (done.status, done.attempt) == ("succeeded", 2)


def test_a_worker_outlives_its_connections(database: Database) -> None:
    with working(database):
        wait_until_ended(database, database.write(defer, NOTE))
        database.write(
            lambda session: session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        )
        [done] = wait_until_ended(database, database.write(defer, NOTE, word="after"))
    assert done.result["word"] == "after"


def test_what_came_of_a_job_is_stored_when_the_database_is_back(database: Database) -> None:
    database.write(
        lambda session: session.execute(
            text(
                "CREATE FUNCTION jobs.cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " IF NEW.status = 'succeeded' AND nextval('jobs.cuts') < 3 THEN"
                " PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$;"
                " CREATE SEQUENCE jobs.cuts;"
                " CREATE TRIGGER cut BEFORE UPDATE ON jobs.procrastinate_jobs"
                " FOR EACH ROW EXECUTE FUNCTION jobs.cut()"
            )
        )
    )
    job = Job("attic.store", lambda _: "stored")
    with working(database, jobs=(job,)):
        [done] = wait_until_ended(database, database.write(defer, job))
    assert (done.status, done.result, done.attempt) == ("succeeded", "stored", 1)


def test_a_worker_without_listen_looks_by_itself(database: Database) -> None:
    with working(database, replace(BRISK, listens=False)):
        numbers = [database.write(defer, NOTE, lock="one") for _ in range(5)]
        wait_until_ended(database, *numbers)


def test_a_worker_works_through_pgbouncer(postgresql_options: DatabaseOptions, systems: tuple[System, ...]) -> None:
    with through_pgbouncer(postgresql_options) as pooled, opened(pooled, systems) as database, working(database):
        numbers = [database.write(defer, NOTE, lock=f"{n % 2}") for n in range(6)]
        assert {job.status for job in wait_until_ended(database, *numbers)} == {"succeeded"}


def test_a_worker_takes_jobs_of_its_own_systems_only(database: Database) -> None:
    other = database.write(defer, Job("cellar.note", lambda _: None))
    with working(database):
        wait_until_ended(database, database.write(defer, NOTE))
    assert record(database, other).status == "waiting"


def test_a_worker_clears_away_what_is_old(database: Database) -> None:
    number = database.write(defer, NOTE)
    with working(database):
        wait_until_ended(database, number)
    database.write(lambda session: session.execute(text("UPDATE jobs.records SET finished_at = '2020-01-01Z'")))
    with working(database, replace(BRISK, keep_days=0)):
        wait_until_ended(database, database.write(defer, NOTE))
    assert number in [job.id for job in database.read(list_jobs)]
    with working(database):
        wait_for(lambda: number not in [job.id for job in database.read(list_jobs)])


@pytest.mark.parametrize("name", ["concurrency", "processes", "poll_interval_s", "lease_s"])
def test_a_worker_is_not_told_to_do_nothing(name: str) -> None:
    nothing: dict[str, Any] = {name: 0}
    with pytest.raises(ConfigurationError, match=name):
        WorkerOptions(**nothing)


def _count_workers(database: Database) -> int:
    return len(_workers(database))


def _workers(database: Database) -> set[int]:
    return set(database.read(lambda session: session.scalars(WORKERS.select()).all()))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
