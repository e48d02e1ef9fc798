"""Faults: whatever a driver raises becomes one error of ours, the same on all four drivers, and shows no row."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import insert, literal, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import (
    AlreadyExists,
    CheckFailed,
    Collided,
    DatabaseRefused,
    InvalidValue,
    SchemaMissing,
    StatementTimedOut,
    StillReferenced,
    StrongroomError,
    ValueOutOfRange,
    ValueRequired,
    WroteInReadOnly,
)
from strongroom.kernel.sessions import Attempts, copy_rows
from strongroom.kernel.system import System
from strongroom.kernel.values import new_id
from tests.kernel.attic import BOXES, Box, Item, NameTaken
from tests.kernel.attic.drivers import OnDriver, on_driver

ONCE = Attempts(count=1)
CANARY = "canary7391"
NUMBER = "73917391"  # a canary where a number is needed
KEY = new_id()


def add_twice_by_name(session: Session) -> None:
    session.add_all([Box(name=CANARY), Box(name=CANARY)])
    session.flush()


def add_twice_by_key(session: Session) -> None:
    session.execute(insert(Box), [{"id": KEY, "name": name, "marks": {}, "labels": []} for name in (CANARY, "b")])


def break_a_check(session: Session) -> None:
    session.add(Box(name=CANARY, rank=-int(NUMBER)))
    session.flush()


def refer_to_nothing(session: Session) -> None:
    session.add(Item(box_id=KEY, label=CANARY))
    session.flush()


def remove_what_is_referred_to(session: Session) -> None:
    box = Box(name=CANARY)
    session.add(box)
    session.flush()
    session.add(Item(box_id=box.id, label=CANARY))
    session.flush()
    session.execute(text("DELETE FROM attic.boxes"))


def leave_a_value_out(session: Session) -> None:
    session.execute(insert(Box).values(id=KEY, name=None, marks={"secret": CANARY}, labels=[]))


def ask_a_missing_table(session: Session) -> None:
    session.execute(text("SELECT * FROM attic.barrels"))


def ask_a_missing_column(session: Session) -> None:
    session.execute(text("SELECT width FROM attic.boxes"))


def ask_nonsense(session: Session) -> None:
    session.execute(text("SELEKT 1"))


EVERYWHERE: dict[Callable[[Session], None], tuple[type[StrongroomError], dict[str, str]]] = {
    add_twice_by_name: (NameTaken, {}),
    add_twice_by_key: (AlreadyExists, {"constraint": "pk_boxes", "table": "boxes"}),
    break_a_check: (CheckFailed, {"constraint": "ck_boxes_rank_not_negative"}),
    refer_to_nothing: (StillReferenced, {"sqlstate": "23503"}),
    remove_what_is_referred_to: (StillReferenced, {}),
    leave_a_value_out: (ValueRequired, {"column": "name", "table": "boxes"}),
    ask_a_missing_table: (SchemaMissing, {}),
    ask_a_missing_column: (SchemaMissing, {}),
    ask_nonsense: (DatabaseRefused, {}),
}


def write_too_long_a_text(session: Session) -> None:
    session.add(Box(name=CANARY * 5))
    session.flush()


def write_too_large_a_number(session: Session) -> None:
    session.add(Box(name="a", rank=int(NUMBER) * 10**12))
    session.flush()


def write_a_text_that_ends_early(session: Session) -> None:
    session.add(Box(name=f"{CANARY}\x00"))
    session.flush()


def read_a_text_as_a_number(session: Session) -> None:
    session.execute(text(f"SELECT CAST('{CANARY}' AS integer)"))


def read_a_text_as_a_uuid(session: Session) -> None:
    session.execute(text("SELECT CAST(CAST(:value AS text) AS uuid)"), {"value": CANARY})


def read_a_text_as_a_document(session: Session) -> None:
    session.execute(text("SELECT CAST(CAST(:value AS text) AS jsonb)"), {"value": f"[{CANARY}]"})


def read_a_text_as_a_moment(session: Session) -> None:
    session.execute(text("SELECT CAST(CAST(:value AS text) AS timestamptz)"), {"value": CANARY})


def copy_twice(session: Session) -> None:
    rows: list[tuple[object, ...]] = [(new_id(), CANARY, {}, []), (new_id(), CANARY, {}, [])]
    copy_rows(session, BOXES, ["id", "name", "marks", "labels"], rows)


def copy_too_long_a_text(session: Session) -> None:
    rows: list[tuple[object, ...]] = [(new_id(), CANARY * 5, {}, [])]
    copy_rows(session, BOXES, ["id", "name", "marks", "labels"], rows)


ON_POSTGRESQL: dict[Callable[[Session], None], tuple[type[StrongroomError], dict[str, str]]] = {
    write_too_long_a_text: (ValueOutOfRange, {}),
    write_too_large_a_number: (ValueOutOfRange, {}),
    write_a_text_that_ends_early: (ValueOutOfRange, {}),
    read_a_text_as_a_number: (ValueOutOfRange, {}),
    read_a_text_as_a_uuid: (ValueOutOfRange, {}),
    read_a_text_as_a_document: (ValueOutOfRange, {}),
    read_a_text_as_a_moment: (ValueOutOfRange, {}),
    copy_too_long_a_text: (ValueOutOfRange, {}),
}


def _named(faults: dict[Callable[[Session], None], tuple[type[StrongroomError], dict[str, str]]]) -> list[object]:
    return [pytest.param(action, *expected, id=action.__name__) for action, expected in faults.items()]


@pytest.mark.parametrize(("action", "kind", "facts"), _named({**EVERYWHERE, copy_twice: (NameTaken, {})}))
def test_a_fault_has_one_name_on_every_driver(
    any_driver: OnDriver, action: Callable[[Session], None], kind: type[StrongroomError], facts: dict[str, str]
) -> None:
    with pytest.raises(StrongroomError) as caught:
        any_driver.write(action)
    assert isinstance(caught.value, kind)
    assert facts.items() <= caught.value.facts.items()
    check_shows_no_value(caught.value)


@pytest.mark.parametrize("action", [add_twice_by_name, add_twice_by_key, break_a_check, refer_to_nothing, copy_twice])
def test_a_violated_constraint_is_also_caught_by_the_name_that_sqlalchemy_has_for_it(
    any_driver: OnDriver, action: Callable[[Session], None]
) -> None:
    with pytest.raises(IntegrityError) as caught:
        any_driver.write(action)
    assert isinstance(caught.value, StrongroomError)
    assert (caught.value.statement, caught.value.params) == (None, None)
    check_shows_no_value(caught.value)


def test_a_violated_constraint_is_the_same_after_a_journey_to_another_process(any_driver: OnDriver) -> None:
    with pytest.raises(NameTaken) as caught:
        any_driver.write(add_twice_by_name)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again), again.facts) == (type(caught.value), str(caught.value), caught.value.facts)


@pytest.mark.parametrize(("action", "kind", "facts"), _named(ON_POSTGRESQL))
def test_a_fault_of_a_value_has_one_name_on_both_drivers_of_postgresql(
    postgresql_driver: OnDriver, action: Callable[[Session], None], kind: type[StrongroomError], facts: dict[str, str]
) -> None:
    with pytest.raises(StrongroomError) as caught:
        postgresql_driver.write(action)
    assert type(caught.value) is kind
    check_shows_no_value(caught.value)


def test_too_large_a_number_is_refused_on_every_driver(any_driver: OnDriver) -> None:
    with pytest.raises(ValueOutOfRange) as caught:
        any_driver.write(write_too_large_a_number)
    check_shows_no_value(caught.value)


def test_a_refused_coercion_shows_no_more_than_the_field() -> None:
    with pytest.raises(InvalidValue) as caught:
        Box(id=CANARY)
    check_shows_no_value(caught.value)


def test_a_write_in_a_read_is_refused(any_driver: OnDriver) -> None:
    for statement in ("INSERT INTO attic.boxes (id) VALUES (NULL)", "CREATE TABLE attic.more (id integer)"):
        with pytest.raises(WroteInReadOnly, match="hand it to write"):
            any_driver.read(lambda session, sql: session.execute(text(sql)), statement)


@pytest.fixture
def impatient(any_driver: OnDriver, systems: tuple[System, ...]) -> Iterator[OnDriver]:
    """The same database as any_driver, with short timeouts and no second attempt."""
    options = replace(any_driver.options, lock_timeout_s=0.1, command_timeout_s=0.2)
    with on_driver(any_driver.driver, options, systems) as database:
        database.attempt(ONCE)
        yield database


def test_waiting_too_long_for_a_lock_is_a_collision(any_driver: OnDriver, impatient: OnDriver) -> None:
    def hold_and_collide(session: Session) -> None:
        session.execute(text("UPDATE attic.boxes SET rank = 1"))
        with pytest.raises(Collided) as caught:
            with_own_loop(impatient.write, change_all)
        assert caught.value.retryable
        check_shows_no_value(caught.value)

    any_driver.write(lambda session: session.add(Box(name=CANARY)))
    any_driver.write(hold_and_collide)


def change_all(session: Session) -> None:
    session.execute(text("UPDATE attic.boxes SET rank = 2"))


def with_own_loop(call: Callable[..., object], *args: object) -> None:
    """In a thread, since the one here may be running a loop already."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            call(*args)
        except BaseException as error:
            raised.append(error)

    thread = Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]


