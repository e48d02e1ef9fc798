"""The verbs every repository has; whatever has a name in a system's own language is added there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, ClassVar, Generic, Literal, TypeVar, overload
from uuid import UUID

from sqlalchemy import Select, Uuid, func, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from strongroom.kernel.errors import NotFound
from strongroom.kernel.repositories.estimates import estimated_rows
from strongroom.kernel.repositories.operation import SessionT, operation
from strongroom.kernel.repositories.pages import Cursors, Page, read_page

RowT = TypeVar("RowT")
Count = Literal["none", "estimated", "exact"]


class Repository(Generic[SessionT, RowT]):
    """Rows of one model. Flushes, never commits; a query of any other shape is a Select handed to `page` or `stream`.

    row: the mapped class. not_found: raised by `get` and `lock` when there is no such row.
    """

    row: ClassVar[type[Any]]
    not_found: ClassVar[type[NotFound]] = NotFound

    def __init__(self, session: SessionT) -> None:
        self.session: SessionT = session

    @operation
    def get(self: Repository[Session, RowT], key: Any) -> RowT:
        """The row with this primary key. Raises the repository's not_found."""
        return self._present(self._find(key))

    @operation
    def find(self: Repository[Session, RowT], key: Any) -> RowT | None:
        """The row with this primary key, or None; a key that cannot be one is simply not there."""
        return self._find(key)

    @operation
    def lock(self: Repository[Session, RowT], keys: Sequence[UUID]) -> dict[UUID, RowT]:
        """Rows by key, locked in key order, so that two actions cannot wait for each other. Raises not_found."""
        column = inspect(self.row).primary_key[0]
        # FOR NO KEY UPDATE: a stronger lock would stop every insert that refers to these rows
        query = select(self.row).where(column.in_(keys)).order_by(column).with_for_update(key_share=True)
        found = self.session.scalars(query.execution_options(populate_existing=True))
        rows = {inspect(row).identity[0]: row for row in found}
        if len(rows) < len(set(keys)):
            raise self._absent()
        return rows

    @operation
    def add(self: Repository[Session, RowT], row: RowT) -> RowT:
        """Insert the row now, so that the database has checked it when this returns."""
        self.session.add(row)
        self.session.flush()
        return row

    @operation
    def exists(self: Repository[Session, RowT], query: Select[Any]) -> bool:
        """Whether the query finds anything."""
        return bool(self.session.scalar(select(query.exists())))

    @operation
    def count(self: Repository[Session, RowT], query: Select[Any], how: Count = "exact") -> int | None:
        """How many rows: exact, the planner's estimate (PostgreSQL; exact elsewhere), or None when not asked."""
        if how == "none":
            return None
        if how == "estimated" and self.session.get_bind().dialect.name == "postgresql":
            return estimated_rows(self.session, query)
        return self.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))

    @operation
    def page(
        self: Repository[Session, RowT],
        query: Select[RowT],
        *,
        order: Sequence[Any],
        cursors: Cursors,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[RowT]:
        """One keyset page of the query. See `read_page`."""
        return read_page(self.session, query, order=order, cursors=cursors, limit=limit, cursor=cursor)

    @overload
    def stream(self: Repository[Session, RowT], query: Select[RowT], size: int = ...) -> Iterator[RowT]: ...
    @overload
    def stream(self: Repository[AsyncSession, RowT], query: Select[RowT], size: int = ...) -> AsyncIterator[RowT]: ...
    def stream(self: Any, query: Any, size: int = 1000) -> Any:
        """All rows of the query, `size` at a time from the server, in bounded memory; `async for` if asynchronous."""
        query = query.execution_options(yield_per=size)
        if isinstance(self.session, AsyncSession):
            return _stream(self.session, query)
        return iter(self.session.scalars(query))

    def _find(self: Repository[Session, RowT], key: Any) -> RowT | None:
        if isinstance(inspect(self.row).primary_key[0].type, Uuid) and not isinstance(key, UUID):
            try:
                key = UUID(key)
            except (ValueError, TypeError, AttributeError):
                return None
        return self.session.get(self.row, key)

    def _present(self, row: RowT | None) -> RowT:
        if row is None:
            raise self._absent()
        return row

    def _absent(self) -> NotFound:
        return self.not_found(what=self.row.__name__.lower())


async def _stream(session: AsyncSession, query: Select[RowT]) -> AsyncIterator[RowT]:
    async for row in await session.stream_scalars(query):
        yield row
