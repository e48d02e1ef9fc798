"""Questions and answers about a report, in the order in which they were made."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strongroom.kernel.tables import CreatedAt, EnumText, Id, JsonDocument, database_now
from strongroom.kernel.values import moment_of
from strongroom.systems.export_readiness.models.belonging import OfReport
from strongroom.systems.export_readiness.models.row import Base
from strongroom.systems.export_readiness.rules import ChatRoleEnum


class ChatSession(OfReport, Base):
    """A conversation about one report. It ends at expires_at; talking does not move that."""

    __tablename__ = "chat_sessions"

    id: Mapped[Id]
    report_id: Mapped[UUID] = mapped_column(ForeignKey("export_readiness.reports.id", ondelete="CASCADE"), index=True)
    context_data: Mapped[dict[str, Any]] = mapped_column(JsonDocument(), default=dict, server_default="{}")
    created_at: Mapped[CreatedAt]
    last_activity: Mapped[datetime] = mapped_column(server_default=database_now())
    expires_at: Mapped[datetime] = mapped_column(index=True)

    messages: Mapped[list[ChatMessage]] = relationship(
        lazy="raise", passive_deletes="all", order_by=lambda: ChatMessage.id
    )

    __table_args__ = (CheckConstraint("expires_at > created_at", name="expires_at"),)


class ChatMessage(Base):
    """One question or one answer. Its id is a UUIDv7, so its order and the moment it was made lie in the id."""

    __tablename__ = "chat_messages"

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("export_readiness.chat_sessions.id", ondelete="CASCADE"))
    role: Mapped[ChatRoleEnum] = mapped_column(EnumText(ChatRoleEnum))
    content: Mapped[str]
    sources: Mapped[list[Any] | None] = mapped_column(JsonDocument(list))

    __table_args__ = (
        Index("ix_chat_messages_session_id_id", "session_id", "id"),
        CheckConstraint("length(trim(content)) > 0", name="content"),
        CheckConstraint("role = 'assistant' OR sources IS NULL", name="sources"),
    )

    @property
    def created_at(self) -> datetime:
        """When it was made, UTC, to the millisecond."""
        return moment_of(self.id)
