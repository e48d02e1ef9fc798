"""Shards: where a key belongs is agreed on by Python, by SQL and by every release."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.kernel.values import new_id, shard_of

KEYS = [UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC834 % 2**128) for number in range(1, 2001)]


def test_where_a_key_belongs_never_changes() -> None:
    assert [shard_of(key, 16) for key in KEYS[:12]] == [0, 7, 15, 8, 12, 15, 14, 5, 13, 6, 10, 1]


def test_postgresql_comes_to_the_same_shard(database: Database) -> None:
    def ask(session: Session, key: UUID, shards: int) -> object:
        query = (
            "SELECT n FROM generate_series(0, :shards - 1) n "
            "ORDER BY sha256(uuid_send(:key) || int4send(n)) DESC LIMIT 1"
        )
        return session.scalar(text(query), {"key": key, "shards": shards})

    for key in [*KEYS[:20], new_id()]:
        assert database.read(ask, key, 7) == shard_of(key, 7)


def test_shards_are_filled_evenly() -> None:
    filled = Counter(shard_of(key, 8) for key in KEYS)
    assert set(filled) == set(range(8))
    assert max(filled.values()) < 1.3 * len(KEYS) / 8


def test_a_new_shard_takes_its_share_and_nothing_else_moves() -> None:
    moved = [shard_of(key, 9) for key in KEYS if shard_of(key, 9) != shard_of(key, 8)]
    assert set(moved) == {8}
    assert 0.7 < len(moved) / (len(KEYS) / 9) < 1.3


def test_there_is_at_least_one_shard() -> None:
    assert shard_of(KEYS[0], 1) == 0
    with pytest.raises(ValueError, match="at least one"):
        shard_of(KEYS[0], 0)
