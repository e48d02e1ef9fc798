"""Rows are right from construction on: ids and defaults are there, values coerced, mistakes named at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from strongroom.kernel.errors import CheckFailed, InvalidValue
from strongroom.kernel.sessions import Database
from strongroom.kernel.values import new_id
from tests.kernel.attic import Box, Colour, Item


def test_an_id_and_the_defaults_are_there_before_anything_is_stored() -> None:
    first, second = Box(name="a"), Box(name="b")
    assert first.id.version == 7
    assert first.id < second.id
    assert (first.rank, first.marks, first.labels) == (0, {}, [])
    first.marks["seen"] = True
    assert second.marks == {}


def test_a_default_gives_way_to_a_given_value() -> None:
    key = new_id()
    box = Box(id=str(key), rank=3)
    assert (box.id, box.rank) == (key, 3)


def test_an_unknown_keyword_is_refused() -> None:
    with pytest.raises(TypeError, match="^Box has no attribute 'nmae'$"):
        Box(nmae="a")


@pytest.mark.parametrize("given", [Colour.DARK_RED, "DARK_RED", "dark-red"])
def test_an_enum_is_taken_by_member_by_name_and_by_value(any_database: Database, given: Any) -> None:
    box = Box(name="a", colour=given)
    assert box.colour is Colour.DARK_RED
    any_database.write(lambda session: session.add(box))
    assert any_database.read(lambda session: session.scalar(select(Box.colour))) is Colour.DARK_RED
    assert any_database.read(lambda session: session.scalar(text("SELECT colour FROM attic.boxes"))) == "dark-red"
    assert any_database.read(lambda session: session.scalar(select(Box.name).where(Box.colour == given))) == "a"


@pytest.mark.parametrize(("given", "shown"), [("green", "'green'"), (3, "'int'"), ("x" * 41, "'str'")])
def test_an_unknown_enum_value_is_refused_with_the_field_and_what_is_allowed(given: Any, shown: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Box(colour=given)
    assert str(caught.value) == f"colour: {shown} is none of dark-red, blue"


def test_an_unknown_enum_value_is_refused_by_a_statement(any_database: Database) -> None:
    statement = insert(Box).values(id=new_id(), name="a", marks={}, labels=[], colour="green")
    with pytest.raises(StatementError, match="'green' is none of dark-red, blue"):
        any_database.write(lambda session: session.execute(statement))


def test_an_unknown_enum_value_is_refused_by_the_database(any_database: Database) -> None:
    any_database.write(lambda session: session.add(Box(name="a")))
    with pytest.raises(CheckFailed) as caught:
        any_database.write(lambda session: session.execute(text("UPDATE attic.boxes SET colour = 'green'")))
    assert caught.value.facts["constraint"] == "ck_boxes_known_colour"


@pytest.mark.parametrize(
    "given",
    [
        datetime(2026, 3, 1, 12, 30, 0, 123456),  # noqa: DTZ001 - naive on purpose
        datetime(2026, 3, 1, 12, 30, 0, 123456, UTC),
        datetime(2026, 3, 1, 18, 0, 0, 123456, timezone(timedelta(hours=5, minutes=30))),
        "2026-03-01T12:30:00.123456Z",
        "2026-03-01 12:30:00.123456",
    ],
    ids=repr,
)
def test_a_moment_is_utc_however_it_was_given(any_database: Database, given: Any) -> None:
    expected = datetime(2026, 3, 1, 12, 30, 0, 123456, UTC)
    box = Box(name="a", seen_at=given)
    assert box.seen_at == expected
    any_database.write(lambda session: session.add(box))
    found = any_database.read(lambda session: session.scalar(select(Box.seen_at).where(Box.seen_at == given)))
    assert found == expected
    assert found is not None
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"seen_at": "yesterday"}, "seen_at: must be a date and time in ISO 8601"),
        ({"seen_at": 0}, "seen_at: must be a datetime, not int"),
        ({"id": "42"}, "id: must be a UUID"),
        ({"id": 42}, "id: must be a UUID"),
    ],
)
def test_what_does_not_fit_its_column_is_refused_with_the_name_of_the_field(values: Any, message: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Box(**values)
    assert str(caught.value) == message
    assert isinstance(caught.value, ValueError)


def test_nothing_and_a_sql_expression_pass_as_they_are(any_database: Database) -> None:
    def change(session: Session) -> Decimal | None:
        box = Box(name="a", amount="1.25", colour=None)
        session.add(box)
        session.flush()
        box.amount = Box.amount + Decimal("0.75")
        session.flush()
        return box.amount

    assert any_database.write(change) == Decimal("2.0000")


def test_what_the_database_sets_is_there_after_the_write(any_database: Database) -> None:
    box = any_database.write(lambda session: _added(session, Box(name="a")))
    assert abs(datetime.now(UTC) - box.created_at) < timedelta(minutes=1)
    assert box.updated_at == box.created_at


def test_a_row_shows_its_key_and_nothing_else() -> None:
    key = UUID("01890000-0000-7000-8000-000000000000")
    assert repr(Box(id=key, name="canary")) == f"<Box id={key}>"
    assert repr(Item()).startswith("<Item id=")


def _added(session: Session, box: Box) -> Box:
    session.add(box)
    return box


def test_a_row_as_a_dictionary_is_exact_and_ready_for_json() -> None:
    box = Box(
        name="a",
        amount="123456789012345.6789",
        colour=Colour.BLUE,
        seen_at=datetime(2024, 3, 31, 12, tzinfo=UTC),
        marks={"price": Decimal("0.10")},
    )
    found = json.loads(json.dumps(box.to_dict()))
    assert found["amount"] == "123456789012345.6789"
    assert (found["id"], found["colour"], found["weight"]) == (str(box.id), "blue", None)
    assert (found["seen_at"], found["marks"]) == ("2024-03-31T12:00:00+00:00", {"price": "0.10"})
    assert found.keys() == {column.name for column in Box.__table__.columns}
