"""Lets a revision make and drop triggers and functions that are declared as data."""

from __future__ import annotations

from alembic import op

from strongroom.kernel.tables import DatabaseObject


def install(*objects: DatabaseObject) -> None:
    """Create each object in this database, in order."""
    _execute([statement for item in objects for statement in item.create.get(_dialect(), ())])


def remove(*objects: DatabaseObject) -> None:
    """Drop each object from this database, in order."""
    _execute([statement for item in objects for statement in item.drop.get(_dialect(), ())])


def _dialect() -> str:
    return op.get_context().dialect.name


def _execute(statements: list[str]) -> None:
    for statement in statements:
        # driver SQL: a colon in a trigger's text is no parameter
        op.execute(statement.replace(":", "\\:"))
