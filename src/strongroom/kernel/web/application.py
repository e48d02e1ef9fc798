"""Wires the FastAPI application in which every rule about requests holds; systems only add routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import RedirectResponse
from starlette.types import Lifespan

from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.web.authentication import TokenService
from strongroom.kernel.web.catalogue import build_error_router
from strongroom.kernel.web.health import build_health_router
from strongroom.kernel.web.idempotency import HEADER as IDEMPOTENCY_HEADER
from strongroom.kernel.web.problems import any_problem, install_problem_handlers, problem_schemas
from strongroom.kernel.web.requests import (
    MAX_BODY_BYTES,
    NO_LARGER,
    REQUEST_ID_HEADER,
    BodyLimit,
    CommitBeforeResponse,
    ProblemBoundary,
    RequestIdentity,
)


class Application(FastAPI):
    """A FastAPI application whose OpenAPI document knows the shape of its problems."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        document = super().openapi()
        document.setdefault("components", {}).setdefault("schemas", {}).update(problem_schemas())
        return document


def build_base_app(
    *,
    title: str,
    version: str,
    database: Database | AsyncDatabase,
    tokens: TokenService,
    lifespan: Lifespan[FastAPI] | None = None,
    cors_origins: Sequence[str] = (),
    max_body_bytes: int = MAX_BODY_BYTES,
    larger_bodies: Mapping[str, int] = NO_LARGER,
    environment: str = "development",
    service: str = "fintech-backend",
) -> FastAPI:
    """An application with health, error and documentation routes; `app.state` holds `database` and `tokens`.

    cors_origins: whose pages may call from a browser, such as https://bank.example; none by default.
    larger_bodies: paths that take more than max_body_bytes, by how they begin, such as those of uploads.
    service: what the health routes call it.
    """
    app = Application(
        title=title,
        version=version,
        lifespan=lifespan,
        redoc_url=None,
        responses=any_problem(),
        middleware=_middleware(cors_origins, max_body_bytes, larger_bodies),
    )
    app.state.database = database
    app.state.tokens = tokens
    install_problem_handlers(app)
    app.include_router(build_health_router(database, service=service, version=version, environment=environment))
    app.include_router(build_error_router())

    @app.get("/", include_in_schema=False)
    async def root() -> RedirectResponse:
        return RedirectResponse("/docs")

    return app


def _middleware(cors_origins: Sequence[str], max_body_bytes: int, larger_bodies: Mapping[str, int]) -> list[Middleware]:
    """From the outside in."""
    cors = Middleware(
        CORSMiddleware,
        allow_origins=list(cors_origins),
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "X-API-Key", "Content-Type", IDEMPOTENCY_HEADER, REQUEST_ID_HEADER],
        expose_headers=[
            REQUEST_ID_HEADER,
            "Retry-After",
            "X-RateLimit-Limit",
            "X-RateLimit-Remaining",
            "X-RateLimit-Reset",
        ],
    )
    return [
        Middleware(RequestIdentity),
        cors,
        Middleware(ProblemBoundary),
        Middleware(BodyLimit, max_body_bytes=max_body_bytes, larger=larger_bodies),
        Middleware(CommitBeforeResponse),
    ]
