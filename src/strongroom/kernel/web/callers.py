"""What routes of any system are handed of whoever calls: the database in their name, their id, the tokens.

Dependencies are asynchronous though they wait for nothing: FastAPI would send them to a thread and back.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import Depends, Request

from strongroom.kernel.errors import NotAuthenticated
from strongroom.kernel.sessions import Actor, AsyncDatabase
from strongroom.kernel.web.authentication import TokenService, bearer_actor

#: whoever has not signed in: no id, no role, so that no row is theirs
ANONYMOUS = Actor(None, "anonymous")


def acting_database(system: str) -> Callable[..., Coroutine[Any, Any, AsyncDatabase]]:
    """A dependency: the database, with everything done in the caller's name. Raises NotAuthenticated.

    ActingDatabase = Annotated[AsyncDatabase, Depends(acting_database("banking"))]
    """
    caller = Depends(bearer_actor(system))

    async def database_of_caller(request: Request, actor: Actor = caller) -> AsyncDatabase:
        return cast("AsyncDatabase", request.app.state.database).acting_as(actor)

    return database_of_caller


async def public_database(request: Request) -> AsyncDatabase:
    """The database for those who have not signed in."""
    return cast("AsyncDatabase", request.app.state.database).acting_as(ANONYMOUS)


PublicDatabase = Annotated[AsyncDatabase, Depends(public_database)]


def own_id(actor: Actor) -> UUID:
    """The id of whoever signed in. Raises NotAuthenticated for an actor who is nobody in particular."""
    if actor.id is None:
        raise NotAuthenticated
    return actor.id


def token_service(system: str) -> Callable[..., Coroutine[Any, Any, TokenService]]:
    """A dependency: `app.state.tokens`, as far as they open this system."""

    async def tokens_of_system(request: Request) -> TokenService:
        return cast("TokenService", request.app.state.tokens).of(system)

    return tokens_of_system
