"""The names and examples that programs are written with: used as a program would, on the configured database."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import func, select

from strongroom.assembly import Building, build_app
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.sessions.doors import use_building
from strongroom.settings import Settings
from strongroom.systems import banking
from strongroom.systems.banking import (
    Account,
    AccountRepository,
    AccountTypeEnum,
    AsyncDatabaseSession,
    SessionLocal,
    User,
    UserRepository,
    check_database_connection,
    check_db_connection,
    get_database_info,
    get_db,
    get_db_session,
    health_check,
    initialize_database,
    session_scope,
)

UNREACHABLE = "postgresql://somebody:hunter2@127.0.0.1:1/bank"
PROBES = ["/health", *(f"/api/health/{probe}" for probe in ("", "detailed", "database", "readiness", "liveness"))]


def build(url: str) -> Building:
    return Building(Settings(database_url=SecretStr(url), secret_key=SecretStr("k" * 40), environment="testing"))


@pytest.fixture
async def configured(any_options: DatabaseOptions) -> AsyncIterator[Building]:
    """The database behind the names, on PostgreSQL, then on SQLite."""
    building = build(any_options.url)
    use_building(building)
    yield building
    use_building(None)
    await building.close()


@pytest.fixture
async def unreachable() -> AsyncIterator[Building]:
    """A database behind the names that nobody serves."""
    building = build(UNREACHABLE)
    use_building(building)
    yield building
    use_building(None)
    await building.close()


@pytest.fixture
def customer() -> tuple[User, Account]:
    """A person and their account, which knows its person before either is stored."""
    # Create a user
    user = User(
        email="user@example.com",
        first_name="John",
        last_name="Doe",
        phone_number="+1234567890",
        password_hash="hashed_password",
    )

    # Create an account
    account = Account(
        user_id=user.id,
        account_number="ACC1234567890",
        account_name="Primary Checking",
        account_type=AccountTypeEnum.CHECKING,
        currency="USD",
    )
    return user, account


async def count_accounts(building: Building) -> int:
    async with building.async_database.session() as session:
        return await session.scalar(select(func.count()).select_from(Account)) or 0


def test_every_public_name_of_banking_is_there() -> None:
    assert [name for name in banking.__all__ if not hasattr(banking, name)] == []


async def test_the_example_is_stored_by_a_session_in_ones_own_hands(
    configured: Building, customer: tuple[User, Account]
) -> None:
    with SessionLocal() as session:
        session.add_all(customer)
        session.commit()
    with SessionLocal() as session:
        stored = session.scalars(select(Account)).one()
        assert stored.user_id == customer[0].id
        assert stored.account_type is AccountTypeEnum.CHECKING
        session.rollback()


async def test_the_example_is_stored_when_a_session_scope_ends(
    configured: Building, customer: tuple[User, Account]
) -> None:
    with session_scope() as session:
        session.add_all(customer)
    assert await count_accounts(configured) == 1


async def test_nothing_is_stored_when_a_session_scope_fails(
    configured: Building, customer: tuple[User, Account]
) -> None:
    def fail_half_way() -> None:
        with session_scope() as session:
            session.add_all(customer)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert await count_accounts(configured) == 0


async def test_the_example_is_stored_by_the_dependency_of_a_web_framework(
    configured: Building, customer: tuple[User, Account]
) -> None:
    dependency = get_db()
    session = next(dependency)
    session.add_all(customer)
    session.commit()
    with pytest.raises(StopIteration):
        next(dependency)
    assert await count_accounts(configured) == 1


async def test_the_example_is_stored_asynchronously(configured: Building, customer: tuple[User, Account]) -> None:
    user, account = customer
    async with get_db_session() as session:
        session.add(user)
    async with AsyncDatabaseSession() as session:
        session.add(account)
    assert await count_accounts(configured) == 1


async def test_nothing_is_stored_when_an_asynchronous_session_fails(
    configured: Building, customer: tuple[User, Account]
) -> None:
    async def fail_half_way() -> None:
        async with AsyncDatabaseSession() as session:
            session.add_all(customer)
            await session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    assert await count_accounts(configured) == 0


async def test_repositories_take_either_session(configured: Building, customer: tuple[User, Account]) -> None:
    user, account = customer
    with session_scope() as session:
        session.add_all(customer)
    with session_scope() as session:
        assert AccountRepository(session).get(account.id).account_number == "ACC1234567890"
    async with get_db_session() as session_:
        found = await UserRepository(session_).get_user_by_email("USER@example.com")
        assert found is not None
        assert found.id == user.id


async def test_the_database_tells_its_version_and_pool_as_json(configured: Building) -> None:
    for info in (get_database_info(), await health_check()):
        told = json.loads(json.dumps(info))
        assert told.keys() == {"database_url", "database_version", "pool_info", "connection_healthy"}
        assert told["database_url"] == "postgresql://***" or told["database_url"].startswith("sqlite:///")
        assert told["database_version"].startswith(("PostgreSQL ", "SQLite "))
        assert told["pool_info"].keys() == {"pool_size", "checked_in", "checked_out", "overflow"}
        assert all(type(figure) is int for figure in told["pool_info"].values())
        assert told["connection_healthy"] is True


async def test_a_fresh_database_is_initialised_by_one_call(configured: Building) -> None:
    configured.downgrade()
    assert initialize_database() is True
    assert initialize_database() is True
    assert await count_accounts(configured) == 0


async def test_asking_for_an_unreachable_database_never_raises(unreachable: Building) -> None:
    assert check_database_connection() is False
    assert await check_db_connection() is False
    assert initialize_database() is False
    for info in (get_database_info(), await health_check()):
        assert info["connection_healthy"] is False
        assert "hunter2" not in json.dumps(info)


def test_asking_with_settings_that_are_wrong_never_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    use_building(Building())
    try:
        assert check_database_connection() is False
        assert "DATABASE_URL" in get_database_info()["error"]
    finally:
        use_building(None)


@pytest.fixture
async def client(configured: Building) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(build_app(configured)) as client:
        yield client


@pytest.fixture
async def client_without_database(unreachable: Building) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(build_app(unreachable)) as client:
        yield client


def client_of(app: FastAPI) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://bank")


async def test_the_whole_application_is_healthy_on_its_database(client: httpx2.AsyncClient) -> None:
    answers = {path: await client.get(path) for path in PROBES}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(PROBES, 200)
    database = answers["/api/health/database"].json()["database"]
    assert database.keys() == {"database_url", "database_version", "pool_info", "connection_healthy"}
    assert answers["/api/health/readiness"].json()["checks"] == {"database": "healthy"}


async def test_the_whole_application_says_so_without_its_database(client_without_database: httpx2.AsyncClient) -> None:
    answers = {path: await client_without_database.get(path) for path in PROBES}
    bodies = {path: {**answer.json(), "timestamp": "now"} for path, answer in answers.items()}
    assert answers["/api/health/"].status_code == 200
    assert bodies["/api/health/"] == {
        "status": "healthy",
        "database": "disconnected",
        "database_healthy": False,
        "timestamp": "now",
        "service": "hoardrun-backend",
        "message": "the service runs without its database",
    }
    assert answers["/api/health/database"].status_code == 503
    assert bodies["/api/health/database"] == {
        "status": "unhealthy",
        "timestamp": "now",
        "database": {
            "database_url": "postgresql://***",
            "error": "the database cannot be reached; check DATABASE_URL and that the server runs",
            "connection_healthy": False,
        },
    }
    assert answers["/api/health/readiness"].status_code == 503
    assert bodies["/api/health/readiness"] == {
        "status": "not_ready",
        "timestamp": "now",
        "checks": {"database": "unhealthy"},
    }
    assert answers["/api/health/liveness"].status_code == 200
    assert bodies["/api/health/detailed"]["dependencies"] == {"external_services": "mocked", "database": False}


async def test_a_service_is_called_what_its_settings_say() -> None:
    settings = Settings(
        database_url=SecretStr("sqlite://"), secret_key=SecretStr("k" * 40), banking_service_name="corner-bank"
    )
    async with client_of(build_app(Building(settings))) as client:
        assert (await client.get("/health")).json()["service"] == "corner-bank"
