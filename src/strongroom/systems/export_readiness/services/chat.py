"""Conversations about a report. Whoever answers is asked between two transactions, never inside one.

question = database.read(prepare_question, session_id, text)
answer = find_answer(answerer, question)
exchange = database.write(store_exchange, question, answer)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import Database, now_of
from strongroom.kernel.values import new_id
from strongroom.systems.export_readiness.errors import AnswerFailed, ConversationEnded
from strongroom.systems.export_readiness.models import ChatMessage, ChatSession
from strongroom.systems.export_readiness.options import DEFAULTS, ExportReadinessOptions
from strongroom.systems.export_readiness.repositories import ChatSessionRepository, sessions_of_report
from strongroom.systems.export_readiness.rules import ChatRoleEnum, dotted
from strongroom.systems.export_readiness.rules.answering import answer_from_passages
from strongroom.systems.export_readiness.rules.chat import (
    REMEMBERED,
    Answer,
    Answerer,
    Question,
    Turn,
    checked_answer,
    following_id,
    normalise_question,
)
from strongroom.systems.export_readiness.rules.documents import plain_fields
from strongroom.systems.export_readiness.services.access import (
    check_is_administrator,
    get_own_part,
    get_own_report,
)
from strongroom.systems.export_readiness.services.knowledge import gather

HISTORY_MAX = 200


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer, as they are stored."""

    question: ChatMessage
    answer: ChatMessage


def ask(database: Database, session_id: UUID | str, text: str, answerer: Answerer = answer_from_passages) -> Exchange:
    """All three steps, for a caller without a transaction.

    Raises ChatSessionNotFound, ConversationEnded, InvalidValue, AnswerFailed; then nothing is stored.
    """
    question = database.read(prepare_question, session_id, text)
    answer = find_answer(answerer, question)
    return database.write(store_exchange, question, answer)


def start_conversation(
    session: Session,
    report_id: UUID | str,
    context: Mapping[str, Any] | None = None,
    *,
    session_id: UUID | None = None,
    options: ExportReadinessOptions = DEFAULTS,
) -> ChatSession:
    """Begin a conversation, empty. context: what is to be known besides the report. Raises ReportNotFound."""
    report = get_own_report(session, report_id)
    now = now_of(session)
    known = {
        "product_type": report.product_name,
        "destination": report.destination_country,
        "hs_code": dotted(report.hs_code) if report.hs_code else None,
        "business_type": report.business_type.value,
        **plain_fields(context or {}),
    }
    conversation = ChatSession(
        id=session_id or new_id(),
        report_id=report.id,
        context_data={name: value for name, value in known.items() if value is not None},
        created_at=now,
        last_activity=now,
        expires_at=now + options.conversation_lifetime,
    )
    return ChatSessionRepository(session).add(conversation)


def prepare_question(session: Session, session_id: UUID | str, text: str) -> Question:
    """What whoever answers is given. Reads only. Raises ChatSessionNotFound, ConversationEnded, InvalidValue."""
    asked, now = normalise_question(text), now_of(session)
    conversation = get_conversation(session, session_id)
    if now >= conversation.expires_at:
        raise ConversationEnded(expires_at=conversation.expires_at.isoformat())
    latest = ChatSessionRepository(session).latest_messages(conversation.id, REMEMBERED)
    return Question(
        session_id=conversation.id,
        text=asked,
        asked_at=now,
        context=dict(conversation.context_data),
        history=tuple(Turn(message.role, message.content) for message in latest),
        passages=gather(session, get_own_report(session, conversation.report_id), asked),
    )


def find_answer(answerer: Answerer, question: Question) -> Answer:
    """Ask. Raises AnswerFailed for whatever goes wrong there, and for an answer that cannot be used."""
    try:
        return checked_answer(answerer(question))
    except Exception as error:  # an answerer is anybody's: a model, a service, a search
        raise AnswerFailed from error


def store_exchange(session: Session, question: Question, answer: Answer) -> Exchange:
    """Store question and answer together, behind what was said before. A question asked in time is stored in time.

    Raises ChatSessionNotFound when the conversation is gone by now.
    """
    conversation = get_own_part(ChatSessionRepository(session), question.session_id)
    # one exchange after the other, so that no answer stands behind somebody else's question
    conversation = ChatSessionRepository(session).lock([conversation.id])[conversation.id]
    latest = ChatSessionRepository(session).latest_messages(conversation.id, 1)
    asked = ChatMessage(
        id=following_id(latest[0].id if latest else None),
        session_id=conversation.id,
        role=ChatRoleEnum.USER,
        content=question.text,
    )
    answered = ChatMessage(
        id=following_id(asked.id),
        session_id=conversation.id,
        role=ChatRoleEnum.ASSISTANT,
        content=answer.text,
        sources=[citation.as_json() for citation in answer.citations],
    )
    session.add_all([asked, answered])
    conversation.last_activity = max(now_of(session), conversation.last_activity)
    session.flush()
    return Exchange(asked, answered)


def get_conversation(session: Session, session_id: UUID | str) -> ChatSession:
    """Raises ChatSessionNotFound."""
    return get_own_part(ChatSessionRepository(session), session_id)


def list_conversations(session: Session, report_id: UUID | str, *, limit: int = 50) -> Sequence[ChatSession]:
    """Newest first. Raises ReportNotFound, InvalidValue."""
    report = get_own_report(session, report_id)
    return session.scalars(sessions_of_report(report.id).limit(_checked(limit))).all()


def history(session: Session, session_id: UUID | str, *, limit: int = 50) -> Sequence[ChatMessage]:
    """The most recent messages, oldest first; also after its end. Raises ChatSessionNotFound, InvalidValue."""
    conversation = get_conversation(session, session_id)
    return ChatSessionRepository(session).latest_messages(conversation.id, _checked(limit))


def clear_conversation(session: Session, session_id: UUID | str) -> int:
    """Forget what was said; the conversation stays. How many messages. Raises ChatSessionNotFound."""
    conversation = get_conversation(session, session_id)
    ChatSessionRepository(session).lock([conversation.id])
    return ChatSessionRepository(session).forget_messages(conversation.id)


def delete_conversation(session: Session, session_id: UUID | str) -> None:
    """Forget it altogether. Raises ChatSessionNotFound."""
    session.delete(get_conversation(session, session_id))
    session.flush()


def forget_expired(session: Session, *, limit: int = 500, options: ExportReadinessOptions = DEFAULTS) -> int:
    """Remove conversations whose time after their end is over, some at a time; how many. Administrators only."""
    check_is_administrator(session)
    return ChatSessionRepository(session).forget_expired(now_of(session) - options.conversation_kept, limit)


def _checked(limit: int) -> int:
    if not 1 <= limit <= HISTORY_MAX:
        raise InvalidValue(field="limit", reason=f"must be between 1 and {HISTORY_MAX}")
    return limit
