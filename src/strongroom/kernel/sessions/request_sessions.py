"""Keeps the sessions that one web request opened, so that COMMIT can come before the response."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from strongroom.kernel.sessions.unit_of_work import commit_async_session, commit_session


class RequestSessions:
    """The sessions of one request, in order of opening; whoever opened a session still closes it."""

    def __init__(self) -> None:
        self._sessions: list[Session | AsyncSession] = []

    def add(self, session: Session | AsyncSession) -> None:
        """Hand the session's COMMIT over to the request."""
        self._sessions.append(session)

    async def commit_all(self) -> None:
        """COMMIT each session in turn; at the first failure roll the rest back and raise what failed.

        Two sessions are two transactions: when the second fails, the first is stored.
        """
        try:
            for session in self._sessions:
                if isinstance(session, AsyncSession):
                    await commit_async_session(session)
                else:
                    await asyncio.to_thread(commit_session, session)
        except BaseException:
            await self.rollback_all()
            raise

    async def rollback_all(self) -> None:
        """Give every open transaction up; a session without one is left alone."""
        for session in self._sessions:
            if not session.in_transaction():
                continue
            if isinstance(session, AsyncSession):
                await session.rollback()
            else:
                await asyncio.to_thread(session.rollback)


_current: ContextVar[RequestSessions | None] = ContextVar("strongroom_request_sessions", default=None)


@contextmanager
def open_scope() -> Iterator[RequestSessions]:
    """Collect every session registered inside the block, also from threads that copied its context."""
    sessions = RequestSessions()
    token = _current.set(sessions)
    try:
        yield sessions
    finally:
        _current.reset(token)


def register(session: Session | AsyncSession) -> bool:
    """Hand the session to the request in progress; False outside of one, where the caller commits it."""
    sessions = _current.get()
    if sessions is None:
        return False
    sessions.add(session)
    return True
