"""Holds a cached read to what its key knows: the tables of versions, the actor it is for, and no clock.

An answer is given again while versions, arguments and actor are the same. So it must be made of nothing else; what a
read is not meant to know, it cannot reach here, whether its answer is kept or not. The first test of it tells.
"""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import event
from sqlalchemy.orm import Session

from strongroom.kernel.errors import StrongroomError
from strongroom.kernel.sessions.actors import ACTOR, CLOCK, Actor
from strongroom.kernel.tables import Row, cached_models, find_history
from strongroom.kernel.tables.versions import VERSIONS

#: what a query answers differently each time it is asked
_FICKLE = re.compile(
    r"\b(now\(\)|current_(date|time|timestamp)\b|localtime|(clock|statement|transaction)_timestamp\(|timeofday\(|"
    r"random\(|randomblob\(|gen_random_uuid\(|uuidv7\(|nextval\(|'now')",
    re.IGNORECASE,
)
_READS = re.compile(r"\s*(SELECT|WITH|EXPLAIN|VALUES|SET LOCAL|SAVEPOINT|RELEASE|ROLLBACK TO)\b", re.IGNORECASE)


class NotCacheable(StrongroomError):
    """{read} cannot be cached: {reason}"""

    code = "NOT_CACHEABLE"


@contextmanager
def guarded(session: Session, read: str, schema: str, seen: Actor) -> Iterator[None]:
    """Inside, the session acts as `seen`, has no clock, and reads only tables of the schema that versions are kept of.

    Raises NotCacheable for whatever else is tried.
    """
    known = _versioned_tables(schema)
    named = re.compile(rf'\b{schema}"?\."?(\w+)')

    def look(_: Any, __: Any, sql: str, *___: Any) -> None:
        if not _READS.match(sql):
            raise NotCacheable(read=read, reason="it does more than read")
        if fickle := _FICKLE.search(sql):
            raise NotCacheable(read=read, reason=f"{fickle[0]} gives another answer each time; take it as an argument")
        for table in named.findall(sql):
            if table not in known:
                raise NotCacheable(read=read, reason=f"no version is kept of {schema}.{table}; see cached_by")

    connection = session.connection()
    before = {name: session.info.get(name) for name in (ACTOR, CLOCK)}
    session.info.update({ACTOR: seen, CLOCK: _NoClock(read)})
    event.listen(connection, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", look)
        for name, value in before.items():
            if value is None:
                session.info.pop(name)
            else:
                session.info[name] = value


def pack(read: str, answer: object) -> bytes:
    """The answer as bytes. Raises NotCacheable for rows of a session and whatever else is no plain value."""
    buffer = io.BytesIO()
    try:
        _Packer(buffer, read).dump(answer)
    except NotCacheable:
        raise
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise NotCacheable(read=read, reason=f"its answer is no plain value ({error})") from None
    return buffer.getvalue()


def unpack(answer: bytes) -> Any:
    """A copy of the answer of its own for each caller."""
    return pickle.loads(answer)  # noqa: S301 - made by this process, or signed by one of ours


class _Packer(pickle.Pickler):
    def __init__(self, buffer: io.BytesIO, read: str) -> None:
        super().__init__(buffer, protocol=pickle.HIGHEST_PROTOCOL)
        self._read = read

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, Row):
            reason = f"it answers with {type(value).__name__}, a row of its session; answer with plain values"
            raise NotCacheable(read=self._read, reason=reason)
        return NotImplemented


class _NoClock:
    """Stands in for the clock: an answer that depends on the hour goes stale by itself."""

    def __init__(self, read: str) -> None:
        self._read = read

    def now(self) -> datetime:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise NotCacheable(read=self._read, reason="it asks the time; take the moment as an argument")


def _versioned_tables(schema: str) -> frozenset[str]:
    """Tables whose changes renew a version, with their histories, which change when they do."""
    tables = [model.__table__ for model in cached_models() if model.__table__.schema == schema]
    histories = [find_history(model) for model in cached_models() if model.__table__.schema == schema]
    return frozenset({VERSIONS, *(table.name for table in (*tables, *histories) if table is not None)})
