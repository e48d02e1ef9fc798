"""Stores: bounded, forgetful, and believed only as far as they can prove what they say."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from strongroom.kernel.caching import Cache, Entry, MemoryStore, RedisStore, install_cache
from strongroom.kernel.caching.memory import OVERHEAD_BYTES
from strongroom.kernel.sessions import AsyncDatabase, Database
from tests.kernel.caching.conftest import ASKED, total_of
from tests.kernel.granary import Farm, Harvest

needs_redis = pytest.mark.skipif(shutil.which("redis-server") is None, reason="no redis-server is installed")
SECRET = b"s" * 32


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """A Redis of this test's own, behind a socket; its URL."""
    socket = tmp_path / "redis.sock"
    command = ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while not socket.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield f"unix://{socket}"
    server.terminate()
    server.wait(10)


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    store = MemoryStore(entries_max=2)
    for key in "ab":
        store.keep(key, Entry("1", b""))
    store.find("a")
    store.keep("c", Entry("1", b""))
    assert [key for key in "abc" if store.find(key)] == ["a", "c"]
    assert store.evicted == 1


def test_a_store_never_holds_more_bytes_than_it_may() -> None:
    store = MemoryStore(bytes_max=10 * (OVERHEAD_BYTES + 1000))
    for number in range(50):
        store.keep(str(number % 20), Entry("1", bytes(1000)))
        assert store.bytes <= store.bytes_max
    assert len(store) == 10
    store.keep("19", Entry("2", b""))
    assert store.bytes == 9 * (OVERHEAD_BYTES + 1000) + OVERHEAD_BYTES
    store.clear()
    assert (len(store), store.bytes) == (0, 0)


def test_an_answer_that_would_drive_out_the_others_is_not_kept() -> None:
    store = MemoryStore(bytes_max=4000)
    store.keep("small", Entry("1", b""))
    store.keep("large", Entry("1", bytes(1000)))
    assert store.find("large") is None
    assert store.find("small")


def test_an_older_answer_does_not_outlive_one_that_was_too_large() -> None:
    store = MemoryStore(bytes_max=4000)
    store.keep("a", Entry("1", b""))
    store.keep("a", Entry("2", bytes(1000)))
    assert store.find("a") is None


@needs_redis
def test_processes_share_answers_through_redis(database: Database, redis: str) -> None:
    farm = add_farm(database)
    for _ in range(2):  # each with a memory of its own
        install_cache(database, Cache([MemoryStore(), RedisStore(redis, SECRET)]))
        assert [database.read(total_of, farm).weight for _ in range(2)] == [1, 1]
    assert ASKED["total_of"] == 1
    database.write(lambda session: session.add(Harvest(farm_id=farm, day=date(2026, 1, 1))))
    assert database.read(total_of, farm).weight == 2


@needs_redis
async def test_tasks_ask_redis_too(async_database: AsyncDatabase, database: Database, redis: str) -> None:
    farm = add_farm(database)
    cache = Cache([RedisStore(redis, SECRET)])
    install_cache(async_database, cache)
    answers = [(await async_database.read(total_of, farm)).weight for _ in range(3)]
    assert answers == [1, 1, 1]
    assert (cache.figures.misses, cache.figures.hits) == (1, 2)


@needs_redis
def test_what_others_wrote_into_redis_is_not_believed(redis: str) -> None:
    mine, others = RedisStore(redis, SECRET), RedisStore(redis, b"o" * 32)
    mine.keep("a", Entry("1", b"mine"))
    assert mine.find("a") == Entry("1", b"mine")
    assert others.find("a") is None
    others.keep("a", Entry("1", b"forged"))
    assert mine.find("a") is None
    mine.keep("a", Entry("1", b"mine"))
    mine._redis.copy("strongroom:cache:a", "strongroom:cache:b")
    assert mine.find("b") is None
    mine._redis.set("strongroom:cache:a", b"short")
    assert mine.find("a") is None
    assert mine.failures == 3


@needs_redis
def test_redis_forgets_in_time_and_on_demand(redis: str) -> None:
    store = RedisStore(redis, SECRET, ttl_s=100)
    store.keep("a", Entry("1", b""))
    assert 0 < int(store._redis.ttl("strongroom:cache:a")) <= 100
    store.clear()
    assert store.find("a") is None


def test_a_redis_that_is_gone_costs_a_moment_and_no_answer(database: Database, tmp_path: Path) -> None:
    pytest.importorskip("redis")
    farm = add_farm(database)
    store = RedisStore(f"unix://{tmp_path / 'gone.sock'}", SECRET)
    install_cache(database, Cache([store]))
    began = time.monotonic()
    assert [database.read(total_of, farm).weight for _ in range(20)] == [1] * 20
    assert time.monotonic() - began < 5
    assert store.failures == 1  # after which it is left alone for a while
    assert ASKED["total_of"] == 20


def add_farm(database: Database) -> UUID:
    """A farm with one harvest of one tonne."""
    farm = Farm(name="Hill")
    database.write(lambda session: session.add(farm))
    database.write(lambda session: session.add(Harvest(farm_id=farm.id, day=date(2025, 5, 5))))
    return farm.id
