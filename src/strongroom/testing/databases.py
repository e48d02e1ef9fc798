"""Throw-away databases, fresh for each test: copied from one that the real migrations built."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Self

import psutil
from sqlalchemy import Engine, make_url, text

from strongroom.kernel.engines import DatabaseOptions, build_engine
from strongroom.kernel.engines.embedded import EmbeddedServer, find_binaries
from strongroom.kernel.jobs import JOBS, Job, Runner, run_after_commit, work_off
from strongroom.kernel.migrations import Migrated, upgrade_once
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.system import System, errors_of

MEMORY = Path("/dev/shm")
QUICK = {"fsync": "off", "full_page_writes": "off"}
#: autovacuum would visit a template while it is being copied, which PostgreSQL refuses
ALWAYS = {"autovacuum": "off", "max_connections": "200"}


class ThrowAwayServer:
    """One embedded PostgreSQL with any number of databases, gone without a trace when it is stopped.

    version: the major one; None the preferred one. Raises EmbeddedUnavailable when it is not installed.
    durable: True syncs what it acknowledges, for tests that kill the server; settings: further ones of the server.
    """

    def __init__(self, version: int | None = None, *, durable: bool = False, settings: Mapping[str, str] = {}) -> None:
        binaries = find_binaries(version)
        # in memory even when durable: files there outlive every process, and syncing them costs nothing
        self.folder = Path(tempfile.mkdtemp(prefix="strongroom-", dir=MEMORY if MEMORY.is_dir() else None))
        self.folder.chmod(0o755)  # whom root steps down to has to pass
        self._server = EmbeddedServer(
            self.folder / "data",
            binaries,
            {**ALWAYS, **({} if durable else QUICK), **settings},
            durable=durable,
        )
        self._templates: dict[tuple[str, ...], str] = {}
        self._numbers = count(1)
        self._engine: Engine | None = None
        self.version = binaries.version

    def start(self) -> DatabaseOptions:
        """Start the server, or start it again after `kill`. Returns options of its maintenance database."""
        self._options = DatabaseOptions(self._server.start())
        self._engine = build_engine(self._options)  # kept, since connecting takes as long as half a CREATE DATABASE
        return self._options

    def kill(self) -> None:
        """SIGKILL to every process of it at once; `start` recovers, and the options given out before are good again."""
        self._disconnect()
        children = psutil.Process(self.pid).children() if self.pid else []
        self._server.kill()
        for child in children:  # they would notice only in a moment, and go on until then
            with suppress(psutil.NoSuchProcess):
                child.kill()
        psutil.wait_procs(children)

    def stop(self) -> None:
        """Stop the server and remove every file of it."""
        self._disconnect()
        self._server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """Process id of the postmaster; None while it is stopped."""
        return self._server.pid

    def create_database(self, systems: Sequence[System] = ()) -> DatabaseOptions:
        """A database of its own, with the newest schema of these systems and no rows."""
        names = tuple(sorted(system.name for system in systems))
        if names not in self._templates:
            template = self._create()
            for one in _histories(systems):
                upgrade_once(one, self._options_of(template))
            self._templates[names] = template
        return self._options_of(self._create(self._templates[names]))

    def drop_database(self, options: DatabaseOptions) -> None:
        """Remove a database, closing whatever connection is left."""
        self._maintain(f'DROP DATABASE "{make_url(options.url).database}" WITH (FORCE)')

    def _create(self, template: str = "template0") -> str:
        name = f"test_{next(self._numbers)}"
        # copying the files takes less than half of what logging their contents does
        self._maintain(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return name

    def _options_of(self, name: str) -> DatabaseOptions:
        url = make_url(self._options.url).set(database=name)
        return replace(self._options, url=url.render_as_string(hide_password=False))

    def _disconnect(self) -> None:
        if self._engine is not None:
            self._engine.dispose()

    def _maintain(self, statement: str) -> None:
        if self._engine is None:
            raise RuntimeError("The server has not been started.")
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))


class ThrowAwayFiles:
    """SQLite databases, copied from files that the real migrations built. folder: kept by the caller."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create_database(self, folder: Path, systems: Sequence[System] = ()) -> DatabaseOptions:
        """A database in this folder, with the newest schema of these systems and no rows."""
        template = self._folder / "-".join(["template", *sorted(system.name for system in systems)])
        if not template.exists():
            template.mkdir()
            for one in _histories(systems):
                upgrade_once(one, _options_in(template))
        shutil.copytree(template, folder, dirs_exist_ok=True)
        return _options_in(folder)


def open_database(options: DatabaseOptions, systems: Sequence[System]) -> Database:
    """A Database that knows these systems' schemas and errors; on SQLite it runs their jobs after each COMMIT."""
    database = Database(options, schemas=_schemas(systems), errors_by_constraint=errors_of(systems))
    if options.is_sqlite:
        run_after_commit(database.engine, lambda: work_off(Runner(database, jobs_of(systems))))
    return database


@contextmanager
def opened(options: DatabaseOptions, systems: Sequence[System]) -> Iterator[Database]:
    """The same, closed at the end."""
    database = open_database(options, systems)
    try:
        yield database
    finally:
        database.close()


def open_async_database(options: DatabaseOptions, systems: Sequence[System]) -> AsyncDatabase:
    """An AsyncDatabase that knows the same."""
    database = AsyncDatabase(options, schemas=_schemas(systems), errors_by_constraint=errors_of(systems))
    if options.is_sqlite:
        run_after_commit(database.engine.sync_engine, lambda: _work_off_once(options, systems))
    return database


def jobs_of(systems: Sequence[System]) -> list[Job]:
    """Every job of these systems."""
    return [job for system in systems for job in system.jobs]


def _work_off_once(options: DatabaseOptions, systems: Sequence[System]) -> None:
    with opened(options, systems) as database:
        work_off(Runner(database, jobs_of(systems)))


def _options_in(folder: Path) -> DatabaseOptions:
    return DatabaseOptions(f"sqlite:///{folder / 'strongroom.db'}")


def _histories(systems: Sequence[System]) -> tuple[Migrated, ...]:
    return (JOBS, *systems)


def _schemas(systems: Sequence[System]) -> tuple[str, ...]:
    return tuple(one.name for one in _histories(systems))