def test_a_statement_that_takes_too_long_is_cancelled(postgresql_driver: OnDriver, systems: tuple[System, ...]) -> None:
    options = replace(postgresql_driver.options, command_timeout_s=0.2)
    with on_driver(postgresql_driver.driver, options, systems) as hasty, pytest.raises(StatementTimedOut):
        hasty.write(lambda session: session.execute(text("SELECT pg_sleep(5)")))


def test_of_two_that_wait_for_each_other_one_collides(
    postgresql_driver: OnDriver, postgresql_options: DatabaseOptions, systems: tuple[System, ...]
) -> None:
    postgresql_driver.write(lambda session: session.add_all([Box(name="a"), Box(name="b")]))
    meet = Barrier(2, timeout=20)
    outcomes: list[str] = []

    def cross(session: Session, first: str, second: str) -> None:
        lock = text("SELECT 1 FROM attic.boxes WHERE name = :name FOR UPDATE")
        session.execute(lock, {"name": first})
        meet.wait()
        session.execute(lock, {"name": second})

    def run(first: str, second: str) -> None:
        with on_driver(postgresql_driver.driver, postgresql_options, systems) as own:
            own.attempt(ONCE)
            try:
                own.write(cross, first, second)
                outcomes.append("done")
            except Collided as error:
                outcomes.append(error.facts["sqlstate"])

    threads = [Thread(target=run, args=names) for names in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["40P01", "done"]


def test_a_snapshot_that_is_overtaken_collides(
    postgresql_driver: OnDriver, postgresql_options: DatabaseOptions, systems: tuple[System, ...]
) -> None:
    postgresql_driver.attempt(ONCE)
    postgresql_driver.write(lambda session: session.add(Box(name="a")))

    def be_overtaken(session: Session) -> None:
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        session.execute(select(literal(1)).select_from(Box)).all()
        with on_driver("psycopg", postgresql_options, systems) as other:
            other.write(change_all)
        change_all(session)

    with pytest.raises(Collided) as caught:
        postgresql_driver.write(be_overtaken)
    assert caught.value.facts["sqlstate"] == "40001"


def check_shows_no_value(error: BaseException) -> None:
    """Neither the error nor anything it came from, in any of the forms that end up in a log."""
    shown = ["".join(traceback.format_exception(error))]
    pending: list[BaseException | None] = [error]
    while pending:
        each = pending.pop()
        if each is not None:
            shown += [str(each), repr(each), repr(each.args), repr(getattr(each, "facts", ""))]
            pending += [each.__cause__, each.__context__]
    for secret in (CANARY, NUMBER, str(KEY), KEY.hex):
        assert secret not in "\n".join(shown)


def test_the_search_for_values_finds_one() -> None:
    try:
        try:
            raise ValueError(CANARY)
        except ValueError:
            raise RuntimeError("bad") from None
    except RuntimeError as error:
        with pytest.raises(AssertionError):
            check_shows_no_value(error)
    with pytest.raises(AssertionError):
        check_shows_no_value(ValueError(UUID(int=KEY.int)))
