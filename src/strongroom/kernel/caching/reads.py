"""Marks a read as cached. Its answer is given again only while the database says that nothing in its scope changed."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy.orm import Session

from strongroom.kernel.caching.cache import find_cache
from strongroom.kernel.caching.guarding import NotCacheable, guarded, pack, unpack
from strongroom.kernel.caching.keys import digest
from strongroom.kernel.caching.versions import find_version, reads_one_snapshot
from strongroom.kernel.sessions import Actor, actor_of

P = ParamSpec("P")
T = TypeVar("T")

__all__ = ["NotCacheable", "anyone", "by_roles", "cached_read", "whole_actor"]


def whole_actor(actor: Actor) -> Actor:
    """Each actor has answers of their own."""
    return actor


def by_roles(actor: Actor) -> Actor:
    """Those who have the same roles share answers; the read knows nothing else of them."""
    return Actor(None, "anyone", actor.roles)


def anyone(_: Actor) -> Actor:
    """All share answers; the read knows nothing of who asks."""
    return Actor(None, "anyone")


def cached_read(
    schema: str, *, by: str | None = None, seen_by: Callable[[Actor], Actor] = whole_actor
) -> Callable[[Callable[Concatenate[Session, P], T]], Callable[Concatenate[Session, P], T]]:
    """Mark a function over a session as a cached read of a system.

    by: the parameter that holds the scope, or several of them: a change of any other leaves the answer as it is;
    None: made of all scopes. seen_by: what of the actor the read may know, and by which answers are told apart.

    The function reads tables declared `cached_by`, answers with plain values, takes the time as an argument, and may
    be called in any session: answers are kept and given in `read()`, which sees one snapshot; a session that may
    write asks the database each time. Raises NotCacheable when it does anything else.
    """

    def mark(read: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session, P], T]:
        signature = inspect.signature(read)
        name = f"{read.__module__}.{read.__qualname__}"

        @functools.wraps(read)
        def ask(session: Session, *args: P.args, **kwargs: P.kwargs) -> T:
            seen = seen_by(actor_of(session))

            def compute() -> T:
                with guarded(session, name, schema, seen):
                    return read(session, *args, **kwargs)

            cache = find_cache(session)
            if cache is None:
                return compute()
            bound = signature.bind(session, *args, **kwargs)
            bound.apply_defaults()
            arguments = dict(list(bound.arguments.items())[1:])
            version = None
            if reads_one_snapshot(session.connection()):
                version = find_version(session, schema, _scopes(arguments, by))
            if version is None:
                cache.count(bypassed=1)
                return compute()
            try:
                key = digest(cache.revision, _database(session), name, arguments, seen)
            except TypeError as error:
                raise NotCacheable(read=name, reason=f"an argument of it is no plain value ({error})") from None
            answer: T = unpack(cache.answer(session, key, version, lambda: pack(name, compute())))
            return answer

        return cast("Callable[Concatenate[Session, P], T]", ask)

    return mark


def _database(session: Session) -> tuple[Any, ...]:
    """Tells databases apart that share a store; not in whose name they are connected to."""
    bind = session.get_bind()
    url = bind.engine.url
    return (url.host, url.port, url.database, dict(url.query))


def _scopes(arguments: dict[str, Any], by: str | None) -> Collection[Any] | None:
    if by is None:
        return None
    value = arguments[by]
    return value if isinstance(value, list | tuple | set | frozenset) else (value,)
