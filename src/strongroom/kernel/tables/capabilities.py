"""What a model declares about itself, as data; sessions, migrations and checks act on it, no parent class does.

A model says `__capabilities__ = Capabilities(immutable=True, owned_by="user_id")`. What is declared but not yet
acted upon (audited, encrypted, shards) is still checked for naming real columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, with_loader_criteria


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the kernel does for the rows of one model.

    immutable: rows may be added and never deleted; changes are refused but for `changeable`.
    changeable: columns of an immutable row that may still change.
    soft_deleted: rows with a deleted_at are left out of every query that does not say `include_deleted=True`.
    owned_by: the column that holds the owner's id.
    remembered: every version of a row stays readable, in the table that `history_of` makes.
    cached_by: the column whose value says which cached reads a change of the row makes stale; see `renew_versions`.
    audited: changes are recorded; encrypted: columns wrapped at rest.
    partitioned_by: the date or moment whose ranges rows are split by, on PostgreSQL; sharded_by: of rows by owner.
    """

    immutable: bool = False
    changeable: frozenset[str] = frozenset()
    soft_deleted: bool = False
    owned_by: str | None = None
    remembered: bool = False
    cached_by: str | None = None
    audited: bool = False
    encrypted: frozenset[str] = frozenset()
    partitioned_by: str | None = None
    sharded_by: str | None = None

    @property
    def named_columns(self) -> frozenset[str]:
        """Every column that a capability refers to."""
        single = {self.owned_by, self.cached_by, self.partitioned_by, self.sharded_by} - {None}
        deleted = {"deleted_at"} if self.soft_deleted else set()
        return frozenset({name for name in single if name} | self.changeable | self.encrypted | deleted)


NONE = Capabilities()


def capabilities_of(model: type[Any]) -> Capabilities:
    """What the model declares; nothing when it declares nothing."""
    declared = getattr(model, "__capabilities__", NONE)
    return declared if isinstance(declared, Capabilities) else NONE


def is_soft_deletable(model: type[Any]) -> bool:
    """Whether rows of this model are hidden rather than removed."""
    return capabilities_of(model).soft_deleted


def hide_soft_deleted(session_class: type[Session]) -> None:
    """Leave deleted rows out of every SELECT, UPDATE and DELETE of these sessions, relationships included."""

    @event.listens_for(session_class, "do_orm_execute")
    def leave_out(state: ORMExecuteState) -> None:
        shows_all = state.execution_options.get("include_deleted", False)
        if shows_all or state.is_column_load or state.is_insert or not state.is_orm_statement:
            return
        # every such model, not only those the statement begins with: others hide in its subqueries
        for model in _soft_deleted:
            state.statement = state.statement.options(
                with_loader_criteria(model, lambda cls: cls.deleted_at.is_(None), include_aliases=True)
            )


def cached_models() -> tuple[type[Any], ...]:
    """Every model whose rows cached reads may be made of."""
    return tuple(_cached)


_soft_deleted: list[type[Any]] = []
_cached: list[type[Any]] = []


@event.listens_for(Mapper, "after_mapper_constructed")
def _remember(mapper: Mapper[Any], model: type[Any]) -> None:
    if is_soft_deletable(model):
        _soft_deleted.append(model)
    if capabilities_of(model).cached_by is not None:
        _cached.append(model)
    column = capabilities_of(model).partitioned_by
    if column is not None and isinstance(mapper.local_table, Table):
        options = mapper.local_table.dialect_options["postgresql"]
        options["partition_by"] = options["partition_by"] or f"RANGE ({column})"
