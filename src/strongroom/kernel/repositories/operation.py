"""Lets one class serve both kinds of session: a method is written once, plainly, and awaited over an AsyncSession.

    UserRepository(db).get_user_by_email("a@b.org")          # Session: the row
    await UserRepository(db).get_user_by_email("a@b.org")    # AsyncSession: an awaitable of the row

The type checker knows which of the two it is from the session the repository was made with.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, overload

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

P = ParamSpec("P")
T = TypeVar("T")
SessionT = TypeVar("SessionT", Session, AsyncSession)
SessionT_co = TypeVar("SessionT_co", Session, AsyncSession, covariant=True)


class HoldsSession(Protocol[SessionT_co]):
    """Anything that was made with a session."""

    @property
    def session(self) -> SessionT_co: ...


class operation(Generic[P, T]):
    """A method whose body is written over a Session and which an AsyncSession turns into an awaitable."""

    def __init__(self, body: Callable[Concatenate[Any, P], T]) -> None:
        self.body = body
        update_wrapper(self, body)  # type: ignore[arg-type]  # it is called through __get__ only

    @overload
    def __get__(self, holder: None, owner: type) -> operation[P, T]: ...
    @overload
    def __get__(self, holder: HoldsSession[Session], owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, holder: HoldsSession[AsyncSession], owner: type) -> Callable[P, Awaitable[T]]: ...
    def __get__(self, holder: Any, owner: type) -> Any:
        if holder is None:
            return self
        if not isinstance(holder.session, AsyncSession):
            return self.body.__get__(holder, owner)

        async def awaited(*args: P.args, **kwargs: P.kwargs) -> T:
            def on_bridge(session: Session) -> T:
                return self.body(owner(session), *args, **kwargs)

            result: T = await holder.session.run_sync(on_bridge)
            return result

        return awaited
