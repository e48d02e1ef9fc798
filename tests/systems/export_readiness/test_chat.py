"""Conversations on real databases: nothing is held while somebody thinks, and an exchange is stored whole."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AccessDenied
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.values import FixedClock
from strongroom.systems.export_readiness.errors import (
    AnswerFailed,
    ChatSessionNotFound,
    ConversationEnded,
    ReportNotFound,
)
from strongroom.systems.export_readiness.models import ChatMessage
from strongroom.systems.export_readiness.rules import ChatRoleEnum
from strongroom.systems.export_readiness.rules.chat import Answer, Citation, Question
from strongroom.systems.export_readiness.services import action_plan, chat
from tests.systems.export_readiness.building import acting, add_user
from tests.systems.export_readiness.progressing import completed_report

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def conversation(session: Session, /, **context: Any) -> tuple[UUID, UUID, UUID]:
    """Ids of a business, its report and a conversation about that."""
    user_id, report_id = completed_report(session)
    return user_id, report_id, chat.start_conversation(session, report_id, context).id


def echo(question: Question) -> Answer:
    return Answer(f"you asked {question.text}", (Citation("T", "S", "E", Decimal("0.75"), "https://example.com"),))


def texts(messages: Sequence[ChatMessage]) -> list[str]:
    return [message.content for message in messages]


def test_a_conversation_knows_its_report_and_ends_after_a_day(any_database: Database) -> None:
    clock = any_database.clock = FixedClock(NOW)
    _, report_id, session_id = any_database.write(conversation, language="hi")
    begun = any_database.read(chat.get_conversation, session_id)
    assert begun.context_data == {
        "product_type": "Turmeric powder",
        "destination": "United States",
        "hs_code": "0910.30",
        "business_type": "Manufacturing",
        "language": "hi",
    }
    assert begun.expires_at == NOW + timedelta(hours=24)
    clock.advance(timedelta(hours=23))
    chat.ask(any_database, session_id, "still there?", echo)
    talked = any_database.read(chat.get_conversation, session_id)
    assert (talked.last_activity, talked.expires_at) == (NOW + timedelta(hours=23), NOW + timedelta(hours=24))
    clock.advance(timedelta(hours=1))
    with pytest.raises(ConversationEnded):
        chat.ask(any_database, session_id, "and now?", echo)
    assert len(any_database.read(chat.history, session_id)) == 2
    another = any_database.write(chat.start_conversation, report_id)
    assert any_database.read(chat.history, another.id) == []


def test_question_and_answer_are_stored_in_this_order_with_sources(any_database: Database) -> None:
    _, _, session_id = any_database.write(conversation)
    exchange = chat.ask(any_database, session_id, "  first  ", echo)
    assert exchange.question.id < exchange.answer.id
    question, answer = any_database.read(chat.history, session_id)
    assert (question.role, question.content, question.sources) == (ChatRoleEnum.USER, "first", None)
    assert (answer.role, answer.content) == (ChatRoleEnum.ASSISTANT, "you asked first")
    assert answer.sources == [
        {"title": "T", "source": "S", "excerpt": "E", "url": "https://example.com", "relevance_score": 0.75}
    ]


def test_no_transaction_is_open_while_somebody_thinks(any_database: Database) -> None:
    _, _, session_id = any_database.write(conversation)

    def thinking(question: Question) -> Answer:
        # on SQLite a second write would wait in vain if the first were still open
        other = chat.ask(any_database, question.session_id, "meanwhile", echo)
        return Answer(f"after {other.answer.content}")

    chat.ask(any_database, session_id, "slow", thinking)
    assert texts(any_database.read(chat.history, session_id)) == [
        "meanwhile",
        "you asked meanwhile",
        "slow",
        "after you asked meanwhile",
    ]


@pytest.mark.parametrize("answer", [ValueError("the model is down"), Answer("  ")])
def test_when_there_is_no_answer_nothing_is_stored(any_database: Database, answer: Answer | Exception) -> None:
    _, _, session_id = any_database.write(conversation)

    def failing(_: Question) -> Answer:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(AnswerFailed):
        chat.ask(any_database, session_id, "hello?", failing)
    assert any_database.read(chat.history, session_id) == []


def test_a_conversation_that_is_deleted_while_somebody_thinks_stores_nothing(any_database: Database) -> None:
    _, _, session_id = any_database.write(conversation)

    def deleting(question: Question) -> Answer:
        any_database.write(chat.delete_conversation, question.session_id)
        return Answer("too late")

    with pytest.raises(ChatSessionNotFound):
        chat.ask(any_database, session_id, "hello?", deleting)
    assert any_database.read(lambda session: session.scalar(select(func.count()).select_from(ChatMessage))) == 0


def test_ten_who_ask_at_once_each_have_their_answer_right_behind_their_question(any_database: Database) -> None:
    _, _, session_id = any_database.write(conversation)
    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda number: chat.ask(any_database, session_id, str(number), echo), range(10)))
    said = texts(any_database.read(chat.history, session_id))
    assert len(said) == 20
    assert [f"you asked {question}" for question in said[::2]] == said[1::2]


def test_history_is_the_most_recent_in_the_order_of_the_conversation(any_database: Database) -> None:
    _, _, session_id = any_database.write(conversation)
    for number in range(6):
        chat.ask(any_database, session_id, str(number), echo)
    latest = any_database.read(chat.history, session_id, limit=3)
    assert texts(latest) == ["you asked 4", "5", "you asked 5"]
    question = any_database.read(chat.prepare_question, session_id, "next")
    assert [turn.text for turn in question.history] == [
        said for number in range(1, 6) for said in (str(number), f"you asked {number}")
    ]


def test_what_ships_answers_from_the_report_and_the_rates_and_says_so(any_database: Database) -> None:
    _, report_id, session_id = any_database.write(conversation)
    any_database.write(action_plan.make_plan, report_id)
    answer = chat.ask(any_database, session_id, "How long does the ZED certification take?").answer
    assert answer.sources
    assert answer.sources[0]["title"] == "Certifications: ZED certification"
    assert "Days: 90" in answer.content
    assert "Your report" in answer.content
    rate = chat.ask(any_database, session_id, "rodtep rate for 091030").answer
    assert rate.sources
    assert "2.5" in rate.sources[0]["excerpt"]
    nothing = chat.ask(any_database, session_id, "Who wins the cricket match?").answer
    assert nothing.sources == []


async def test_an_asynchronous_caller_runs_the_same_three_steps(
    database: Database, async_database: AsyncDatabase
) -> None:
    _, _, session_id = database.write(conversation)
    question = await async_database.read(chat.prepare_question, session_id, "hello")
    answer = chat.find_answer(echo, question)
    exchange = await async_database.write(chat.store_exchange, question, answer)
    assert texts(await async_database.read(chat.history, session_id)) == ["hello", exchange.answer.content]


def test_clearing_forgets_what_was_said_and_keeps_the_conversation(any_database: Database) -> None:
    _, report_id, session_id = any_database.write(conversation)
    chat.ask(any_database, session_id, "first", echo)
    assert any_database.write(chat.clear_conversation, session_id) == 2
    assert any_database.write(chat.clear_conversation, session_id) == 0
    assert [found.id for found in any_database.read(chat.list_conversations, report_id)] == [session_id]
    any_database.write(chat.delete_conversation, session_id)
    with pytest.raises(ChatSessionNotFound):
        any_database.read(chat.history, session_id)


def test_conversations_are_forgotten_when_their_time_after_the_end_is_over(any_database: Database) -> None:
    clock = any_database.clock = FixedClock(NOW)
    _, report_id, old = any_database.write(conversation)
    chat.ask(any_database, old, "first", echo)
    clock.advance(timedelta(days=30))
    new = any_database.write(chat.start_conversation, report_id)
    assert any_database.write(chat.forget_expired) == 0
    clock.advance(timedelta(days=1, seconds=1))
    assert any_database.write(chat.forget_expired) == 1
    assert [found.id for found in any_database.read(chat.list_conversations, report_id)] == [new.id]
    assert any_database.read(lambda session: session.scalar(select(func.count()).select_from(ChatMessage))) == 0


def test_somebody_else_s_conversation_is_not_there(any_database: Database) -> None:
    _, report_id, session_id = any_database.write(conversation)
    stranger = acting(any_database, any_database.write(add_user, email="other@example.com"))
    with pytest.raises(ChatSessionNotFound):
        chat.ask(stranger, session_id, "what is yours?", echo)
    for refused in (chat.history, chat.clear_conversation, chat.delete_conversation):
        with pytest.raises(ChatSessionNotFound):
            stranger.write(refused, session_id)
    with pytest.raises(ReportNotFound):
        stranger.write(chat.start_conversation, report_id)
    with pytest.raises(AccessDenied):
        stranger.write(chat.forget_expired)
    question = any_database.read(chat.prepare_question, session_id, "mine")
    with pytest.raises(ChatSessionNotFound):
        stranger.write(chat.store_exchange, question, Answer("not yours"))
