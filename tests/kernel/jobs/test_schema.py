"""Schema `jobs`: what procrastinate wants it to be, up and down, on both engines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import procrastinate
from sqlalchemy import text
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.jobs import JOBS, defer
from strongroom.kernel.migrations import downgrade_once, find_drift, upgrade_once
from strongroom.kernel.sessions import Database
from strongroom.testing.conformance.catalogue import read_catalogue
from strongroom.testing.databases import ThrowAwayServer, opened
from tests.kernel.jobs.chores import NOTE

THEIRS = Path(procrastinate.__file__).parent / "sql" / "schema.sql"
OURS = Path(JOBS.migrations).parent / "procrastinate_3_10.sql"


def test_the_schema_is_the_one_of_the_procrastinate_that_is_installed(
    postgresql_server: ThrowAwayServer, database: Database
) -> None:
    """When this fails, a new revision has to bring what procrastinate changed."""
    options = postgresql_server.create_database()
    with opened(options, ()) as theirs:
        downgrade_once(JOBS, options, "base")
        theirs.write(_install)
        expected = theirs.read(_catalogue)
    postgresql_server.drop_database(options)
    assert len(expected) > 60
    assert database.read(_catalogue) == expected


def test_every_function_finds_its_tables_whoever_calls(database: Database) -> None:
    settings = database.read(
        lambda session: session.scalars(
            text("SELECT DISTINCT proconfig::text FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace")
        ).all()
    )
    assert list(settings) == ['{"search_path=jobs, pg_catalog, pg_temp"}']


def test_the_schema_goes_down_and_up_again(any_options: DatabaseOptions) -> None:
    with opened(any_options, ()) as database:
        database.write(defer, NOTE)
        before = database.read(read_catalogue, JOBS.name)
        downgrade_once(JOBS, any_options, "base")
        assert database.read(read_catalogue, JOBS.name) == {}
        upgrade_once(JOBS, any_options)
        assert database.read(read_catalogue, JOBS.name) == before
    assert find_drift(JOBS, any_options) == []


def test_the_upgrade_says_which_version_it_brings() -> None:
    assert OURS.name == f"procrastinate_{'_'.join(version('procrastinate').split('.')[:2])}.sql"


def test_an_index_finds_the_dead_letters(database: Database) -> None:
    def explain(session: Session) -> str:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        return "\n".join(
            session.scalars(
                text("EXPLAIN SELECT * FROM jobs.procrastinate_jobs WHERE status = 'failed' ORDER BY id DESC LIMIT 50")
            )
        )

    assert "ix_procrastinate_jobs_failed" in database.write(explain)


def _install(session: Session) -> None:
    session.execute(text("SET LOCAL search_path = jobs, pg_catalog"))
    session.connection().execution_options(no_parameters=True).exec_driver_sql(THEIRS.read_text())


def _catalogue(session: Session) -> Mapping[str, str]:
    """What procrastinate put there, whatever search path its functions have."""
    return {
        name: re.sub(r"\n SET search_path TO .*", "", definition)
        for name, definition in read_catalogue(session, JOBS.name).items()
        if "procrastinate" in name and ".ix_procrastinate_jobs_" not in name
    }
