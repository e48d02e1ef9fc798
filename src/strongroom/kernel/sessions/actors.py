"""Who acts: every write knows, so that ownership and audit never have to guess."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


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
