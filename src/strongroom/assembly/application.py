"""The whole API over one building."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from strongroom.assembly.building import Building, build_building
from strongroom.assembly.keys import card_key, secret_key
from strongroom.assembly.options import OPTIONS
from strongroom.kernel.repositories import Cursors
from strongroom.kernel.web import Lifetimes, TokenService, build_base_app
from strongroom.settings import Settings


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
            secret,
            access_ttl_s=settings.access_token_ttl_s,
            refresh_ttl_s=settings.refresh_token_ttl_s,
            lifetimes=_token_lifetimes(settings),
        ),
        lifespan=lifespan,
        cors_origins=settings.cors_allowed_origins,
        max_body_bytes=settings.max_body_bytes,
        larger_bodies={
            "/api/forecasting/uploads": settings.forecasting_upload_bytes_max,
            "/api/portfolio/imports": settings.portfolio_import_bytes_max,
            "/api/portfolio/rates/imports": settings.portfolio_import_bytes_max,
        },
        environment=settings.environment,
        service=settings.banking_service_name,
    )
    app.state.cursors = Cursors(secret.encode())
    app.state.card_secret = card_key(settings).encode()
    for name, build in OPTIONS.items():
        setattr(app.state, name, build(settings))
    for system in building.systems:
        if system.routes is not None:
            app.include_router(system.load_routes())
    return app


def app_from_environment() -> FastAPI:
    """For any ASGI server: `uvicorn --factory strongroom.assembly:app_from_environment`."""
    return build_app(build_building())


def _token_lifetimes(settings: Settings) -> dict[str, Lifetimes]:
    """Of the systems whose tokens are good for another time than the others'."""
    return {
        "forecasting": Lifetimes(settings.forecasting_access_token_ttl_s, settings.forecasting_refresh_token_ttl_s),
        "export_readiness": Lifetimes(
            settings.export_readiness_access_token_ttl_s, settings.export_readiness_refresh_token_ttl_s
        ),
    }
