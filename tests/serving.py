"""Applications for tests of routes: fresh for each test, over routes that were made ready once."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

#: by the id of the router, which is a module's and so never goes away; routers cannot be keys
_ready: dict[int, BaseRoute] = {}


def serve(app: FastAPI, router: APIRouter) -> None:
    """Include the router. FastAPI makes its routes ready at an application's first request, which takes longer than
    most tests do; here the first test of a process does it for all.
    """
    if id(router) not in _ready:
        first = FastAPI()
        first.include_router(router)
        _ready[id(router)] = first.router.routes[-1]
    app.router.routes.append(_ready[id(router)])
