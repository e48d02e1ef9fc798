"""Conversations about a report. Whoever answers is asked between two transactions, never inside one."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status
from starlette.concurrency import run_in_threadpool

from strongroom.kernel.web import IdempotencyKey, problem_responses
from strongroom.systems.export_readiness.errors import AnswerFailed, ChatSessionNotFound, ConversationEnded
from strongroom.systems.export_readiness.routes.dependencies import (
    ADMINISTRATOR,
    ActingDatabase,
    CurrentAnswerer,
    Options,
    ReportKey,
)
from strongroom.systems.export_readiness.routes.problems import (
    ADMINISTERING,
    MAKING,
    READING,
    READING_REPORT,
    WRITING,
)
from strongroom.systems.export_readiness.schemas.conversations import (
    ConversationIn,
    ConversationOut,
    ExchangeOut,
    ForgottenOut,
    MessageOut,
    QuestionIn,
)
from strongroom.systems.export_readiness.services import chat, once

router = APIRouter(tags=["export readiness: conversations"])

_ONE = "/conversations/{conversation_id}"
_READ = problem_responses(*READING, ChatSessionNotFound)
_CHANGE = problem_responses(*WRITING, ChatSessionNotFound)
Limit = Annotated[int, Query(ge=1, le=chat.HISTORY_MAX)]


@router.post(
    "/reports/{report_id}/conversations",
    status_code=status.HTTP_201_CREATED,
    summary="Begin a conversation about a report",
    responses=problem_responses(*MAKING),
)
async def start_conversation(
    report_id: ReportKey, body: ConversationIn, database: ActingDatabase, options: Options, key: IdempotencyKey
) -> ConversationOut:
    found = await database.write(once.start_conversation, key, report_id, body.context, options=options)
    return ConversationOut.model_validate(found)


@router.get(
    "/reports/{report_id}/conversations",
    summary="The conversations about a report, newest first",
    responses=problem_responses(*READING_REPORT),
)
async def list_conversations(
    report_id: ReportKey, database: ActingDatabase, limit: Limit = 50
) -> list[ConversationOut]:
    found = await database.read(chat.list_conversations, report_id, limit=limit)
    return [ConversationOut.model_validate(one) for one in found]


@router.get(_ONE, summary="One conversation, without what was said", responses=_READ)
async def get_conversation(conversation_id: UUID, database: ActingDatabase) -> ConversationOut:
    return ConversationOut.model_validate(await database.read(chat.get_conversation, conversation_id))


@router.post(
    f"{_ONE}/questions",
    status_code=status.HTTP_201_CREATED,
    summary="Ask; question and answer are kept together, or neither is",
    responses=problem_responses(*WRITING, ChatSessionNotFound, ConversationEnded, AnswerFailed),
)
async def ask(
    conversation_id: UUID, body: QuestionIn, database: ActingDatabase, answerer: CurrentAnswerer
) -> ExchangeOut:
    question = await database.read(chat.prepare_question, conversation_id, body.question)
    answer = await run_in_threadpool(chat.find_answer, answerer, question)
    return ExchangeOut.model_validate(await database.write(chat.store_exchange, question, answer))


@router.get(f"{_ONE}/messages", summary="The most recent messages, oldest first; also after its end", responses=_READ)
async def list_messages(conversation_id: UUID, database: ActingDatabase, limit: Limit = 50) -> list[MessageOut]:
    found = await database.read(chat.history, conversation_id, limit=limit)
    return [MessageOut.model_validate(message) for message in found]


@router.delete(f"{_ONE}/messages", summary="Forget what was said; the conversation stays", responses=_CHANGE)
async def clear_conversation(conversation_id: UUID, database: ActingDatabase) -> ForgottenOut:
    return ForgottenOut(forgotten=await database.write(chat.clear_conversation, conversation_id))


@router.delete(
    _ONE,
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Forget a conversation altogether",
    responses=_CHANGE,
)
async def delete_conversation(conversation_id: UUID, database: ActingDatabase) -> None:
    await database.write(chat.delete_conversation, conversation_id)


@router.delete(
    "/conversations",
    summary="Forget conversations whose time after their end is over, some at a time (administrators)",
    responses=problem_responses(*ADMINISTERING),
    dependencies=[ADMINISTRATOR],
)
async def forget_expired(database: ActingDatabase, options: Options) -> ForgottenOut:
    return ForgottenOut(forgotten=await database.write(chat.forget_expired, options=options))
