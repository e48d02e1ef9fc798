"""The one place that knows every name: which systems there are, and how settings, database and routes come together."""

from __future__ import annotations

import atexit
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import cast

from fastapi import APIRouter, FastAPI
from pydantic import SecretStr

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.engines.embedded import EmbeddedServer
from strongroom.kernel.errors import ConfigurationError, StrongroomError
from strongroom.kernel.repositories import Cursors
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.system import System
from strongroom.kernel.web import TokenService, build_base_app
from strongroom.operations.schema import drop, upgrade
from strongroom.settings import Settings, load_settings
from strongroom.systems.banking.system import BankingOptions, TransferLimits
from strongroom.systems.banking.system import system as banking

SYSTEMS: tuple[System, ...] = (banking,)


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
        return Database(self.options, schemas=self._schemas, errors_by_constraint=self._errors)

    @cached_property
    def async_database(self) -> AsyncDatabase:
        """The database, asynchronously."""
        return AsyncDatabase(self.options, schemas=self._schemas, errors_by_constraint=self._errors)

    @property
    def embedded(self) -> EmbeddedServer | None:
        """The server started here, if one was."""
        return self._started

    def upgrade(self) -> None:
        """Bring every system's schema to its newest revision."""
        for system in self.systems:
            upgrade(system, self.options)

    def downgrade(self) -> None:
        """Remove every system's schema, with all that is in it. Refuses in production."""
        self.check_may_be_emptied()
        for system in self.systems:
            drop(system, self.options)

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

    @property
    def _schemas(self) -> tuple[str, ...]:
        return tuple(system.name for system in self.systems)

    @property
    def _errors(self) -> dict[str, type[StrongroomError]]:
        return {name: error for system in self.systems for name, error in system.errors_by_constraint.items()}


def build_building() -> Building:
    """The building that the environment describes."""
    return Building()


def build_app(building: Building) -> FastAPI:
    """The whole API over one building; its connections are closed when the app shuts down."""
    settings = building.settings
    secret = secret_key(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await building.async_database.close()

    app = build_base_app(
        title="Strongroom",
        version=version("strongroom"),
        database=building.async_database,
        tokens=TokenService(
            secret, access_ttl_s=settings.access_token_ttl_s, refresh_ttl_s=settings.refresh_token_ttl_s
        ),
        lifespan=lifespan,
        cors_origins=settings.cors_allowed_origins,
        max_body_bytes=settings.max_body_bytes,
        environment=settings.environment,
        service=settings.banking_service_name,
    )
    app.state.cursors = Cursors(secret.encode())
    app.state.card_secret = card_key(settings).encode()
    app.state.banking_options = banking_options(settings)
    for system in building.systems:
        app.include_router(cast("APIRouter", system.routes))
    return app


def app_from_environment() -> FastAPI:
    """For any ASGI server: `uvicorn --factory strongroom.assembly:app_from_environment`."""
    return build_app(build_building())


def database_options() -> DatabaseOptions:
    """For alembic.ini: the database that the environment describes, started if it is the embedded one."""
    return build_building().options


def banking_options(settings: Settings) -> BankingOptions:
    """What the settings say of banking."""
    return BankingOptions(
        transfer_min=settings.banking_min_transfer,
        transfer_max=settings.banking_max_transfer,
        limits=TransferLimits(
            single=settings.banking_single_limit,
            daily=settings.banking_daily_limit,
            monthly=settings.banking_monthly_limit,
            yearly=settings.banking_yearly_limit,
        ),
        sign_in_attempts=settings.banking_login_attempts,
        lockout=timedelta(seconds=settings.banking_lockout_s),
    )


def secret_key(settings: Settings) -> str:
    """The key that signs tokens and cursors: the configured one, or one made once and kept in the data folder."""
    return _key(settings.secret_key, settings.data_dir / "secret_key")


def card_key(settings: Settings) -> str:
    """The key that card numbers and PINs are hashed under, likewise; apart from the other, which may be rotated."""
    return _key(settings.banking_card_key, settings.data_dir / "card_key")


def _key(configured: SecretStr | None, file: Path) -> str:
    return configured.get_secret_value() if configured is not None else _kept_secret(file)


def _kept_secret(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=file.parent)  # mode 0600
        with os.fdopen(handle, "w", encoding="ascii") as made:
            made.write(secrets.token_urlsafe(48))
        try:
            # a link appears whole or not at all; of two processes that start at once the second keeps the first's
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return file.read_text(encoding="ascii")
