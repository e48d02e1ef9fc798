"""Ids that sort by time and are there before anything is stored: UUIDv7 (RFC 9562)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

from uuid_utils import compat

from strongroom.kernel.values.clock import as_utc

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def new_id() -> UUID:
    """A new UUIDv7; within one process each is greater than the one before."""
    return compat.uuid7()


def derived_id(moment: datetime, key: str) -> UUID:
    """The same UUIDv7 for the same moment and key, for an import that may run again.

    moment: its milliseconds are the time bits, from 1970 on. key: names the thing, its kind included; the
    random bits are the first ones of the key's SHA-256. Raises ValueError for a moment before 1970.
    """
    milliseconds = (as_utc(moment) - _EPOCH) // _MILLISECOND
    if milliseconds < 0:
        raise ValueError("a UUIDv7 cannot hold a moment before 1970")
    random = int.from_bytes(hashlib.sha256(key.encode()).digest()[:10], "big")
    random_a, random_b = random >> 68, random & (1 << 62) - 1
    return UUID(int=milliseconds << 80 | 0x7 << 76 | random_a << 64 | 0b10 << 62 | random_b)


def keyed_id(*parts: str) -> UUID:
    """A UUIDv8 (RFC 9562): the same for the same parts, and like no other's. None of them holds a zero character.

    For what is entered once, however often it is sent: system and noun, who sends it, and the key of the request.
    """
    digest = int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:16], "big")
    return UUID(int=digest & ~(0xF << 76) & ~(0b11 << 62) | 0x8 << 76 | 0b10 << 62)


def moment_of(identifier: UUID) -> datetime:
    """The moment in a UUIDv7, in UTC, to the millisecond. Raises ValueError for any other UUID."""
    if identifier.version != 7:
        raise ValueError("only a UUIDv7 holds a moment")
    return _EPOCH + (identifier.int >> 80) * _MILLISECOND
