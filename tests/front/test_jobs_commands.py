"""`strongroom jobs`: work, look, cancel, run again; and the worker that stands in for a newcomer."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from strongroom import assembly
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.jobs import JobRecord, defer, find_job
from strongroom.kernel.sessions import Database
from strongroom.testing.databases import opened
from tests.kernel.jobs.chores import CHORES, DAWDLE, FAIL, NOTE
from tests.kernel.jobs.working import lines, wait_for

Strongroom = Callable[..., Any]
LATER = datetime(2100, 1, 1, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
#: the command line over systems the first of which has our chores for jobs
PROGRAM = """
import sys
from dataclasses import replace
from strongroom.assembly import building
from strongroom.cli import main
from tests.kernel.jobs.chores import CHORES

if __name__ == "__main__":
    first, *others = building.SYSTEMS
    building.SYSTEMS = (replace(first, jobs=CHORES), *others)
    main.run()
"""
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def database(folder: Path, strongroom: Strongroom, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database of the command line, whose first system has our chores for jobs; nothing runs them by itself."""
    first, *others = assembly.SYSTEMS
    monkeypatch.setattr(assembly.building, "SYSTEMS", (replace(first, jobs=CHORES), *others))
    assert strongroom("database", "init").code == 0
    with opened(DatabaseOptions(f"sqlite:///{folder / 'front.db'}"), ()) as database:
        yield database


def test_jobs_are_listed_with_what_is_the_matter(strongroom: Strongroom, database: Database) -> None:
    number = database.write(defer, FAIL, code="too long")
    assert "3 runs, nothing is due any more" in strongroom("jobs", "work", "--once").err
    said = strongroom("jobs", "list").err
    assert all(word in said for word in (str(number), "attic.fail", "failed", "3/3"))
    assert "attic.fail" in strongroom("jobs", "list", "--status", "failed").err
    assert "No such jobs" in strongroom("jobs", "list", "--status", "running").err


def test_a_job_is_shown_whole(strongroom: Strongroom, database: Database) -> None:
    number = database.write(defer, NOTE, lock="one", key="two", word="[bold]", run_at=LATER)
    said = strongroom("jobs", "show", str(number)).err
    for word in ("attic.note", "waiting", "0 of 3", '{"word": "[bold]"}', "one", "two", "by system", "2100-01-01"):
        assert word in said
    assert "JOB_NOT_FOUND" in strongroom("jobs", "show", "4711").err


def test_a_job_is_cancelled_and_run_again(strongroom: Strongroom, database: Database) -> None:
    number = database.write(defer, NOTE, run_at=LATER)
    assert f"Job {number} is cancelled" in strongroom("jobs", "cancel", str(number)).err
    assert strongroom("jobs", "cancel", str(number)).code == 1
    assert "waits to be run again" in strongroom("jobs", "retry", str(number)).err
    assert "JOB_NOT_REPLAYABLE" in strongroom("jobs", "retry", str(number)).err
    strongroom("jobs", "work", "--once")
    assert _status(database, number) == "succeeded"


def test_a_system_that_is_not_there_is_named(strongroom: Strongroom, database: Database) -> None:
    answer = strongroom("jobs", "work", "--system", "cellar")
    assert answer.code == 1
    assert "'cellar' is none of banking" in answer.err
    assert "No system has any job" in strongroom("jobs", "work", "--system", _without_jobs()).err


def _without_jobs() -> str:
    return next(system.name for system in assembly.SYSTEMS[1:] if not system.jobs)


@pytest.fixture
def start(folder: Path, environment: dict[str, str], postgresql_options: DatabaseOptions) -> Iterator[Start]:
    """Starts the command line in a process of its own, on PostgreSQL: `start("jobs", "work", NAME="value")`."""
    (folder / "program.py").write_text(PROGRAM)
    started: list[subprocess.Popen[bytes]] = []

    def run(*words: str, **settings: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "program.py", *words],
            cwd=folder,
            env={**environment, "PYTHONPATH": str(ROOT), "DATABASE_URL": postgresql_options.url, **settings},
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()


def test_a_worker_that_is_terminated_ends_its_jobs_first(
    start: Start, postgresql_options: DatabaseOptions, tmp_path: Path
) -> None:
    with opened(postgresql_options, ()) as database:
        worker = start("jobs", "work", "--concurrency", "2")
        number = database.write(defer, DAWDLE, file=str(tmp_path / "pids"), seconds=1, checks=False)
        wait_for(lambda: lines(tmp_path / "pids") == [str(worker.pid)])
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 128 + signal.SIGTERM
        assert _status(database, number) == "succeeded"


def test_a_worker_ends_in_spite_of_a_job_that_does_not(
    start: Start, postgresql_options: DatabaseOptions, tmp_path: Path
) -> None:
    with opened(postgresql_options, ()) as database:
        worker = start("jobs", "work", JOBS_SHUTDOWN_S="0")
        number = database.write(defer, DAWDLE, file=str(tmp_path / "pids"), seconds=600, checks=False)
        wait_for(lambda: bool(lines(tmp_path / "pids")))
        worker.send_signal(signal.SIGINT)
        assert worker.wait(30) == 1
        assert _status(database, number) == "running"  # until its worker is missed


@pytest.mark.parametrize("inside", ["true", "false"])
def test_the_server_runs_jobs_unless_told_otherwise(
    start: Start, postgresql_options: DatabaseOptions, free_port: int, inside: str
) -> None:
    assert start("database", "init").wait(60) == 0
    server = start("serve", "--port", str(free_port), JOBS_IN_SERVER=inside)
    with opened(postgresql_options, ()) as database:
        wait_for(lambda: _answers(free_port), seconds=30)
        number = database.write(defer, NOTE)
        if inside == "true":
            wait_for(lambda: _status(database, number) == "succeeded")
        else:
            time.sleep(1.5)
            assert _status(database, number) == "waiting"
    server.send_signal(signal.SIGINT)
    assert server.wait(20) in (0, 130)


def _answers(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/health").status_code == 200
    except httpx2.TransportError:
        return False


def _status(database: Database, number: int) -> str:
    record: JobRecord | None = database.read(find_job, number)
    assert record is not None
    return record.status
