"""write: one action, one commit; or nothing happened, and the caller knows which."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from strongroom.kernel import errors
from strongroom.kernel.errors import (
    AlreadyExists,
    Collided,
    NotFound,
    Refused,
    StatementTimedOut,
    StillReferenced,
    StrongroomError,
)
from strongroom.kernel.sessions import AsyncDatabase, Attempts, Database
from strongroom.testing.databases import opened
from tests.kernel.attic import Box, NameTaken, attic
from tests.kernel.attic.drivers import OnDriver

QUICK = Attempts(count=4, pause_s_min=0.0001, pause_s_max=0.001)


def add(session: Session, name: str) -> str:
    session.add(Box(name=name))
    return name


def names(session: Session) -> list[str]:
    return list(session.scalars(select(Box.name).order_by(Box.name)))


def test_what_is_written_is_committed_once(any_database: Database) -> None:
    commits: list[int] = []
    event.listen(any_database.engine, "commit", lambda _: commits.append(1))
    assert any_database.write(add, "a") == "a"
    assert commits == [1]
    assert any_database.read(names) == ["a"]


def test_a_row_can_be_read_after_its_session_is_gone(any_driver: OnDriver) -> None:
    def add_row(session: Session) -> Box:
        box = Box(name="a")
        session.add(box)
        return box

    assert any_driver.write(add_row).updated_at is not None


@pytest.mark.parametrize("error", [RuntimeError("bad"), NotFound(what="box"), Refused(), KeyboardInterrupt()], ids=repr)
def test_whatever_is_raised_rolls_back_and_comes_through(any_driver: OnDriver, error: BaseException) -> None:
    def add_and_fail(session: Session) -> None:
        add(session, "a")
        session.flush()
        raise error

    if isinstance(error, KeyboardInterrupt) and any_driver.driver in ("asyncpg", "aiosqlite"):
        pytest.skip("an event loop takes the interrupt for itself")
    with pytest.raises(type(error)) as caught:
        any_driver.write(add_and_fail)
    assert caught.value is error
    assert any_driver.read(names) == []


def test_what_only_the_commit_finds_out_is_raised_and_nothing_is_stored(any_driver: OnDriver) -> None:
    """The foreign key is looked at when the transaction ends: every statement before was fine."""

    def make(session: Session) -> None:
        # SQLite refers within one schema only, and wants it unnamed
        owners = "owners" if any_driver.options.is_sqlite else "attic.owners"
        session.execute(text("CREATE TABLE attic.owners (id integer PRIMARY KEY)"))
        session.execute(
            text(
                "CREATE TABLE attic.pets (owner integer CONSTRAINT fk_pets_owner "
                f"REFERENCES {owners} (id) DEFERRABLE INITIALLY DEFERRED)"
            )
        )

    def add_a_stray(session: Session) -> None:
        add(session, "a")
        session.execute(text("INSERT INTO attic.pets VALUES (7)"))

    any_driver.write(make)
    with pytest.raises(StillReferenced):
        any_driver.write(add_a_stray)
    assert any_driver.read(names) == []
    assert any_driver.read(lambda session: session.scalar(text("SELECT count(*) FROM attic.pets"))) == 0
    any_driver.write(add, "b")


def test_what_only_the_flush_finds_out_is_raised_too(any_driver: OnDriver) -> None:
    any_driver.write(add, "a")
    with pytest.raises(NameTaken):
        any_driver.write(add, "a")
    assert any_driver.read(names) == ["a"]


def test_a_collided_action_runs_again_as_a_whole_with_a_session_of_its_own(any_driver: OnDriver) -> None:
    sessions: list[Session] = []
    seen: list[list[str]] = []

    def collide_twice(session: Session) -> int:
        sessions.append(session)
        seen.append(names(session))
        add(session, f"a{len(sessions)}")
        session.flush()
        if len(sessions) < 3:
            raise Collided(sqlstate="40001")
        return len(sessions)

    any_driver.attempt(QUICK)
    assert any_driver.write(collide_twice) == 3
    assert len({id(session) for session in sessions}) == 3
    assert seen == [[], [], []]
    assert any_driver.read(names) == ["a3"]


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03"])
def test_a_collision_the_server_reports_is_tried_again_until_the_count(
    postgresql_driver: OnDriver, sqlstate: str
) -> None:
    runs: list[int] = []

    def collide(session: Session) -> None:
        runs.append(1)
        session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{sqlstate}'; END $$"))

    postgresql_driver.attempt(QUICK)
    with pytest.raises(Collided) as caught:
        postgresql_driver.write(collide)
    assert caught.value.facts["sqlstate"] == sqlstate
    assert len(runs) == QUICK.count


def test_a_collision_at_commit_is_tried_again(postgresql_driver: OnDriver) -> None:
    runs: list[int] = []

    def collide_at_commit(session: Session) -> None:
        runs.append(1)
        if len(runs) == 1:
            session.execute(text("INSERT INTO attic.collisions VALUES (1)"))
        add(session, "a")

    def make(session: Session) -> None:
        for statement in (
            "CREATE TABLE attic.collisions (id integer)",
            "CREATE FUNCTION attic.collide() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$",
            "CREATE CONSTRAINT TRIGGER collide AFTER INSERT ON attic.collisions DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION attic.collide()",
        ):
            session.execute(text(statement.replace(":", "\\:")))

    postgresql_driver.attempt(QUICK)
    postgresql_driver.write(make)
    postgresql_driver.write(collide_at_commit)
    assert len(runs) == 2
    assert postgresql_driver.read(names) == ["a"]


NOT_REPEATED = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, StrongroomError) and kind is not Collided
]


@pytest.mark.parametrize("kind", [*NOT_REPEATED, AlreadyExists, StatementTimedOut, ValueError, OSError])
async def test_nothing_but_a_collision_is_tried_again(sqlite_database: Database, kind: type[Exception]) -> None:
    runs: list[int] = []

    def fail(session: Session) -> None:
        runs.append(1)
        raise kind

    with pytest.raises(kind):
        sqlite_database.write(fail)
    assert len(runs) == 1


def test_a_read_is_not_tried_again(any_driver: OnDriver) -> None:
    runs: list[int] = []

    def collide(session: Session) -> None:
        runs.append(1)
        raise Collided(sqlstate="40001")

    with pytest.raises(Collided):
        any_driver.read(collide)
    assert len(runs) == 1


def test_pauses_grow_within_their_bounds() -> None:
    attempts = Attempts(count=6, pause_s_min=0.1, pause_s_max=0.5)
    for _ in range(50):
        pauses = list(attempts.pauses())
        assert len(pauses) == 5
        for pause, largest in zip(pauses, (0.2, 0.4, 0.5, 0.5, 0.5), strict=True):
            assert 0 <= pause <= largest
    assert list(Attempts(count=1).pauses()) == []


async def test_a_coroutine_function_is_an_action_too(any_async_database: AsyncDatabase) -> None:
    async def add_awaiting(session: AsyncSession, name: str) -> list[str]:
        session.add(Box(name=name))
        await session.flush()
        return list(await session.scalars(select(Box.name)))

    assert await any_async_database.write(add_awaiting, "a") == ["a"]
    assert await any_async_database.read(names) == ["a"]


def test_a_session_commits_when_its_block_ends_and_rolls_back_on_an_error(any_database: Database) -> None:
    with any_database.session() as session:
        add(session, "a")
    with pytest.raises(RuntimeError), any_database.session() as session:
        add(session, "b")
        session.flush()
        raise RuntimeError
    assert any_database.read(names) == ["a"]


async def test_an_asynchronous_session_does_the_same(any_async_database: AsyncDatabase) -> None:
    async with any_async_database.session() as session:
        session.add(Box(name="a"))
    with pytest.raises(RuntimeError):
        async with any_async_database.session() as session:
            session.add(Box(name="b"))
            await session.flush()
            raise RuntimeError
    assert await any_async_database.read(names) == ["a"]


def test_a_read_sees_one_snapshot(any_driver: OnDriver, database_beside: Database) -> None:
    def look_twice(session: Session) -> tuple[list[str], list[str]]:
        before = names(session)
        database_beside.write(add, "a")
        return before, names(session)

    assert any_driver.read(look_twice) == ([], [])
    assert any_driver.read(names) == ["a"]


@pytest.fixture
def database_beside(any_driver: OnDriver) -> Iterator[Database]:
    with opened(any_driver.options, (attic,)) as database:
        yield database
