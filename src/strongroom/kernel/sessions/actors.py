"""Who acts, and when: every session knows, so that ownership, audit and rules of time never have to guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.values import Clock, SystemClock

#: keys in session.info under which the acting person or program, and the clock, stand
ACTOR = "actor"
CLOCK = "clock"
_SYSTEM_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a program. id: the user's id, None for programs. roles: what the system lets them do."""

    id: UUID | None
    name: str
    roles: frozenset[str] = frozenset()

    def has_role(self, *roles: str) -> bool:
        """Whether the actor has any of these roles."""
        return not self.roles.isdisjoint(roles)


#: the program itself: migrations, imports, scheduled work
SYSTEM = Actor(None, "system", frozenset({"system"}))


def actor_of(session: Session) -> Actor:
    """Who is acting in this session; every write knows."""
    return cast("Actor", session.info.get(ACTOR, SYSTEM))


def now_of(session: Session) -> datetime:
    """The present moment, UTC, by the clock the database was given."""
    return cast("Clock", session.info.get(CLOCK, _SYSTEM_CLOCK)).now()
