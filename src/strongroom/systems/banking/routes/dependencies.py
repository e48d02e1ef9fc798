"""What routes are handed: the database in the caller's name, the bank's options, cursors, tokens and the courier."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Literal, cast
from uuid import UUID

from fastapi import Depends, Query, Request

from strongroom.kernel.errors import NotAuthenticated
from strongroom.kernel.sessions import Actor, AsyncDatabase
from strongroom.kernel.web import TokenService, bearer_actor, require_role
from strongroom.systems.banking.options import DEFAULTS, BankingOptions

log = logging.getLogger("strongroom.banking")

#: whoever has not signed in: no id, no role, so that no row is theirs
ANONYMOUS = Actor(None, "anonymous")


@dataclass(frozen=True, slots=True)
class Letter:
    """A secret on its way to a user's address."""

    kind: Literal["verify_email", "reset_password"]
    email: str
    secret: str = field(repr=False)


#: sends a letter; called after the response, so that nobody learns from its pace whether a letter was sent
Courier = Callable[[Letter], Awaitable[None]]

SYSTEM = "banking"
CurrentActor = Annotated[Actor, Depends(bearer_actor(SYSTEM))]


def acting_database(request: Request, actor: CurrentActor) -> AsyncDatabase:
    """The database, with everything done in the caller's name. Raises NotAuthenticated."""
    return cast("AsyncDatabase", request.app.state.database).acting_as(actor)


def public_database(request: Request) -> AsyncDatabase:
    """The database for those who have not signed in."""
    return cast("AsyncDatabase", request.app.state.database).acting_as(ANONYMOUS)


def own_id(actor: Actor) -> UUID:
    """The id of whoever signed in. Raises NotAuthenticated for an actor who is no person."""
    if actor.id is None:
        raise NotAuthenticated
    return actor.id


def banking_options(request: Request) -> BankingOptions:
    """`app.state.banking_options`, or what a bank decides by default."""
    return cast("BankingOptions", getattr(request.app.state, "banking_options", DEFAULTS))


def token_service(request: Request) -> TokenService:
    """`app.state.tokens`, as far as they open the bank."""
    return cast("TokenService", request.app.state.tokens).of(SYSTEM)


def letter_courier(request: Request) -> Courier:
    """`app.state.banking_courier`; without one, letters are dropped and a warning is logged."""
    return cast("Courier", getattr(request.app.state, "banking_courier", _drop))


async def _drop(letter: Letter) -> None:
    log.warning("a %s letter was not sent: set app.state.banking_courier", letter.kind)


ActingDatabase = Annotated[AsyncDatabase, Depends(acting_database)]
PublicDatabase = Annotated[AsyncDatabase, Depends(public_database)]
Options = Annotated[BankingOptions, Depends(banking_options)]
Tokens = Annotated[TokenService, Depends(token_service)]
LetterCourier = Annotated[Courier, Depends(letter_courier)]
Owner = Annotated[UUID | None, Query(description="Whose; your own when left out, others as administrator only.")]
#: goes into `dependencies=` of a route
ADMINISTRATOR = Depends(require_role("admin", system=SYSTEM))
