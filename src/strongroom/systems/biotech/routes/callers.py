"""Who calls: a person with a token or a program with an API key; known before anything else of a request is read."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from fastapi.security.utils import get_authorization_scheme_param

from strongroom.kernel.errors import NotAuthenticated, RateLimitExceeded
from strongroom.kernel.sessions import Actor, AsyncDatabase
from strongroom.kernel.web import TokenService
from strongroom.kernel.web.problems import problem_response
from strongroom.systems.biotech.errors import EndpointNotAllowed
from strongroom.systems.biotech.services.clients import admit

SYSTEM = "biotech"
PREFIX = f"/api/{SYSTEM}"
API_KEY_HEADER = "X-API-Key"
#: the role of every client; no token gives it
CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request. client_id: of a program that sent its key; None for a person, who sees every client's rows.

    headers: what the program is told of its rate limit.
    """

    actor: Actor
    client_id: UUID | None = None
    headers: tuple[tuple[str, str], ...] = ()


class GuardedRoute(APIRoute):
    """A route that lets nobody in unknown or over the limit, and tells a client with every answer what it has left.

    Also with the answer to a body that is no JSON, which is why this is not left to a dependency.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler behind the guard."""
        handle = super().get_route_handler()
        endpoint = self.path_format.removeprefix(PREFIX)

        async def guarded(request: Request) -> Response:
            headers: tuple[tuple[str, str], ...] = ()
            try:
                caller = request.state.caller = await identify(request, endpoint)
                headers = caller.headers
                response = await handle(request)
            except Exception as error:
                response = problem_response(request.scope, error)
                headers = headers or _headers_of(error)
            response.headers.update(dict(headers))
            return response

        return guarded


def build_router(prefix: str, noun: str) -> APIRouter:
    """A router all of whose routes are guarded."""
    return APIRouter(prefix=prefix, tags=[f"biotech: {noun}"], route_class=GuardedRoute)


async def identify(request: Request, endpoint: str) -> Caller:
    """Who sent the request. endpoint: the path of the route below /api/biotech, as it is declared.

    Raises NotAuthenticated, also for a token beside a key: nobody is two. Raises ApiKeyRefused, EndpointNotAllowed,
    RateLimitExceeded; and what the database raises, since a request that cannot be counted is not let in.
    """
    tokens, keys = request.headers.getlist("Authorization"), request.headers.getlist(API_KEY_HEADER)
    if len(tokens) + len(keys) != 1:
        raise NotAuthenticated(f"send an access token or, in {API_KEY_HEADER}, an API key; one of them, once")
    if keys:
        return await _program(request, keys[0], endpoint)
    scheme, token = get_authorization_scheme_param(tokens[0])
    if scheme.lower() != "bearer":
        raise NotAuthenticated
    return Caller(cast("TokenService", request.app.state.tokens).of(SYSTEM).verify_access(token))


async def _program(request: Request, key: str, endpoint: str) -> Caller:
    database = cast("AsyncDatabase", request.app.state.database)
    admission = await database.write(admit, key, endpoint)
    client, left = admission.client, admission.allowance
    actor = Actor(client.id, client.client_name, frozenset({CLIENT}))
    return Caller(actor, client.id, _headers(left.limit, left.remaining, int(left.reset_at.timestamp())))


def _headers_of(refusal: Exception) -> tuple[tuple[str, str], ...]:
    """Of a client that was known and not let in."""
    if not isinstance(refusal, RateLimitExceeded | EndpointNotAllowed):
        return ()
    facts = refusal.facts
    return _headers(facts["limit"], facts.get("remaining", 0), int(facts["reset_at"].timestamp()))


def _headers(limit: int, remaining: int, reset: int) -> tuple[tuple[str, str], ...]:
    return (
        ("X-RateLimit-Limit", str(limit)),
        ("X-RateLimit-Remaining", str(remaining)),
        ("X-RateLimit-Reset", str(reset)),
    )
