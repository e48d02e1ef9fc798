"""Lists of text in a column: the same questions get the same answers on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import Database
from strongroom.kernel.tables import has_all, has_any
from tests.kernel.attic import Shelf

STOCK = {"a": ["books"], "b": ["books", "maps"], "c": [], "d": ['it\'s; "odd", {x}', "NULL"]}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (has_all(Shelf.holds, ["books", "maps"]), ["b"]),
        (has_all(Shelf.holds, ["books"]), ["a", "b"]),
        (has_all(Shelf.holds, []), ["a", "b", "c", "d"]),
        (has_any(Shelf.holds, ["books", "NULL"]), ["a", "b", "d"]),
        (has_any(Shelf.holds, ['it\'s; "odd", {x}']), ["d"]),
        (has_any(Shelf.holds, []), []),
        (has_all(Shelf.lends, []), []),
        (has_any(Shelf.lends, ["books"]), []),
    ],
)
def test_rows_are_found_by_what_their_list_holds(
    any_database: Database, condition: ColumnElement[bool], expected: list[str]
) -> None:
    any_database.write(_stock)
    query = select(Shelf.room).where(condition).order_by(Shelf.room)
    assert any_database.read(lambda session: list(session.scalars(query))) == expected


def test_a_list_comes_back_as_it_went_in(any_database: Database) -> None:
    any_database.write(_stock)
    query = select(Shelf).order_by(Shelf.room)
    rows = any_database.read(lambda session: {row.room: (row.holds, row.lends) for row in session.scalars(query)})
    assert rows == {room: (holds, None) for room, holds in STOCK.items()}


def test_the_database_fills_in_an_empty_list(any_database: Database) -> None:
    insert = text("INSERT INTO attic.shelves (id, room) VALUES ('0190b1f0-0000-7000-8000-000000000001', 'x')")
    if any_database.options.is_sqlite:
        insert = text("INSERT INTO attic.shelves (id, room) VALUES ('0190b1f0000070008000000000000001', 'x')")
    any_database.write(lambda session: session.execute(insert))
    assert any_database.read(lambda session: session.scalars(select(Shelf.holds)).one()) == []


@pytest.mark.parametrize("value", ["books", [1], [None], {"a": 1}, 7])
def test_anything_but_a_list_of_text_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue, match="list of text"):
        Shelf(holds=value)


def _stock(session: Session) -> None:
    session.add_all(Shelf(room=room, holds=holds) for room, holds in STOCK.items())
