"""One cache of a database: where answers are kept, and that one question is asked once at a time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session
from sqlalchemy.util import await_only

from strongroom.kernel.caching.memory import MemoryStore
from strongroom.kernel.caching.stores import Entry, Store
from strongroom.kernel.sessions import AsyncDatabase, Database

T = TypeVar("T")

#: execution option of an engine under which its cache stands
CACHE = "strongroom_cache"
#: how long one who asks the same as another waits for the other's answer before asking for itself
WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What a cache has done. hits: answers given again; misses: asked of the database and kept.

    waited: hits on an answer that another was asking for at that moment; bypassed: reads in sessions that may write.
    """

    hits: int = 0
    misses: int = 0
    waited: int = 0
    bypassed: int = 0


class Cache:
    """Where the answers of one database are kept.

    stores: asked in this order; an answer found in a later one is kept in the earlier. revision: of code and schema;
    answers of another one are not found, since their shape may be another.
    """

    def __init__(self, stores: Sequence[Store] | None = None, *, revision: str = "") -> None:
        self.stores: tuple[Store, ...] = tuple(stores) if stores is not None else (MemoryStore(),)
        self.revision = revision
        self.figures = Figures()
        self._under_way: dict[tuple[str, str], Future[bytes | None]] = {}
        self._lock = threading.Lock()

    def answer(self, session: Session, key: str, version: str, ask: Callable[[], bytes]) -> bytes:
        """The answer of this version: a kept one, the one another is just asking for, or a new one.

        Raises what asking raises; such an end is kept for nobody.
        """
        kept = self._find(session, key, version)
        if kept is not None:
            self.count(hits=1)
            return kept
        mine: Future[bytes | None] = Future()
        with self._lock:
            others = self._under_way.setdefault((key, version), mine)
        if others is not mine:
            waited = _wait(session, others)
            if waited is not None:
                self.count(hits=1, waited=1)
                return waited
            return self._ask(session, key, version, ask)  # the other failed, or takes long: its failure is not ours
        result = None
        try:
            result = self._ask(session, key, version, ask)
            return result
        finally:
            with self._lock:
                del self._under_way[key, version]
            mine.set_result(result)

    def count(self, *, hits: int = 0, misses: int = 0, waited: int = 0, bypassed: int = 0) -> None:
        """Add to the figures."""
        with self._lock:
            was = self.figures
            self.figures = Figures(was.hits + hits, was.misses + misses, was.waited + waited, was.bypassed + bypassed)

    def clear(self) -> None:
        """Forget every answer. Never needed for them to be right."""
        for store in self.stores:
            store.clear()

    def _ask(self, session: Session, key: str, version: str, ask: Callable[[], bytes]) -> bytes:
        answer = ask()
        self.count(misses=1)
        for store in self.stores:
            _in(session, store, partial(store.keep, key, Entry(version, answer)))
        return answer

    def _find(self, session: Session, key: str, version: str) -> bytes | None:
        for place, store in enumerate(self.stores):
            entry = _in(session, store, partial(store.find, key))
            if entry is not None and entry.version == version:
                for earlier in self.stores[:place]:
                    _in(session, earlier, partial(earlier.keep, key, entry))
                return entry.answer
        return None


def install_cache(database: Database | AsyncDatabase, cache: Cache) -> None:
    """Have the cached reads of this database, by whatever actor, use this cache."""
    engine = database.engine if isinstance(database, Database) else database.engine.sync_engine
    engine.update_execution_options(**{CACHE: cache})


def find_cache(session: Session) -> Cache | None:
    """The cache of the session's database, if it has one."""
    cache = session.connection().get_execution_options().get(CACHE)
    return cache if isinstance(cache, Cache) else None


def _wait(session: Session, others: Future[bytes | None]) -> bytes | None:
    """Without holding up the event loop on which the other may be asking."""
    try:
        if session.connection().dialect.is_async:
            answer: bytes | None = await_only(asyncio.wait_for(asyncio.shield(asyncio.wrap_future(others)), WAIT_S))
            return answer
        return others.result(WAIT_S)
    except TimeoutError:
        return None


def _in(session: Session, store: Store, step: Callable[[], T]) -> T:
    if store.waits and session.connection().dialect.is_async:
        result: T = await_only(asyncio.to_thread(step))
        return result
    return step()
