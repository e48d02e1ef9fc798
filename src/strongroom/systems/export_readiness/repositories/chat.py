"""Conversations and what was said in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.systems.export_readiness.errors import ChatSessionNotFound
from strongroom.systems.export_readiness.models import ChatMessage, ChatSession


@query
def sessions_of_report(report_id: UUID) -> Select[ChatSession]:
    """Newest first."""
    found = select(ChatSession).where(ChatSession.report_id == report_id)
    return found.order_by(ChatSession.created_at.desc(), ChatSession.id.desc())


@query
def messages_of_session(session_id: UUID) -> Select[ChatMessage]:
    """Oldest first."""
    return select(ChatMessage).where(ChatMessage.session_id == session_id).order_by(ChatMessage.id)


class ChatSessionRepository(Repository[SessionT, ChatSession]):
    """Conversations."""

    row = ChatSession
    not_found = ChatSessionNotFound

    @operation
    def latest_messages(self: ChatSessionRepository[Session], session_id: UUID, count: int) -> list[ChatMessage]:
        """The most recent messages, oldest first."""
        latest = select(ChatMessage).where(ChatMessage.session_id == session_id)
        return list(self.session.scalars(latest.order_by(ChatMessage.id.desc()).limit(count)))[::-1]

    @operation
    def forget_messages(self: ChatSessionRepository[Session], session_id: UUID) -> int:
        """Remove what was said; how many messages."""
        gone = delete(ChatMessage).where(ChatMessage.session_id == session_id).returning(ChatMessage.id)
        return len(self.session.scalars(gone).all())

    @operation
    def forget_expired(self: ChatSessionRepository[Session], ended_before: datetime, limit: int = 500) -> int:
        """Remove conversations that ended before that moment, with what was said; how many."""
        expired = select(ChatSession.id).where(ChatSession.expires_at < ended_before).limit(limit)
        keys = self.session.scalars(expired.with_for_update(skip_locked=True)).all()
        self.session.execute(delete(ChatSession).where(ChatSession.id.in_(keys)))
        return len(keys)
