"""JSON columns: what is changed in place is saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.kernel.tables import canonical_json
from tests.kernel.attic import Box


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda box: box.marks.update(seen=True), ({"old": 1, "seen": True}, ["first"])),
        (lambda box: box.marks.pop("old"), ({}, ["first"])),
        (
            lambda box: box.marks.setdefault("inner", {"deep": ["é", None]}),
            ({"old": 1, "inner": {"deep": ["é", None]}}, ["first"]),
        ),
        (lambda box: box.labels.append("second"), ({"old": 1}, ["first", "second"])),
        (lambda box: box.labels.clear(), ({"old": 1}, [])),
    ],
)
def test_a_change_in_place_is_saved(any_database: Database, change: Callable[[Box], object], expected: Any) -> None:
    any_database.write(lambda session: session.add(Box(name="a", marks={"old": 1}, labels=["first"])))
    any_database.write(lambda session: change(session.scalars(select(Box)).one()))
    assert any_database.read(_documents) == expected


def test_canonical_json_is_one_text_for_one_meaning() -> None:
    assert canonical_json({"b": [1, "é"], "a": None}) == canonical_json({"a": None, "b": [1, "é"]})
    assert canonical_json({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'


def _documents(session: Session) -> tuple[dict[str, Any], list[Any]]:
    box = session.scalars(select(Box)).one()
    return dict(box.marks), list(box.labels)
