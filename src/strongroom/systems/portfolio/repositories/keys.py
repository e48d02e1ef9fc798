"""Ids as callers give them."""

from __future__ import annotations

from uuid import UUID

from strongroom.kernel.errors import NotFound


def as_key(value: UUID | str, not_found: type[NotFound]) -> UUID:
    """The id as a UUID; what cannot be one is simply not there. Raises not_found."""
    try:
        return value if isinstance(value, UUID) else UUID(value)
    except ValueError:
        raise not_found from None
