"""JSON columns: what is changed in place, at any depth, is saved."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from strongroom.kernel.sessions import Database
from strongroom.kernel.tables import JsonDocument, canonical_json
from strongroom.kernel.tables.documents import TrackedDict
from tests.kernel.attic import Box


class Base(DeclarativeBase):
    pass


class Paper(Base):
    __tablename__ = "papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument())
    pages: Mapped[list[Any] | None] = mapped_column(JsonDocument(list))


CONTENT: dict[str, Any] = {"inner": {"list": [{"deep": 1}, 2, [3]]}, "word": "a"}

CHANGES: dict[str, Callable[[Any], Any]] = {
    "set": lambda it: it["inner"].__setitem__("new", 1),
    "delete": lambda it: it["inner"].__delitem__("list"),
    "set deep": lambda it: it["inner"]["list"][0].__setitem__("deep", 2),
    "update": lambda it: it["inner"].update(new=[1]),
    "update with pairs": lambda it: it["inner"].update([("new", 1)]),
    "merge in place": lambda it: it["inner"].__ior__({"new": 1}),
    "setdefault": lambda it: it["inner"].setdefault("new", {}).__setitem__("a", 1),
    "pop": lambda it: it["inner"].pop("list"),
    "popitem": lambda it: it["inner"].popitem(),
    "clear": lambda it: it["inner"].clear(),
    "append": lambda it: it["inner"]["list"].append({"b": 1}),
    "append, then change": lambda it: (it["inner"]["list"].append({}), it["inner"]["list"][-1].update(a=1)),
    "extend": lambda it: it["inner"]["list"].extend([4]),
    "add in place": lambda it: it["inner"]["list"].__iadd__([4]),
    "insert": lambda it: it["inner"]["list"].insert(0, {"c": 1}),
    "set item": lambda it: it["inner"]["list"].__setitem__(1, {"d": 1}),
    "set slice": lambda it: it["inner"]["list"].__setitem__(slice(0, 2), [{"e": 1}]),
    "delete item": lambda it: it["inner"]["list"].__delitem__(0),
    "remove": lambda it: it["inner"]["list"].remove(2),
    "reverse": lambda it: it["inner"]["list"].reverse(),
    "change a list in a list": lambda it: it["inner"]["list"][2].append(4),
}


def stored(session: Session) -> Paper:
    session.expire_all()
    return session.get_one(Paper, 1)


@pytest.fixture
def session() -> Any:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Paper(id=1, content=copy.deepcopy(CONTENT), pages=[copy.deepcopy(CONTENT)]))
        session.flush()
        yield session
    engine.dispose()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_in_place_is_a_change_saved(session: Session, change: Callable[[Any], Any]) -> None:
    expected = copy.deepcopy(CONTENT)
    change(expected)
    paper = stored(session)
    change(paper.content)
    assert paper.pages is not None
    change(paper.pages[0])
    session.flush()
    after = stored(session)
    assert (after.content, after.pages) == (expected, [expected])
    assert expected != CONTENT


def test_reading_changes_nothing(session: Session) -> None:
    paper = stored(session)
    assert json.loads(json.dumps(paper.content)) == CONTENT
    assert paper.content == CONTENT
    assert not inspect(paper).modified


def test_what_is_put_in_is_copied(session: Session) -> None:
    paper = stored(session)
    assert paper.content is not None
    given = {"a": 1}
    paper.content["given"] = given
    given["a"] = 2
    assert paper.content["given"] == {"a": 1}


def test_a_part_that_lies_in_two_documents_is_saved_in_both(session: Session) -> None:
    first = stored(session)
    assert first.content is not None
    second = Paper(id=2, content=first.content["inner"])
    session.add(second)
    session.flush()
    first.content["inner"]["list"][0]["deep"] = 5
    session.flush()
    session.expire_all()
    assert first.content["inner"]["list"][0] == {"deep": 5}
    assert second.content is not None
    assert second.content["list"][0] == {"deep": 5}


@pytest.mark.parametrize("again", [copy.deepcopy, copy.copy, lambda it: pickle.loads(pickle.dumps(it))])
def test_a_copy_is_equal_and_on_its_own(again: Callable[[Any], Any]) -> None:
    original = TrackedDict(CONTENT)
    other = again(original)
    other["inner"]["list"].append(5)
    assert original == CONTENT != other


def test_a_document_may_be_missing(session: Session) -> None:
    paper = stored(session)
    paper.content = None
    session.flush()
    assert stored(session).content is None


@pytest.mark.parametrize("value", ["text", 1, [1]], ids=str)
def test_what_is_no_object_is_no_document(value: Any) -> None:
    with pytest.raises(ValueError, match="does not accept"):
        Paper(content=value)


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
def test_a_change_in_place_is_kept_by_the_database(
    any_database: Database, change: Callable[[Box], object], expected: Any
) -> None:
    any_database.write(lambda session: session.add(Box(name="a", marks={"old": 1}, labels=["first"])))
    any_database.write(lambda session: change(session.scalars(select(Box)).one()))
    assert any_database.read(_documents) == expected


def test_canonical_json_is_one_text_for_one_meaning() -> None:
    assert canonical_json({"b": [1, "é"], "a": None}) == canonical_json({"a": None, "b": [1, "é"]})
    assert canonical_json({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'


def _documents(session: Session) -> tuple[dict[str, Any], list[Any]]:
    box = session.scalars(select(Box)).one()
    return dict(box.marks), list(box.labels)
