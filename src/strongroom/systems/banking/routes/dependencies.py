"""What routes are handed: the database in the caller's name, the bank's options, cursors, tokens and the courier."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Literal, cast
from uuid import UUID

from fastapi import Depends, Query, Request

from strongroom.kernel.sessions import Actor, AsyncDatabase
from strongroom.kernel.web import TokenService, acting_database, bearer_actor, require_role, token_service
from strongroom.systems.banking.options import DEFAULTS, BankingOptions

log = logging.getLogger("strongroom.banking")


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


def banking_options(request: Request) -> BankingOptions:
    """`app.state.banking_options`, or what a bank decides by default."""
    return cast("BankingOptions", getattr(request.app.state, "banking_options", DEFAULTS))


def letter_courier(request: Request) -> Courier:
    """`app.state.banking_courier`; without one, letters are dropped and a warning is logged."""
    return cast("Courier", getattr(request.app.state, "banking_courier", _drop))


async def _drop(letter: Letter) -> None:
    log.warning("a %s letter was not sent: set app.state.banking_courier", letter.kind)


ActingDatabase = Annotated[AsyncDatabase, Depends(acting_database(SYSTEM))]
Options = Annotated[BankingOptions, Depends(banking_options)]
Tokens = Annotated[TokenService, Depends(token_service(SYSTEM))]
LetterCourier = Annotated[Courier, Depends(letter_courier)]
Owner = Annotated[UUID | None, Query(description="Whose; your own when left out, others as administrator only.")]
#: goes into `dependencies=` of a route
ADMINISTRATOR = Depends(require_role("admin", system=SYSTEM))
