"""Writes the kernel's types and constraints into new revisions by the names a reader knows them under."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import CheckConstraint, DefaultClause
from sqlalchemy.types import TypeEngine

from strongroom.kernel.tables import (
    EnumText,
    ExactDecimal,
    Moment,
    database_clock,
    database_now,
    default_decimal,
    empty_list,
)
from strongroom.kernel.tables.arrays import Words
from strongroom.kernel.tables.conditions import WRITTEN_AS
from strongroom.kernel.tables.types import IMPLIED_BY


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False] | None:
    """What stands in the revision for this item; None: nothing does; False: whatever Alembic would write."""
    if kind == "type" and isinstance(item, ExactDecimal | Moment | EnumText | Words):
        return f"tables.{item!r}"
    if kind == "type" and isinstance(item, TypeEngine) and "JSON" in repr(item):
        return "tables.JsonDocument()"
    if kind == "server_default" and isinstance(item, DefaultClause) and isinstance(item.arg, database_now):
        return "tables.database_now()"
    if kind == "server_default" and isinstance(item, DefaultClause) and isinstance(item.arg, database_clock):
        return "tables.database_clock()"
    if kind == "server_default" and isinstance(item, DefaultClause) and isinstance(item.arg, default_decimal):
        return f"tables.{item.arg!r}"
    if kind == "server_default" and isinstance(item, DefaultClause) and isinstance(item.arg, empty_list):
        return "tables.empty_list()"
    if isinstance(item, CheckConstraint):
        if IMPLIED_BY in item.info:
            return None
        if WRITTEN_AS in item.info:
            written: str | None = item.info[WRITTEN_AS]
            return written
    return False
