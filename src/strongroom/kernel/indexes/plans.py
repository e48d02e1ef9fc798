"""The plan of a query as a tree, so that a test can claim, and a person can read, which index serves it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session
from sqlalchemy.sql import Executable

from strongroom.kernel.tables.partitions import name_on_the_whole


@dataclass(frozen=True, slots=True)
class PlanNode:
    """One step of a plan.

    kind: the database's own word, such as `Index Scan` or `SEARCH`; table: without its schema, of a partition its own.
    index: by the name that the table gives it, also in a partition.
    rows: how many the planner expects, None on SQLite; actual_rows, actual_ms: of one loop, when it was run.
    details: whatever else the database says of the step, under its own words.
    """

    kind: str
    table: str | None = None
    index: str | None = None
    rows: int | None = None
    actual_rows: float | None = None
    actual_ms: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    children: tuple[PlanNode, ...] = ()

    def walk(self) -> Iterator[PlanNode]:
        """This step and all below it, each before its children."""
        yield self
        for child in self.children:
            yield from child.walk()

    def __str__(self) -> str:
        shown = [self.kind, *(f"{word} {name}" for word, name in (("on", self.table), ("by", self.index)) if name)]
        told = (("rows", self.rows), ("actual rows", self.actual_rows), ("ms", self.actual_ms))
        numbers = ", ".join(f"{word} {value}" for word, value in told if value is not None)
        return " ".join(shown) + (f" ({numbers})" if numbers else "")


@dataclass(frozen=True, slots=True)
class Plan:
    """How the database answers a query. cost: the planner's guess in units of its own; None on SQLite."""

    steps: tuple[PlanNode, ...]
    cost: float | None = None
    planning_ms: float | None = None
    execution_ms: float | None = None

    def walk(self) -> Iterator[PlanNode]:
        """Every step, each before its children."""
        for step in self.steps:
            yield from step.walk()

    @property
    def indexes(self) -> frozenset[str]:
        """The indexes that are used."""
        return frozenset(step.index for step in self.walk() if step.index)

    def uses_index(self, name: str) -> bool:
        """Whether the index, or on a partitioned table its part in any partition, is used."""
        return name in self.indexes

    def reads_whole(self, table: str) -> bool:
        """Whether every row of the table, or of a partition of it, is read."""
        part = re.compile(rf"{re.escape(table)}(_\d{{4}}(_\d{{2}})?|_default)?")
        scans = (step for step in self.walk() if step.kind in ("Seq Scan", "SCAN") and step.index is None)
        return any(step.table is not None and part.fullmatch(step.table) for step in scans)

    def __str__(self) -> str:
        return "\n".join(line for step in self.steps for line in _lines(step, 0))


def explain(session: Session, statement: Executable, *, analyze: bool = False, as_if_large: bool = False) -> Plan:
    """The plan of this very statement, with all that the session adds to it; raises what the statement would.

    analyze: run it, for actual rows and times; PostgreSQL only, and what it changes is changed.
    as_if_large: on PostgreSQL read no table as a whole where an index serves, as with many rows.
    """
    connection = session.connection()
    sql, parameters = _rendered(session, connection, statement)
    if connection.dialect.name == "sqlite":
        return Plan(_read_sqlite(connection, sql, parameters))
    if as_if_large:
        session.execute(text("SET LOCAL enable_seqscan = off"))
    how = "ANALYZE, BUFFERS, " if analyze else ""
    told = connection.exec_driver_sql(f"EXPLAIN ({how}FORMAT JSON) {sql}", parameters).scalar_one()
    if as_if_large:
        session.execute(text("SET LOCAL enable_seqscan = on"))
    [plan] = json.loads(told) if isinstance(told, str) else told
    return Plan(
        (_read_postgresql(plan["Plan"]),),
        cost=plan["Plan"]["Total Cost"],
        planning_ms=plan.get("Planning Time"),
        execution_ms=plan.get("Execution Time"),
    )


class _Rendered(Exception):
    """Stops a statement on its way to the database."""


def _rendered(session: Session, connection: Connection, statement: Executable) -> tuple[str, Any]:
    """SQL and parameters as they would go to the driver, after all that sessions and models add."""
    caught: list[tuple[str, Any]] = []

    def stop(_: Any, __: Any, sql: str, parameters: Any, *___: Any) -> None:
        caught.append((sql, parameters))
        raise _Rendered

    session.flush()  # else it would be the first statement to go out
    event.listen(connection, "before_cursor_execute", stop)
    try:
        session.execute(statement)
    except _Rendered:
        pass
    finally:
        event.remove(connection, "before_cursor_execute", stop)
    return caught[0]


def _read_postgresql(node: Mapping[str, Any]) -> PlanNode:
    index = node.get("Index Name")
    return PlanNode(
        kind=node["Node Type"],
        table=node.get("Relation Name"),
        index=name_on_the_whole(index) if index else None,
        rows=node.get("Plan Rows"),
        actual_rows=node.get("Actual Rows"),
        actual_ms=node.get("Actual Total Time"),
        details={name: value for name, value in node.items() if name != "Plans"},
        children=tuple(_read_postgresql(child) for child in node.get("Plans", ())),
    )


_SQLITE_STEP = re.compile(
    r"(?P<kind>SCAN|SEARCH) (?:(?P<schema>\w+)\.)?(?P<table>\w+)"
    r"(?:.* USING (?:COVERING |PARTIAL |AUTOMATIC )*INDEX (?P<index>\w+))?"
)


def _read_sqlite(connection: Connection, sql: str, parameters: Any) -> tuple[PlanNode, ...]:
    """SQLite tells a tree by the number of each step's parent, and of each step a sentence."""
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
    return _sqlite_steps(connection, [(int(row[0]), int(row[1]), str(row[3])) for row in rows], 0)


def _sqlite_steps(connection: Connection, rows: Sequence[tuple[int, int, str]], parent: int) -> tuple[PlanNode, ...]:
    steps = []
    for number, above, sentence in rows:
        if above != parent:
            continue
        match = _SQLITE_STEP.match(sentence)
        index = match["index"] if match else None
        if match and index and index.startswith("sqlite_autoindex_"):
            index = _constraint_behind(connection, match["schema"] or "main", match["table"], index)
        steps.append(
            PlanNode(
                kind=match["kind"] if match else sentence,
                table=match["table"] if match else None,
                index=index,
                details={"sentence": sentence},
                children=_sqlite_steps(connection, rows, number),
            )
        )
    return tuple(steps)


def _constraint_behind(connection: Connection, schema: str, table: str, index: str) -> str:
    """The name that the naming convention gives the constraint which SQLite made an index for."""
    told = connection.execute(
        text(
            "SELECT l.origin, group_concat(i.name, '_') FROM pragma_index_list(:table, :schema) l, "
            "pragma_index_info(l.name, :schema) i WHERE l.name = :index"
        ),
        {"table": table, "schema": schema, "index": index},
    ).one()
    return f"pk_{table}" if told[0] == "pk" else f"uq_{table}_{told[1]}"


def _lines(step: PlanNode, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}{step}"
    for child in step.children:
        yield from _lines(child, depth + 1)
