"""A job is deferred with the transaction that asks for it: all of it or nothing, in the order of the commits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.jobs import Deferral, Job, JobRecord, JobStatus, defer, defer_many, find_job, list_jobs
from strongroom.kernel.jobs.tables import QUEUE, RECORDS
from strongroom.kernel.jobs.taking import enlist, take_next
from strongroom.kernel.sessions import Actor, Database
from strongroom.testing.jobs import run_jobs
from tests.kernel.attic import Box, Colour
from tests.kernel.attic.drivers import OnDriver
from tests.kernel.jobs.chores import CHORES, FAIL_SLOWLY, NOTE

ADA = Actor(UUID(int=7), "Ada", frozenset({"clerk"}))
LATER = datetime(2100, 1, 1, tzinfo=UTC)


class ChangedMyMind(Exception):
    pass


def test_a_job_is_there_once_its_transaction_is_committed(any_driver: OnDriver) -> None:
    number = any_driver.write(_defer_with_a_box)
    record = any_driver.read(find_job, number)
    assert record is not None
    assert (record.id, record.name, record.status) == (number, "attic.note", JobStatus.WAITING)
    assert (record.arguments, record.lock, record.key) == ({"word": "a"}, "lock", "key")
    assert (record.attempt, record.attempts_max, record.run_at) == (0, 3, LATER)
    assert any_driver.read(_count_boxes) == 1


def test_a_job_is_rolled_back_with_its_transaction(any_driver: OnDriver) -> None:
    def change_my_mind(session: Session) -> None:
        _defer_with_a_box(session)
        raise ChangedMyMind

    with pytest.raises(ChangedMyMind):
        any_driver.write(change_my_mind)
    assert any_driver.read(list_jobs) == []
    assert any_driver.read(lambda session: session.scalar(select(func.count()).select_from(RECORDS))) == 0
    assert any_driver.read(_count_boxes) == 0


def test_whoever_defers_a_job_is_stored_with_it(database: Database) -> None:
    record = _get(database, database.acting_as(ADA).write(defer, NOTE))
    assert (record.actor_id, record.actor_name) == (ADA.id, "Ada")
    assert _get(database, database.write(defer, NOTE)).actor_id is None


def test_what_json_has_no_form_for_arrives_as_text(any_database: Database) -> None:
    heard: dict[str, Any] = {}
    listen = Job("attic.listen", lambda _, **arguments: heard.update(arguments))
    spoken: dict[str, Any] = {
        "id": ADA.id,
        "amount": Decimal("1.10"),
        "day": date(2026, 1, 2),
        "colour": Colour.BLUE,
        "list": [None],
    }
    any_database.write(defer, listen, moment=LATER, **spoken)
    run_jobs(any_database, (listen,))
    assert heard == {
        "id": "00000000-0000-0000-0000-000000000007",
        "amount": "1.10",
        "day": "2026-01-02",
        "moment": "2100-01-01T00:00:00+00:00",
        "colour": Colour.BLUE.value,
        "list": [None],
    }


@pytest.mark.parametrize("value", [object(), float("nan"), b"bytes", {1, 2}])
def test_an_argument_that_cannot_be_kept_is_refused(database: Database, value: object) -> None:
    with pytest.raises(InvalidValue, match="arguments: cannot be kept with the job"):
        database.write(defer, NOTE, word=value)
    assert database.read(list_jobs) == []


def test_a_job_does_not_begin_before_its_time(any_database: Database) -> None:
    now = datetime.now(UTC)
    any_database.write(defer, NOTE, run_at=now + timedelta(hours=1))
    assert run_jobs(any_database, CHORES) == 0
    assert run_jobs(any_database, CHORES, now=True) == 1


def test_a_naive_moment_means_utc(database: Database) -> None:
    number = database.write(defer, NOTE, run_at=LATER.replace(tzinfo=None))
    assert _get(database, number).run_at == LATER


def test_only_one_job_waits_under_a_key(any_database: Database) -> None:
    first = any_database.write(defer, NOTE, key="daily", word="first", run_at=LATER)
    assert any_database.write(defer, NOTE, key="daily", word="second", run_at=LATER) == first
    assert [job.arguments for job in any_database.read(list_jobs)] == [{"word": "first"}]
    assert any_database.write(defer, NOTE, key="other", run_at=LATER) != first
    run_jobs(any_database, CHORES, now=True)
    assert any_database.write(defer, NOTE, key="daily", run_at=LATER) != first


def test_of_many_deferred_at_once_each_has_an_id_and_those_under_one_key_share_it(any_database: Database) -> None:
    waiting = any_database.write(defer, NOTE, key="b", word="before", run_at=LATER)
    keys = {"1": "a", "2": "b", "3": None, "4": "a"}
    wanted = [Deferral({"word": word}, key=key, run_at=LATER) for word, key in keys.items()]
    numbers = any_database.write(defer_many, NOTE, wanted)
    assert numbers == [numbers[0], waiting, numbers[2], numbers[0]]
    assert numbers[0] < numbers[2]
    words = {job.id: job.arguments["word"] for job in any_database.read(list_jobs)}
    assert words == {waiting: "before", numbers[0]: "1", numbers[2]: "3"}
    assert any_database.write(defer_many, NOTE, []) == []


def test_many_are_deferred_with_as_many_statements_as_one(any_database: Database) -> None:
    def count(session: Session, number: int) -> int:
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            sent.append(statement)

        event.listen(session.get_bind(), "before_cursor_execute", note)
        names = [f"{number} {place}" for place in range(number)]
        defer_many(session, NOTE, [Deferral(lock=name, key=name, run_at=LATER) for name in names])
        event.remove(session.get_bind(), "before_cursor_execute", note)
        return len(sent)

    assert any_database.write(count, 200) == any_database.write(count, 1)


def test_keys_and_locks_of_two_systems_do_not_meet(database: Database) -> None:
    first = database.write(defer, NOTE, key="daily", lock="one", run_at=LATER)
    second = database.write(defer, Job("cellar.note", lambda _: None), key="daily", lock="one")
    assert first != second
    assert _take(database, ["cellar"]) == second


def test_a_job_found_by_its_key_does_not_begin_before_the_finder_commits(database: Database) -> None:
    number = database.write(defer, NOTE, key="daily")
    with database.open_session() as session:
        assert defer(session, NOTE, key="daily") == number
        assert _take(database) is None
    assert _take(database) == number


def test_two_transactions_that_defer_under_one_key_leave_one_job(database: Database) -> None:
    numbers = _overlap(database, lambda session: defer(session, NOTE, key="daily"))
    assert numbers[0] == numbers[1]
    assert len(database.read(list_jobs)) == 1


def test_the_order_under_a_lock_is_that_of_the_commits(database: Database) -> None:
    first, second = _overlap(database, lambda session: defer(session, NOTE, lock="account 1"))
    assert first < second


def test_without_a_lock_nobody_waits(database: Database) -> None:
    with database.open_session() as session:
        defer(session, NOTE)
        later = database.write(defer, NOTE)
        assert _take(database) == later


def test_a_job_that_waits_for_its_next_attempt_holds_up_those_behind_it_in_its_lock(any_database: Database) -> None:
    def defer_three(session: Session) -> tuple[int, int, int]:
        first = defer(session, FAIL_SLOWLY, lock="account 1")
        return first, defer(session, NOTE, lock="account 1"), defer(session, NOTE, lock="account 2")

    first, second, other = any_database.write(defer_three)
    run_jobs(any_database, CHORES)
    status = {job.id: (job.status, job.attempt) for job in any_database.read(list_jobs)}
    assert status == {first: ("waiting", 1), second: ("waiting", 0), other: ("succeeded", 1)}
    for _ in range(2):
        run_jobs(any_database, CHORES, now=True)
    status = {job.id: (job.status, job.attempt) for job in any_database.read(list_jobs)}
    assert status[first] == ("failed", 3)
    assert status[second] == ("succeeded", 1)


def _defer_with_a_box(session: Session) -> int:
    session.add(Box(name="a box"))
    return defer(session, NOTE, lock="lock", key="key", run_at=LATER, word="a")


def _count_boxes(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Box)) or 0


def _get(database: Database, number: int) -> JobRecord:
    record = database.read(find_job, number)
    assert record is not None
    return record


def _take(database: Database, queues: list[str] | None = None) -> int | None:
    worker = database.write(enlist)
    taken = database.write(take_next, queues or ["attic"], worker)
    return None if taken is None else taken.id


def _overlap(database: Database, action: Callable[[Session], int]) -> tuple[int, int]:
    """Do it in two transactions, the second of which begins while the first is open; what each came to."""
    second: list[int] = []
    thread = threading.Thread(target=lambda: second.append(database.write(action)))
    with database.session() as session:
        first = action(session)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive(), "the second waits for the first"
        assert session.scalar(select(func.count()).select_from(QUEUE)) == 1
    thread.join(10)
    return first, second[0]
