"""The tables of export readiness: their columns by name, and what the database does and refuses whoever writes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue, StrongroomError
from strongroom.kernel.sessions import Database
from strongroom.kernel.values import moment_of, new_id
from strongroom.systems.export_readiness import models
from strongroom.systems.export_readiness.models import (
    ActionPlanProgress,
    CertificationProgress,
    ChatMessage,
    ChatSession,
    FinanceAnalysis,
    GeneratedDocument,
    LogisticsAnalysis,
    Report,
    User,
    UserMetrics,
)
from strongroom.systems.export_readiness.samples import load_samples
from tests.systems.export_readiness.building import add_report, add_user

COLUMNS: dict[str, tuple[type[Any], int]] = {
    "users": (User, 10),
    "reports": (Report, 18),
    "certification_progress": (CertificationProgress, 12),
    "generated_documents": (GeneratedDocument, 10),
    "action_plan_progress": (ActionPlanProgress, 11),
    "chat_sessions": (ChatSession, 6),
    "chat_messages": (ChatMessage, 5),
    "finance_analysis": (FinanceAnalysis, 9),
    "logistics_analysis": (LogisticsAnalysis, 8),
    "user_metrics": (UserMetrics, 10),
}
#: amounts are in hundredths on SQLite; 10001 is above 100 on PostgreSQL as well
IMPOSSIBLE = [
    "users SET business_type = 'Farm'",
    "users SET company_size = 'Large'",
    "users SET email = 'UPPER@example.com'",
    "users SET email = 'nobody'",
    "users SET company_name = ' '",
    "users SET password_hash = ''",
    "users SET monthly_volume = 0",
    "reports SET product_name = ' '",
    "reports SET destination_country = ''",
    "reports SET status = 'done'",
    "reports SET business_type = 'Farm'",
    "reports SET risk_score = 101",
    "reports SET risk_score = -1",
    "reports SET hs_code_confidence = 10001",
    "reports SET hs_code_confidence = -1",
    "reports SET estimated_cost = -1",
    "reports SET estimated_timeline_days = 0",
    "reports SET monthly_volume = -1",
    "reports SET report_data = '[]'",
    "reports SET product_details = 'null'",
    "reports SET user_id = NULL",
    "certification_progress SET status = 'lost'",
    "certification_progress SET status = 'completed', completed_at = NULL",
    "certification_progress SET certification_type = 'ISO'",
    "certification_progress SET certification_id = 'one'",
    "generated_documents SET document_type = 'letter'",
    "generated_documents SET validation_results = NULL WHERE is_valid",
    "action_plan_progress SET day_number = 8",
    "action_plan_progress SET day_number = 0",
    "action_plan_progress SET completed = NOT completed",
    "action_plan_progress SET task_category = 'sales'",
    "action_plan_progress SET task_id = 'one'",
    "chat_sessions SET expires_at = created_at",
    "chat_messages SET role = 'system'",
    "chat_messages SET content = ' '",
    "chat_messages SET role = 'user' WHERE role = 'assistant'",
    "user_metrics SET reports_generated = -1",
    "user_metrics SET cost_savings = -1",
    "user_metrics SET timeline_reduction_days = -1",
    "sign_ins SET epoch = -1",
    "hs_codes SET level = 4",
    "hs_codes SET parent = '9999'",
    "reference_rates SET value = 9",
]


@pytest.fixture
def samples(any_database: Database) -> Database:
    any_database.write(load_samples)
    any_database.write(lambda session: session.execute(text(ONE_SIGN_IN)))
    return any_database


ONE_SIGN_IN = "INSERT INTO export_readiness.sign_ins (user_id) SELECT id FROM export_readiness.users"


@pytest.mark.parametrize(("model", "count"), COLUMNS.values(), ids=COLUMNS)
def test_a_table_has_exactly_its_columns(model: Any, count: int) -> None:
    assert len(model.__table__.columns) == count


def test_the_database_refuses_the_impossible(samples: Database) -> None:
    refusals = {change: _refusal(samples, change) for change in IMPOSSIBLE}
    assert [change for change, error in refusals.items() if error is None or error.status not in (409, 422)] == []


def test_postgresql_refuses_what_is_no_code(database: Database) -> None:
    database.write(load_samples)
    values = ("'abc'", "'0910.30'", "'09'", "'12345678901'")
    refusals = [_refusal(database, f"reports SET hs_code = {value}") for value in values]
    assert [error and error.code for error in refusals] == ["CHECK_FAILED"] * len(values)


def test_removing_a_business_removes_everything_of_theirs(samples: Database) -> None:
    samples.write(lambda session: session.execute(text("DELETE FROM export_readiness.users")))
    left = {name: samples.read(count_rows, model) for name, (model, _) in COLUMNS.items()}
    assert left == dict.fromkeys(COLUMNS, 0)


def test_removing_a_report_leaves_the_business_and_its_figures(samples: Database) -> None:
    kept = samples.read(count_rows, UserMetrics)
    samples.write(lambda session: session.execute(text("DELETE FROM export_readiness.reports")))
    parts = [model for _, (model, _) in list(COLUMNS.items())[2:-1]]
    assert [samples.read(count_rows, model) for model in parts] == [0] * len(parts)
    assert samples.read(count_rows, UserMetrics) == kept == 3


def test_product_details_have_names_of_their_own(any_database: Database) -> None:
    user = any_database.write(add_user)
    report = Report(
        user_id=user.id,
        product_name="Soap",
        destination_country="Japan",
        business_type="Merchant",
        company_size="Micro",
        bom="palm oil",
        payment_mode="LC",
    )
    report.payment_mode = None
    any_database.write(lambda session: session.add(report))
    stored = any_database.read(lambda session: session.get_one(Report, report.id))
    assert stored.product_details == {"bom": "palm oil"}
    assert (stored.bom, stored.ingredients, stored.payment_mode) == ("palm oil", None, None)


def test_a_part_of_a_report_may_name_its_owner_and_only_its_owner(any_database: Database) -> None:
    def add(session: Session, owner: Any, code: str) -> CertificationProgress:
        part = CertificationProgress(
            report_id=report.id,
            user_id=owner,
            certification_id=code,
            certification_name="CE",
            certification_type="CE",
        )
        session.add(part)
        session.flush()
        return part

    user = any_database.write(add_user)
    report = any_database.write(add_report, user.id)
    any_database.write(add, user.id, "one")
    any_database.write(add, str(user.id), "two")
    with pytest.raises(InvalidValue, match="owner"):
        any_database.write(add, new_id(), "three")
    mine = select(func.count(CertificationProgress.id)).where(CertificationProgress.user_id == user.id)
    assert any_database.read(lambda session: session.scalar(mine)) == 2
    first = select(CertificationProgress).limit(1)
    assert any_database.read(lambda session: session.scalars(first).one().user_id) == user.id


def test_a_message_knows_when_it_was_said(any_database: Database) -> None:
    user = any_database.write(add_user)
    report = any_database.write(add_report, user.id)
    before = datetime.now(UTC) - timedelta(milliseconds=1)

    def talk(session: Session) -> None:
        chat = ChatSession(report_id=report.id, expires_at=before + timedelta(hours=24))
        session.add(chat)
        session.flush()
        for role in ("user", "assistant") * 10:
            session.add(ChatMessage(session_id=chat.id, role=role, content=role))

    any_database.write(talk)
    said = any_database.read(lambda session: session.scalars(select(ChatMessage).order_by(ChatMessage.id)).all())
    assert [message.content for message in said] == ["user", "assistant"] * 10
    assert all(before <= message.created_at <= datetime.now(UTC) for message in said)


def test_postgresql_makes_ids_in_order_that_hold_their_moment(database: Database) -> None:
    query = text("SELECT export_readiness.new_id() FROM generate_series(1, 2000)")
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    ids = database.write(lambda session: session.scalars(query).all())
    assert ids == sorted(ids)
    assert len(set(ids)) == 2000
    assert {identifier.version for identifier in ids} == {7}
    assert all(before <= moment_of(identifier) <= datetime.now(UTC) for identifier in ids)


def test_postgresql_gives_an_id_to_what_is_inserted_by_hand(database: Database) -> None:
    insert = text(
        "INSERT INTO export_readiness.users (email, password_hash, business_type, company_size) "
        "VALUES ('hand@example.com', 'hashed', 'SaaS', 'Micro') RETURNING id"
    )
    assert database.write(lambda session: session.scalar(insert)).version == 7


def test_two_changes_in_one_transaction_are_two_moments(database: Database) -> None:
    def change_twice(session: Session) -> list[datetime]:
        report = add_report(session, add_user(session).id)
        moments = [report.updated_at]
        for name in ("Ginger", "Pepper"):
            report.product_name = name
            session.flush()
            moments.append(report.updated_at)
        return moments

    moments = database.write(change_twice)
    assert moments == sorted(set(moments))


def test_every_model_has_its_row_in_the_public_names() -> None:
    assert {model.__name__ for model, _ in COLUMNS.values()} <= set(models.__all__)


def count_rows(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def _refusal(database: Database, change: str) -> StrongroomError | None:
    try:
        database.write(lambda session: session.execute(text(f"UPDATE export_readiness.{change}")))
    except StrongroomError as error:
        return error
    return None
