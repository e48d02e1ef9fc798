"""Named queries: a repository's SELECTs as data, so that anything that runs statements can serve them by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

from sqlalchemy import Select

P = ParamSpec("P")
RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Query(Generic[P, RowT]):
    """A SELECT with a name; called with its parameters it gives the statement."""

    name: str
    build: Callable[P, Select[RowT]]

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Select[RowT]:
        return self.build(*args, **kwargs)


def query(build: Callable[P, Select[RowT]]) -> Query[P, RowT]:
    """Name the SELECT that this function builds after the function and its module."""
    return Query(f"{build.__module__}.{build.__name__}", build)
