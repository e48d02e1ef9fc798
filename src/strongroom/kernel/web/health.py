"""What probes and people may ask of a running service, in shapes that never move: monitoring reads them."""

from __future__ import annotations

import inspect
import os
import platform
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

import psutil
from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

T = TypeVar("T")

MESSAGE_CHARACTERS_MAX = 200

Answer = dict[str, Any]


class Probed(Protocol):
    """What can be asked how it is: a Database, an AsyncDatabase, or a stand-in."""

    def check(self) -> bool | Awaitable[bool]:
        """Whether it answers."""

    def info(self) -> Mapping[str, Any] | Awaitable[Mapping[str, Any]]:
        """database_url (masked), database_version, pool_info, connection_healthy; error if it is silent."""


def build_health_router(
    database: Probed,
    *,
    service: str = "fintech-backend",
    basic_service: str = "hoardrun-backend",
    version: str = "1.0.0",
    environment: str = "development",
    clock: Callable[[], float] = time.monotonic,
) -> APIRouter:
    """The health routes. `database.check` and `.info` are looked up at each call, so a test may replace them.

    service: the name of most routes; basic_service: of /api/health/. clock: seconds, for the uptime.
    """
    router = APIRouter(tags=["health"])
    started_s = clock()

    @router.get("/health", summary="Whether the service runs")
    async def health() -> JSONResponse:
        about = {"status": "healthy", "service": service, "version": version}
        return JSONResponse({**about, "timestamp": _now(), "environment": environment})

    @router.get("/api/health/", summary="Whether the service runs, and whether it reaches its database")
    async def basic() -> JSONResponse:
        state: Answer
        try:
            is_healthy = bool(await _ask(database.check))
            word = "connected" if is_healthy else "disconnected"
            state = {"database": word, "database_healthy": is_healthy}
        except Exception as error:
            state = {"database": "error", "error": _without_secrets(error), "database_healthy": False}
        message = "the service runs" if state["database_healthy"] else "the service runs without its database"
        about = {"timestamp": _now(), "service": basic_service, "message": message}
        return JSONResponse({"status": "healthy", **state, **about})

    @router.get("/api/health/detailed", summary="Memory, disk and dependencies", responses=_DOWN)
    async def detailed() -> JSONResponse:
        try:
            dependencies = {"external_services": "mocked", "database": bool(await _ask(database.check))}
            measured = {"system": await run_in_threadpool(_system), "dependencies": dependencies}
        except Exception as error:
            return _unavailable("unhealthy", error=_without_secrets(error))
        about = {"status": "healthy", "service": service, "version": version}
        return JSONResponse({**about, "timestamp": _now(), "environment": environment, **measured})

    @router.get("/api/health/database", summary="Version and pool of the database", responses=_DOWN)
    async def database_health() -> JSONResponse:
        try:
            info = await _ask(database.info)
            if not info.get("connection_healthy"):
                return _unavailable("unhealthy", database=_failure(info))
            facts = {"database_version": info["database_version"], "pool_info": dict(info["pool_info"])}
        except Exception as error:
            return _unavailable("unhealthy", error=_without_secrets(error))
        shown = {"database_url": _masked(info.get("database_url")), **facts, "connection_healthy": True}
        return JSONResponse({"status": "healthy", "timestamp": _now(), "database": shown})

    @router.get("/api/health/readiness", summary="Whether to send requests here", responses=_DOWN)
    async def readiness() -> JSONResponse:
        try:
            is_ready = bool(await _ask(database.check))
        except Exception as error:
            return _unavailable("not_ready", error=_without_secrets(error))
        if not is_ready:
            return _unavailable("not_ready", checks={"database": "unhealthy"})
        return JSONResponse({"status": "ready", "timestamp": _now(), "checks": {"database": "healthy"}})

    @router.get("/api/health/liveness", summary="Whether to leave this process running", responses=_DOWN)
    async def liveness() -> JSONResponse:
        try:
            uptime_s = round(clock() - started_s, 3)
        except Exception as error:
            return _unavailable("dead", error=_without_secrets(error))
        return JSONResponse({"status": "alive", "timestamp": _now(), "uptime": uptime_s})

    # CORS answers browsers' preflight requests; a plain OPTIONS comes through to here
    @router.options("/health", include_in_schema=False)
    @router.options("/api/health/{probe:path}", include_in_schema=False)
    async def options() -> Response:
        return Response(status_code=204, headers={"Allow": "GET, OPTIONS"})

    return router


_DOWN: dict[int | str, dict[str, Any]] = {503: {"description": "Not healthy; the body has the same form"}}


async def _ask(probe: Callable[[], T | Awaitable[T]]) -> T:
    answer = probe() if inspect.iscoroutinefunction(probe) else await run_in_threadpool(probe)
    if inspect.isawaitable(answer):
        return await answer
    return answer


def _system() -> Answer:
    memory, disk = psutil.virtual_memory(), psutil.disk_usage(os.path.abspath(os.sep))
    return {
        "python_version": platform.python_version(),
        "memory": {"total": memory.total, "available": memory.available, "percent": memory.percent},
        "disk": {"total": disk.total, "free": disk.free, "percent": disk.percent},
    }


def _unavailable(status: str, **more: object) -> JSONResponse:
    return JSONResponse({"status": status, "timestamp": _now(), **more}, 503)


def _failure(info: Mapping[str, Any]) -> Answer:
    error = _without_secrets(info.get("error", "the database did not answer"))
    return {"database_url": _masked(info.get("database_url")), "error": error, "connection_healthy": False}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _masked(url: object) -> str:
    text = str(url or "postgresql://***")
    return _URL.sub(r"\1://***", text) if "@" in text else text


def _without_secrets(error: object) -> str:
    """The text of an error, which may quote the URL or the connection string of the driver that raised it."""
    text = _URL.sub(r"\1://***", str(error)) or type(error).__name__
    return _PARAMETER.sub(r"\1=***", _LOGIN.sub("***@***", text))[:MESSAGE_CHARACTERS_MAX]


_URL = re.compile(r"\b([A-Za-z][A-Za-z0-9+.-]*)://\S+")
_LOGIN = re.compile(r"[^\s@/]+@\S+")
_PARAMETER = re.compile(r"(?i)\b(\w*pass\w*|pwd|secret|token|user|host\w*)\s*[=:]\s*('[^']*'|\"[^\"]*\"|\S+)")
