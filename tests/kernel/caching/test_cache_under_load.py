"""The cache under load: whoever asks hears of every commit that was acknowledged before; and the proof can fail."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from strongroom.kernel.caching import Cache, Entry, MemoryStore, anyone, cached_read, install_cache
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.testing.databases import open_async_database
from tests.kernel.caching.conftest import ASKED
from tests.kernel.granary import Farm, Harvest, granary

SECONDS = 1.5
WRITERS = 2
READERS = 3


@cached_read("granary", by="farm_id", seen_by=anyone)
def weight_of(session: Session, farm_id: UUID) -> int:
    return int(session.scalar(select(func.sum(Harvest.weight)).where(Harvest.farm_id == farm_id)) or 0)


@cached_read("granary", seen_by=anyone)
def weight_of_all(session: Session) -> int:
    return int(session.scalar(select(func.sum(Harvest.weight))) or 0)


class Gullible(MemoryStore):
    """Says of every answer that it is of the version that is asked for: a cache without the check of versions."""

    asked_for = ""

    def find(self, key: str) -> Entry | None:
        entry = super().find(key)
        return None if entry is None else Entry(self.asked_for, entry.answer)


class BlindCache(Cache):
    """A cache over such a store."""

    def answer(self, session: Session, key: str, version: str, ask: Callable[[], bytes]) -> bytes:
        for store in self.stores:
            assert isinstance(store, Gullible)
            store.asked_for = version
        return super().answer(session, key, version, ask)


@pytest.mark.parametrize("read", ["of one scope", "of all scopes"])
def test_nobody_hears_less_than_was_committed_before_they_asked(any_database: Database, read: str) -> None:
    cache = Cache()
    install_cache(any_database, cache)
    stale, foretold, asked = hammer(any_database, of_all=read == "of all scopes")
    assert (stale, foretold) == (0, 0)
    assert asked > 50
    assert cache.figures.hits > 10


def test_without_the_check_of_versions_stale_answers_would_be_found(any_database: Database) -> None:
    install_cache(any_database, BlindCache([Gullible()]))
    stale, _, _ = hammer(any_database, of_all=False)
    assert stale > 0


def test_the_same_question_is_asked_once_at_a_time(database: Database) -> None:
    cache = Cache()
    install_cache(database, cache)
    farm = add_farm(database)

    @cached_read("granary", by="farm_id", seen_by=anyone)
    def slow(session: Session, farm_id: UUID) -> int:
        ASKED["slow"] += 1
        time.sleep(0.3)
        return int(session.scalar(select(func.sum(Harvest.weight)).where(Harvest.farm_id == farm_id)) or 0)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: database.read(slow, farm), range(8))) == [1] * 8
    assert ASKED["slow"] == 1
    assert cache.figures.hits == 7


def test_tasks_wait_for_each_other_without_holding_the_loop_up(any_options: DatabaseOptions) -> None:
    async def run() -> tuple[list[int], int]:
        database = open_async_database(any_options, (granary,))
        install_cache(database, cache)
        try:
            farm = await database.write(lambda session: _added(session))
            answers = await asyncio.wait_for(asyncio.gather(*(database.read(weight_of, farm) for _ in range(12))), 20)
            await database.write(heavier)
            return answers, await database.read(weight_of, farm)
        finally:
            await database.close()

    cache = Cache()
    assert asyncio.run(run()) == ([1] * 12, 2)
    assert (cache.figures.misses, cache.figures.hits) == (2, 11)


def test_one_who_fails_or_gives_up_takes_nobody_along(postgresql_options: DatabaseOptions) -> None:
    @cached_read("granary", seen_by=anyone)
    def weight_after_a_while(session: Session) -> int:
        ASKED["weight"] += 1
        first = ASKED["weight"] == 1
        session.execute(select(func.pg_sleep(0.5 if first else 0)))
        return int(session.scalar(select(func.sum(Harvest.weight))) or 0)

    async def run() -> int:
        database: AsyncDatabase = open_async_database(postgresql_options, (granary,))
        install_cache(database, Cache())
        try:
            await database.write(lambda session: _added(session))
            first = asyncio.create_task(database.read(weight_after_a_while))
            await asyncio.sleep(0.2)
            second = asyncio.create_task(database.read(weight_after_a_while))
            await asyncio.sleep(0.1)
            first.cancel()
            return await asyncio.wait_for(second, 5)  # less than one waits for an answer that never comes
        finally:
            await database.close()

    assert asyncio.run(run()) == 1
    assert ASKED["weight"] == 2


def hammer(database: Database, *, of_all: bool) -> tuple[int, int, int]:
    """How many answers were older than a commit before the question, how many newer than any change, and how many."""
    farm = add_farm(database)
    committed = begun = 1
    counting = threading.Lock()
    ended = threading.Event()

    def write() -> None:
        nonlocal committed, begun
        while not ended.is_set():
            with counting:
                begun += 1
            database.write(heavier)
            with counting:
                committed += 1
            time.sleep(0.004)

    def ask() -> tuple[int, int, int]:
        stale = foretold = asked = 0
        while not ended.is_set():
            with counting:
                least = committed
            heard = database.read(weight_of_all) if of_all else database.read(weight_of, farm)
            with counting:
                most = begun
            stale += heard < least
            foretold += heard > most
            asked += 1
        return stale, foretold, asked

    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        writing = [pool.submit(write) for _ in range(WRITERS)]
        asking = [pool.submit(ask) for _ in range(READERS)]
        time.sleep(SECONDS)
        ended.set()
        for one in writing:
            one.result()
        told = [one.result() for one in asking]
    stale, foretold, asked = (sum(figures) for figures in zip(*told, strict=True))
    return stale, foretold, asked


def add_farm(database: Database) -> UUID:
    return database.write(lambda session: _added(session))


def heavier(session: Session) -> None:
    """One tonne more."""
    session.execute(update(Harvest).values(weight=Harvest.weight + Decimal(1)))


def _added(session: Session) -> UUID:
    """A farm with one harvest of one tonne."""
    farm = Farm(name="Hill")
    session.add(farm)
    session.flush()
    session.add(Harvest(farm_id=farm.id, day=date(2025, 5, 5)))
    return farm.id
