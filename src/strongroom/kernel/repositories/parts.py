"""Which part of a list is wanted, as one value that a route makes and a service hands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories.pages import Cursors, Page
from strongroom.kernel.repositories.repository import Count, Repository

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list: `limit` rows (1 to 1000) after `cursor`, and whether to count the whole of it."""

    cursors: Cursors
    limit: int = 50
    cursor: str | None = None
    count: Count = "none"


def page_of(
    repository: Repository[Session, RowT], query: Select[RowT], order: Sequence[Any], part: Part, *scope: object
) -> Page[RowT]:
    """This part of the query's rows, see `read_page`. scope: all that makes it this list, so that a cursor of another
    one is refused.
    """
    cursors = part.cursors.of(*scope)
    found = repository.page(query, order=order, cursors=cursors, limit=part.limit, cursor=part.cursor)
    return replace(found, count=repository.count(query, part.count))
