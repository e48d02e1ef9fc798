"""The names and examples that programs are written with: used as a program would, on the configured database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import Depends, FastAPI
from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from strongroom.assembly import Building
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.sessions.doors import use_building
from strongroom.settings import Settings
from strongroom.systems import export_readiness
from strongroom.systems.export_readiness import (
    CertificationProgress,
    ChatMessage,
    ChatSession,
    Report,
    User,
    UserMetrics,
    check_db_connection,
    db_connection,
    drop_db,
    get_db,
    init_db,
)
from strongroom.testing.databases import ThrowAwayFiles


@pytest.fixture
def configured(any_options: DatabaseOptions) -> Iterator[Building]:
    """The database behind the names, on PostgreSQL, then on SQLite."""
    settings = Settings(database_url=SecretStr(any_options.url), secret_key=SecretStr("k" * 40), environment="testing")
    building = Building(settings)
    use_building(building)
    init_db()
    yield building
    use_building(None)
    db_connection_closed(building)


def db_connection_closed(building: Building) -> None:
    building.database.close()
    building.stop()


def add(email: str = "user@example.com") -> User:
    with db_connection.session_scope() as session:
        user = User(email=email, password_hash="hashed", business_type="Manufacturing", company_size="Small")
        session.add(user)
    return user


def test_every_public_name_of_export_readiness_is_there() -> None:
    assert [name for name in export_readiness.__all__ if not hasattr(export_readiness, name)] == []


@pytest.mark.usefixtures("configured")
def test_a_user_is_added_and_reports_are_queried() -> None:
    user_id = add().id
    with db_connection.session_scope() as session:
        session.add(
            Report(
                user_id=user_id,
                product_name="Turmeric",
                destination_country="United States",
                business_type="Manufacturing",
                company_size="Small",
                hs_code="0910.30",
                report_data={"costs": {"total": "1.00"}},
            )
        )
    with db_connection.session_scope() as session:
        reports = session.query(Report).filter(Report.user_id == user_id).all()
    assert [(report.hs_code, report.status.value) for report in reports] == [("091030", "completed")]


@pytest.mark.usefixtures("configured")
def test_a_scope_that_fails_leaves_nothing() -> None:
    with pytest.raises(ZeroDivisionError), db_connection.session_scope() as session:
        session.add(User(email="a@example.com", password_hash="x", business_type="SaaS", company_size="Micro"))
        session.flush()
        raise ZeroDivisionError
    with db_connection.session_scope() as session:
        assert session.query(User).count() == 0


@pytest.mark.usefixtures("configured")
def test_an_address_is_unique() -> None:
    add()
    with pytest.raises(IntegrityError):
        add("USER@example.com")


@pytest.mark.usefixtures("configured")
def test_a_report_removed_takes_its_parts_along() -> None:
    user_id = add().id
    with db_connection.session_scope() as session:
        report = Report(
            user_id=user_id,
            product_name="Turmeric",
            destination_country="Japan",
            business_type="Manufacturing",
            company_size="Small",
            report_data={},
        )
        session.add(report)
        session.flush()
        session.add(
            CertificationProgress(
                report_id=report.id,
                user_id=user_id,
                certification_id="fda",
                certification_name="FDA",
                certification_type="FDA",
                status="in_progress",
                started_at=report.created_at,
            )
        )
        chat = ChatSession(report_id=report.id, user_id=user_id, expires_at=report.created_at.replace(year=2100))
        session.add(chat)
        session.flush()
        session.add(ChatMessage(session_id=chat.id, role="user", content="How long?"))
        session.add(UserMetrics(user_id=user_id))
    with db_connection.session_scope() as session:
        session.delete(session.get_one(Report, report.id))
    with db_connection.session_scope() as session:
        for model in (CertificationProgress, ChatSession, ChatMessage):
            assert session.query(model).count() == 0
        metrics = session.query(UserMetrics).one()
        assert (metrics.id, metrics.reports_generated) == (user_id, 0)


@pytest.mark.usefixtures("configured")
async def test_a_route_is_handed_a_session() -> None:
    app = FastAPI()

    @app.get("/users")
    def get_users(db: Annotated[Session, Depends(get_db)]) -> list[dict[str, Any]]:
        return [{"email": user.email} for user in db.query(User).all()]

    add()
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/users")).json() == [{"email": "user@example.com"}]


@pytest.mark.usefixtures("configured")
def test_a_session_in_ones_own_hands_is_committed_and_closed_by_hand() -> None:
    session = db_connection.get_session()
    session.add(User(email="own@example.com", password_hash="x", business_type="SaaS", company_size="Micro"))
    session.commit()
    session.close()
    with db_connection.session_scope() as other:
        assert other.query(User).filter(User.email == "own@example.com").count() == 1


def test_the_pool_is_as_it_was_configured(configured: Building) -> None:
    assert db_connection.engine is configured.database.engine
    assert db_connection.check_connection()
    assert "pool_info" in db_connection.info()
    db_connection.close()
    assert check_db_connection()


@pytest.mark.usefixtures("configured")
def test_a_schema_is_removed_and_made_again() -> None:
    add()
    drop_db()
    init_db()
    with db_connection.session_scope() as session:
        assert session.query(User).count() == 0


def test_a_database_that_does_not_answer_is_no_exception(tmp_path: Any, sqlite_files: ThrowAwayFiles) -> None:
    settings = Settings(
        database_url=SecretStr(f"sqlite:///{tmp_path}/missing/strongroom.db"),
        secret_key=SecretStr("k" * 40),
        environment="testing",
    )
    building = Building(settings)
    use_building(building)
    assert not check_db_connection()
    use_building(None)
    db_connection_closed(building)
