"""Questions and answers on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import RequestBody, ResponseBody
from strongroom.systems.export_readiness.rules import ChatRoleEnum
from strongroom.systems.export_readiness.schemas.bodies import ReportId


class ConversationIn(RequestBody):
    """What is to be known besides the report."""

    context: dict[str, Any] = Field(default={}, max_length=50)


class QuestionIn(RequestBody):
    """What is asked."""

    question: str = Field(min_length=1, max_length=1000, examples=["Which certificate takes longest?"])


class ConversationOut(ResponseBody):
    """A conversation. After expires_at it takes no question; talking does not move that."""

    id: UUID
    report_id: ReportId
    context_data: dict[str, Any]
    created_at: datetime
    last_activity: datetime
    expires_at: datetime


class MessageOut(ResponseBody):
    """A question or an answer, with what the answer rests on."""

    id: UUID
    role: ChatRoleEnum
    content: str
    sources: list[dict[str, Any]] | None
    created_at: datetime


class ExchangeOut(ResponseBody):
    """A question and its answer."""

    question: MessageOut
    answer: MessageOut


class ForgottenOut(ResponseBody):
    """How many were removed."""

    forgotten: int
