"""A cached read is held to what its key knows; the first call of one that knows more says so, cached or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from strongroom.kernel.caching import Cache, NotCacheable, anyone, by_roles, cached_read, install_cache
from strongroom.kernel.caching.keys import canonical, digest
from strongroom.kernel.sessions import Actor, Database, actor_of, now_of
from strongroom.kernel.values import new_id
from tests.kernel.granary import Farm, Harvest, Visit

cached = cached_read("granary")


@cached
def knows_visits(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Visit)) or 0


@cached
def knows_visits_by_hand(session: Session) -> Any:
    return session.scalar(text('SELECT count(*) FROM granary.farms f JOIN "granary"."visits" v ON v.farm_id = f.id'))


@cached
def asks_the_time(session: Session) -> datetime:
    return now_of(session)


@cached
def asks_the_database_for_the_time(session: Session) -> Any:
    return session.scalar(select(func.current_timestamp()))


@cached
def changes_rows(session: Session) -> None:
    session.execute(update(Farm).values(region="south"))


@cached
def answers_with_rows(session: Session) -> list[Farm]:
    return list(session.scalars(select(Farm)))


@cached
def answers_with_a_generator(session: Session) -> Iterator[int]:
    return (number for number in range(3))


@cached
def takes_anything(session: Session, thing: object) -> None:
    return None


@pytest.mark.parametrize("with_cache", [True, False])
@pytest.mark.parametrize(
    ("read", "reason"),
    [
        (knows_visits, r"knows_visits cannot be cached: no version is kept of granary\.visits"),
        (knows_visits_by_hand, r"no version is kept of granary\.visits"),
        (asks_the_time, "it asks the time; take the moment as an argument"),
        (asks_the_database_for_the_time, "CURRENT_TIMESTAMP gives another answer each time"),
    ],
)
def test_a_read_that_knows_more_than_its_key_is_refused(
    any_database: Database, read: Callable[[Session], Any], reason: str, with_cache: bool
) -> None:
    prepare(any_database, with_cache=with_cache)
    with pytest.raises(NotCacheable, match=reason):
        any_database.read(read)


@pytest.mark.parametrize("with_cache", [True, False])
def test_a_read_that_writes_is_refused(any_database: Database, with_cache: bool) -> None:
    prepare(any_database, with_cache=with_cache)
    with pytest.raises(NotCacheable, match="it does more than read"):
        any_database.write(changes_rows)


@pytest.mark.parametrize(
    ("read", "reason"),
    [
        (answers_with_rows, "it answers with Farm, a row of its session; answer with plain values"),
        (answers_with_a_generator, "its answer is no plain value"),
    ],
)
def test_an_answer_that_belongs_to_its_session_is_refused(
    any_database: Database, read: Callable[[Session], Any], reason: str
) -> None:
    prepare(any_database, with_cache=True)
    with pytest.raises(NotCacheable, match=reason):
        any_database.read(read)


def test_an_argument_that_is_no_plain_value_is_refused(any_database: Database) -> None:
    prepare(any_database, with_cache=True)
    with pytest.raises(NotCacheable, match="object is no plain value"):
        any_database.read(takes_anything, object())


def test_after_a_refusal_the_session_is_as_it_was(any_database: Database) -> None:
    def ask(session: Session) -> tuple[str, bool, int]:
        with pytest.raises(NotCacheable):
            asks_the_time(session)
        return actor_of(session).name, now_of(session) > datetime(2026, 1, 1, tzinfo=UTC), len(rows(session))

    def rows(session: Session) -> Any:
        return session.execute(select(Visit)).all()

    prepare(any_database, with_cache=True)
    assert any_database.acting_as(Actor(None, "Ada")).read(ask) == ("Ada", True, 0)


def test_a_read_knows_no_more_of_the_actor_than_tells_answers_apart(any_database: Database) -> None:
    def who(session: Session) -> Actor:
        return actor_of(session)

    prepare(any_database, with_cache=True)
    ada = Actor(new_id(), "Ada", frozenset({"viewer"}))
    acting = any_database.acting_as(ada)
    assert acting.read(cached_read("granary")(who)) == ada
    assert acting.read(cached_read("granary", seen_by=by_roles)(who)) == Actor(None, "anyone", frozenset({"viewer"}))
    assert acting.read(cached_read("granary", seen_by=anyone)(who)) == Actor(None, "anyone")


def test_a_read_may_call_another(any_database: Database) -> None:
    @cached_read("granary", seen_by=anyone)
    def outer(session: Session) -> int:
        return len(inner(session))

    @cached_read("granary", seen_by=anyone)
    def inner(session: Session) -> list[str]:
        return list(session.scalars(select(Farm.name)))

    prepare(any_database, with_cache=True)
    assert [any_database.read(outer) for _ in range(2)] == [1, 1]


class Colour(Enum):
    RED = 1


@dataclass(frozen=True)
class Window:
    start: date
    end: date


DIFFERENT: list[Any] = [
    None, True, 1, "1", 1.0, Decimal("1"), Decimal("1.0"), b"1", Colour.RED, "Colour.RED", (1,), [1], {1}, {"a": 1},
    ("ab", "c"), ("a", "bc"), ("a", ("b", "c")), (("a", "b"), "c"), date(2026, 1, 1), datetime(2026, 1, 1),  # noqa: DTZ001 - a value like others
    UUID(int=1), str(UUID(int=1)), Window(date(2026, 1, 1), date(2026, 2, 1)),
    Window(date(2026, 1, 1), date(2027, 1, 1)),
]  # fmt: skip


def test_values_that_differ_are_different_questions() -> None:
    assert len({canonical(value) for value in DIFFERENT}) == len(DIFFERENT)


def test_equal_values_are_one_question_in_whatever_order_they_are_kept() -> None:
    assert digest({"a": 1, "b": {3, 1, 2}}) == digest({"b": {2, 3, 1}, "a": 1})


def prepare(database: Database, *, with_cache: bool) -> None:
    """A farm with a harvest, and perhaps a cache."""
    farm = Farm(name="Hill")
    database.write(lambda session: session.add(farm))
    database.write(lambda session: session.add(Harvest(farm_id=farm.id, day=date(2025, 1, 1))))
    if with_cache:
        install_cache(database, Cache())
