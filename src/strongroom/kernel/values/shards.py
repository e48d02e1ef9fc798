"""Which shard a row belongs to: the same in every process, on every machine, in Python and in SQL."""

from __future__ import annotations

import hashlib
from uuid import UUID


def shard_of(key: UUID, shards: int) -> int:
    """The number of a key's shard, from 0 to shards - 1. Raises ValueError for less than one shard.

    Rendezvous hashing (Thaler and Ravishankar, 1998): of all shards the one whose SHA-256 of key and number is the
    greatest. With one shard more, one key in `shards + 1` moves, each of them to the new shard. In PostgreSQL:

        SELECT n FROM generate_series(0, shards - 1) n ORDER BY sha256(uuid_send(key) || int4send(n)) DESC LIMIT 1
    """
    if shards < 1:
        raise ValueError("there must be at least one shard")
    return max(range(shards), key=lambda number: hashlib.sha256(key.bytes + number.to_bytes(4, "big")).digest())
