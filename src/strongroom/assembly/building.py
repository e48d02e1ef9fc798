"""One configured database with all its systems, put together when it is first asked for."""

from __future__ import annotations

import atexit
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from typing import TypeVar

from strongroom.assembly.keys import secret_key
from strongroom.assembly.options import job_options, worker_options
from strongroom.assembly.systems import SYSTEMS
from strongroom.kernel.caching import Cache, MemoryStore, RedisStore, Store, install_cache
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.engines.embedded import EmbeddedServer
from strongroom.kernel.errors import ConfigurationError, StrongroomError
from strongroom.kernel.jobs import JOBS, Runner, Worker, run_after_commit, work_off
from strongroom.kernel.migrations import Migrated, list_revisions
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.system import errors_of
from strongroom.operations.schema import drop, upgrade
from strongroom.settings import Settings, load_settings

T = TypeVar("T")


class Building:
    """One configured database with all its systems. Nothing is read, started or connected before it is asked for.

    settings: those of the environment when None.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.systems = SYSTEMS
        self._given = settings
        self._started: EmbeddedServer | None = None

    @cached_property
    def settings(self) -> Settings:
        """What was given, or what the environment says. Raises ConfigurationError."""
        return self._given if self._given is not None else load_settings()

    @cached_property
    def options(self) -> DatabaseOptions:
        """How to reach the database; starts the embedded PostgreSQL when no other was named."""
        if not self.settings.uses_embedded:
            return self.settings.database_options()
        self._started = EmbeddedServer(self.settings.data_dir / "postgresql")
        atexit.register(self.stop)  # a script that only opened a session must not leave a server behind
        return self.settings.database_options(self._started.start())

    @cached_property
    def database(self) -> Database:
        """The database, synchronously."""
        database = Database(self.options, schemas=self._schemas, errors_by_constraint=self._errors)
        install_cache(database, self._cache)
        if self.options.is_sqlite:
            run_after_commit(database.engine, lambda: work_off(self._runner))
        return database

    @cached_property
    def async_database(self) -> AsyncDatabase:
        """The database, asynchronously."""
        database = AsyncDatabase(self.options, schemas=self._schemas, errors_by_constraint=self._errors)
        install_cache(database, self._cache)
        if self.options.is_sqlite:
            run_after_commit(database.engine.sync_engine, lambda: work_off(self._runner))
        return database

    @property
    def histories(self) -> tuple[Migrated, ...]:
        """All that has a schema with a history: every system, and the kernel's jobs."""
        return (*self.systems, JOBS)

    def build_worker(self, systems: Sequence[str] = (), *, concurrency: int | None = None) -> Worker:
        """A worker for the jobs of these systems, of all when none is named; not started.

        concurrency: that of the settings when None.
        """
        jobs = [job for system in self.systems for job in system.jobs if system.name in systems or not systems]
        options = worker_options(self.settings)
        options = replace(options, concurrency=concurrency or options.concurrency)
        return Worker(self.database, jobs, job_options(self.settings), options)

    def option(self, kind: type[T]) -> T:
        """What the settings say to this class of options, else those it has by itself."""
        return next((option for option in job_options(self.settings) if isinstance(option, kind)), None) or kind()

    @property
    def embedded(self) -> EmbeddedServer | None:
        """The server started here, if one was."""
        return self._started

    def upgrade(self, *names: str) -> None:
        """Bring the schemas of these systems, and of the jobs, to their newest revision; of all when none is named."""
        for one in self.histories:
            if one.name in names or one is JOBS or not names:
                upgrade(one, self.options)

    def downgrade(self, *names: str) -> None:
        """Remove the schemas of these systems with all that is in them, every one when none is named.

        Refuses in production.
        """
        self.check_may_be_emptied()
        for one in self.histories:
            if one.name in names or not names:
                drop(one, self.options)

    def load_samples(self) -> Mapping[str, Mapping[str, int]]:
        """Fill each system with its samples; what was added, by system and noun. Refuses in production."""
        self.check_may_be_emptied()
        return {system.name: self.database.write(system.load_samples) for system in self.systems}

    def check_may_be_emptied(self) -> None:
        """Raises ConfigurationError in production, where nothing here may be removed or made up."""
        if self.settings.is_production:
            raise ConfigurationError(
                setting="ENVIRONMENT", reason="is production; nothing is reset and no sample data is loaded there"
            )

    async def close(self) -> None:
        """Close connections and stop what was started; the next use opens everything again."""
        if "async_database" in self.__dict__:
            await self.async_database.close()
        self.stop()

    def stop(self) -> None:
        """The same without an event loop, for a process that is about to end."""
        if "database" in self.__dict__:
            self.database.close()
        if self._started is not None:
            self._started.stop()
            self._started = None
        for name in ("options", "database", "async_database"):
            self.__dict__.pop(name, None)

    @cached_property
    def _cache(self) -> Cache:
        """In this process, and in Redis where one is named; answers of another version are not found."""
        settings = self.settings
        stores: list[Store] = []
        if settings.cache_bytes_max:
            stores.append(MemoryStore(entries_max=settings.cache_entries_max, bytes_max=settings.cache_bytes_max))
        if settings.redis_url is not None:
            stores.append(RedisStore(settings.redis_url.get_secret_value(), secret_key(settings).encode()))
        newest = (list_revisions(one)[0] for one in self.histories)
        return Cache(stores, revision="/".join([version("strongroom"), *newest]))

    @property
    def _runner(self) -> Runner:
        jobs = [job for system in self.systems for job in system.jobs]
        return Runner(self.database, jobs, job_options(self.settings))

    @property
    def _schemas(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.histories)

    @property
    def _errors(self) -> dict[str, type[StrongroomError]]:
        return errors_of(self.systems)


def build_building() -> Building:
    """The building that the environment describes."""
    return Building()


def database_options() -> DatabaseOptions:
    """For alembic.ini: the database that the environment describes, started if it is the embedded one."""
    return build_building().options
