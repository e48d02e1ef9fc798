"""Keyset pages: put together they are the one ordered list, and nobody else's cursor opens them."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidCursor, InvalidValue
from strongroom.kernel.repositories import Cursors, Repository, read_page
from strongroom.kernel.sessions import Database
from strongroom.kernel.values import new_id
from tests.kernel.attic import Box, Colour
from tests.kernel.attic.drivers import OnDriver

ROWS = 1000
CURSORS = Cursors(b"a secret of thirty-two bytes here", "boxes")
ORDERS: dict[str, tuple[Any, ...]] = {
    "by key": (Box.id,),
    "by key, last first": (Box.id.desc(),),
    "ties in a number": (Box.rank, Box.id),
    "ties in a number, last first": (Box.rank.desc(), Box.id.desc()),
    "mixed directions": (Box.rank.desc(), Box.id),
    "ties in a moment": (Box.seen_at.desc(), Box.id.desc()),
    "ties in an amount": (Box.amount, Box.name.desc()),
    "ties in an enum": (Box.colour, Box.rank.desc(), Box.id),
}


class BoxRepository(Repository[Session, Box]):
    row = Box


def fill(session: Session) -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    rows = [
        {
            "id": new_id(),
            "name": f"a{number * 7919 % ROWS:04}",
            "rank": number % 17,
            "amount": Decimal(number % 23) / 100,
            "colour": list(Colour)[number % 2],
            "seen_at": start + timedelta(microseconds=number % 29),
            "marks": {},
            "labels": [],
        }
        for number in range(ROWS)
    ]
    session.execute(insert(Box), rows)


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
@pytest.mark.parametrize("limit", [137, 250])
def test_a_thousand_rows_by_pages_are_the_one_ordered_list(
    any_database: Database, order: tuple[Any, ...], limit: int
) -> None:
    def read_both(session: Session) -> tuple[list[Box], list[list[Box]]]:
        fill(session)
        whole = list(session.scalars(select(Box).order_by(*order)))
        return whole, list(pages(session, select(Box), order, limit))

    whole, paged = any_database.write(read_both)
    assert list(itertools.chain(*paged)) == whole
    assert [len(page) for page in paged[:-1]] == [limit] * (len(paged) - 1)
    assert paged[-1]


def pages(session: Session, query: Select[Box], order: tuple[Any, ...], limit: int) -> Iterator[list[Box]]:
    cursor: str | None = None
    while True:
        page = read_page(session, query, order=order, cursors=CURSORS, limit=limit, cursor=cursor)
        yield list(page.items)
        cursor = page.next_cursor
        if cursor is None:
            return


def test_rows_that_come_and_go_between_two_pages_neither_repeat_nor_hide_others(any_driver: OnDriver) -> None:
    def read_while_changing(session: Session) -> list[str]:
        session.add_all([Box(name=f"b{number}") for number in range(6)])
        session.flush()
        boxes = BoxRepository(session)
        first = boxes.page(select(Box), order=(Box.name,), cursors=CURSORS, limit=3)
        session.add(Box(name="a"))
        session.delete(first.items[2])
        session.flush()
        rest = boxes.page(select(Box), order=(Box.name,), cursors=CURSORS, limit=3, cursor=first.next_cursor)
        assert rest.next_cursor is None
        return [box.name for box in (*first.items, *rest.items)]

    assert any_driver.write(read_while_changing) == [f"b{number}" for number in range(6)]


def test_the_last_page_is_known_as_such_even_when_it_is_full(any_database: Database) -> None:
    def read_full(session: Session) -> str | None:
        session.add_all([Box(name="a"), Box(name="b")])
        session.flush()
        return read_page(session, select(Box), order=(Box.id,), cursors=CURSORS, limit=2).next_cursor

    assert any_database.write(read_full) is None


def test_an_empty_list_is_one_empty_page(any_database: Database) -> None:
    page = any_database.read(read_page, select(Box), order=(Box.id,), cursors=CURSORS)
    assert (list(page.items), page.next_cursor) == ([], None)


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_page_has_between_one_and_a_thousand_rows(sqlite_database: Database, limit: int) -> None:
    with pytest.raises(InvalidValue, match="^limit: must be between 1 and 1000$"):
        sqlite_database.read(read_page, select(Box), order=(Box.id,), cursors=CURSORS, limit=limit)
    for allowed in (1, 1000):
        sqlite_database.read(read_page, select(Box), order=(Box.id,), cursors=CURSORS, limit=allowed)


KEY = [new_id(), datetime(2026, 3, 1, 12, 0, 0, 1, UTC), date(2026, 3, 1), Decimal("-1.50"), 7, "é\x00'\"", Colour.BLUE]


def test_a_key_comes_back_from_its_cursor() -> None:
    assert CURSORS.read(CURSORS.write(KEY)) == [*KEY[:-1], "blue"]


def test_a_key_that_could_not_be_read_again_is_not_written() -> None:
    for unreadable in (None, 1.5, b"a"):
        with pytest.raises(AssertionError, match="cannot be ordered by"):
            CURSORS.write([unreadable])


@pytest.mark.parametrize(
    "foreign",
    [
        Cursors(b"another secret of thirty-two byte", "boxes").write([1]),
        Cursors(CURSORS.secret, "items").write([1]),
        CURSORS.of("maria").write([1]),
        CURSORS.of("maria", "open").write([1]),
        "",
        "a",
        "garbage",
        "é" * 40,
        "=" * 40,
        "A" * 10_000,
        base64.urlsafe_b64encode(b'[["int","1"]]').decode(),
        base64.urlsafe_b64encode(b"\0" * 16 + b'[["int","1"]]').decode(),
    ],
)
def test_a_cursor_that_this_list_did_not_make_is_refused(foreign: str) -> None:
    with pytest.raises(InvalidCursor):
        CURSORS.read(foreign)


def test_every_changed_bit_of_a_cursor_is_noticed() -> None:
    raw = base64.urlsafe_b64decode(CURSORS.write([12345]) + "==")
    for position, bit in itertools.product(range(len(raw)), range(8)):
        forged = bytearray(raw)
        forged[position] ^= 1 << bit
        with pytest.raises(InvalidCursor):
            CURSORS.read(base64.urlsafe_b64encode(forged).decode().rstrip("="))


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_a_cursor(text: str) -> None:
    with pytest.raises(InvalidCursor):
        CURSORS.read(text)


def test_scopes_that_read_alike_are_different_lists() -> None:
    assert CURSORS.of("a", "b").write([1]) != CURSORS.of("ab").write([1])
    assert CURSORS.of("a", "b").write([1]) != CURSORS.of('a", "b').write([1])
    assert CURSORS.of("a").of("b").write([1]) != CURSORS.of("a", "b").write([1])
    key = new_id()
    assert CURSORS.of(key).read(CURSORS.of(str(key)).write([1])) == [1]


def test_a_cursor_of_a_list_in_another_order_is_refused(any_database: Database) -> None:
    cursor = CURSORS.write([1, new_id()])
    with pytest.raises(InvalidCursor):
        any_database.read(read_page, select(Box), order=(Box.id,), cursors=CURSORS, cursor=cursor)
