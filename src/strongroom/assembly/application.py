"""The whole API over one building."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import cast

from fastapi import APIRouter, FastAPI

from strongroom.assembly.building import Building, build_building
from strongroom.assembly.keys import card_key, secret_key
from strongroom.assembly.options import OPTIONS, token_lifetimes
from strongroom.kernel.repositories import Cursors
from strongroom.kernel.web import TokenService, build_base_app


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
            lifetimes=token_lifetimes(settings),
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
        app.include_router(cast("APIRouter", system.routes))
    return app


def app_from_environment() -> FastAPI:
    """For any ASGI server: `uvicorn --factory strongroom.assembly:app_from_environment`."""
    return build_app(build_building())
