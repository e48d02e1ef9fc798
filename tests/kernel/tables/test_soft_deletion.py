"""Soft deletion: a hidden row is out of every query, relationship and count, until somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from strongroom.kernel.errors import NotFound
from strongroom.kernel.repositories import Repository
from strongroom.kernel.sessions import Database
from tests.kernel.attic import Box, Item

NOW = datetime(2026, 3, 1, tzinfo=UTC)
OTHER = aliased(Box)
INCLUDED = {"include_deleted": True}


class BoxRepository(Repository[Session, Box]):
    row = Box


@pytest.fixture
def filled(any_database: Database) -> Database:
    """Box `open` holds items `here` and `gone`; box `closed` is gone itself and holds `inside`."""

    def fill(session: Session) -> None:
        kept, hidden = Box(name="open"), Box(name="closed", deleted_at=NOW)
        session.add_all([kept, hidden])
        session.flush()
        session.add_all(
            [
                Item(box_id=kept.id, label="gone", deleted_at=NOW),
                Item(box_id=kept.id, label="here"),
                Item(box_id=hidden.id, label="inside"),
            ]
        )

    any_database.write(fill)
    return any_database


QUERIES: dict[str, tuple[Select[Any], list[Any]]] = {
    "a column": (select(Box.name), ["open"]),
    "an alias": (select(OTHER.name), ["open"]),
    "a subquery": (select(select(Box.name).subquery().c.name), ["open"]),
    "a common table expression": (select(select(Box.name).cte().c.name), ["open"]),
    "a scalar subquery": (select(select(Box.name).where(Box.name == "closed").scalar_subquery()), [None]),
    "an existence": (select(select(Box.id).where(Box.name == "closed").exists()), [False]),
    "a list to be in": (select(Item.label).where(Item.box_id.in_(select(Box.id))), ["here"]),
    "a join": (select(Box.name).join(Item), ["open"]),
    "a join the other way": (select(Item.label).join(Item.box), ["here"]),
    "a count": (select(func.count()).select_from(Box), [1]),
    "a count of a column": (select(func.count(Box.id)), [1]),
    "a count of an alias": (select(func.count()).select_from(OTHER), [1]),
    "a count of a subquery": (select(func.count()).select_from(select(Box).subquery()), [1]),
    "a count of a bounded subquery": (select(func.count()).select_from(select(Box.id).limit(10).subquery()), [1]),
}


@pytest.mark.parametrize(("query", "expected"), QUERIES.values(), ids=QUERIES.keys())
def test_a_hidden_row_is_in_no_query_and_no_count(filled: Database, query: Select[Any], expected: list[Any]) -> None:
    assert filled.read(lambda session: session.scalars(query).all()) == expected


def test_a_repository_neither_finds_nor_counts_nor_locks_a_hidden_row(filled: Database) -> None:
    def ask(session: Session) -> tuple[object, ...]:
        boxes = BoxRepository(session)
        hidden = session.scalars(select(Box.id).where(Box.name == "closed"), execution_options=INCLUDED).one()
        with pytest.raises(NotFound):
            boxes.get(hidden)
        with pytest.raises(NotFound):
            boxes.lock([hidden])
        closed = select(Box).where(Box.name == "closed")
        return boxes.find(hidden), boxes.count(select(Box)), boxes.exists(closed), boxes.exists(select(Box))

    assert filled.write(ask) == (None, 1, False, True)


@pytest.mark.parametrize("load", [selectinload, joinedload, None], ids=["selectin", "joined", "lazy"])
def test_a_hidden_row_is_in_no_relationship(filled: Database, load: Callable[..., Any] | None) -> None:
    def labels(session: Session) -> list[str]:
        query = select(Box) if load is None else select(Box).options(load(Box.items))
        return [item.label for item in session.scalars(query).unique().one().items]

    assert filled.read(labels) == ["here"]


def test_a_relationship_to_a_hidden_row_is_empty(filled: Database) -> None:
    def box_of_inside(session: Session) -> tuple[object, ...]:
        query = select(Item).where(Item.label == "inside")
        lazy = session.scalars(query).one().box
        session.expunge_all()
        joined = session.scalars(query.options(joinedload(Item.box))).one().box
        return lazy, joined

    assert filled.read(box_of_inside) == (None, None)


def test_a_hidden_row_two_relationships_away_is_left_out(filled: Database) -> None:
    def labels(session: Session) -> list[str]:
        query = select(Item).options(joinedload(Item.box).joinedload(Box.items))
        return [item.label for item in session.scalars(query.where(Item.label == "here")).unique().one().box.items]

    assert filled.read(labels) == ["here"]


def test_whoever_asks_sees_hidden_rows_everywhere(filled: Database) -> None:
    def ask(session: Session) -> tuple[object, ...]:
        query = select(Box).options(selectinload(Box.items)).order_by(Box.name).execution_options(**INCLUDED)
        boxes = session.scalars(query).all()
        counted = session.scalar(select(func.count()).select_from(Box), execution_options=INCLUDED)
        return [(box.name, [item.label for item in box.items]) for box in boxes], counted

    assert filled.read(ask) == ([("closed", ["inside"]), ("open", ["gone", "here"])], 2)


def test_a_statement_that_changes_many_rows_leaves_hidden_ones_alone(filled: Database) -> None:
    filled.write(lambda session: session.execute(update(Box).values(rank=7)))
    filled.write(lambda session: session.execute(delete(Item).where(Item.label != "inside")))

    def look(session: Session) -> tuple[object, ...]:
        ranks = session.execute(select(Box.name, Box.rank).execution_options(**INCLUDED))
        labels = session.scalars(select(Item.label).order_by(Item.label).execution_options(**INCLUDED))
        return {name: rank for name, rank in ranks}, labels.all()

    assert filled.read(look) == ({"open": 7, "closed": 0}, ["gone", "inside"])


def test_a_row_hidden_and_shown_again_is_back(filled: Database) -> None:
    def show_all(session: Session) -> None:
        for box in session.scalars(select(Box), execution_options=INCLUDED):
            box.deleted_at = None

    filled.write(show_all)
    assert filled.read(lambda session: session.scalars(select(Box.name).order_by(Box.name)).all()) == ["closed", "open"]
