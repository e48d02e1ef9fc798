"""How every list is asked for and answered: a limit, a cursor, a count for those who pay for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Generic, Literal, TypeVar, cast

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from strongroom.kernel.errors import InvalidCursor, InvalidValue
from strongroom.kernel.repositories import Cursors, Part
from strongroom.kernel.web.problems import problem_responses

T = TypeVar("T")

Count = Literal["none", "estimated", "exact"]

CURSOR_CHARACTERS_MAX = 1024


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list to return. limit: 1 to 1000 rows. cursor: None for the first page."""

    limit: int
    cursor: str | None
    count: Count


def page_request(
    limit: Annotated[int, Query(ge=1, le=1000, description="Rows to return at most.")] = 50,
    cursor: Annotated[
        str | None,
        Query(min_length=1, max_length=CURSOR_CHARACTERS_MAX, description="`next_cursor` of the page before."),
    ] = None,
    count: Annotated[
        Count,
        Query(description="Count the whole list: not at all, by the planner's estimate, or exactly."),
    ] = "none",
) -> PageRequest:
    """The page a request asks for."""
    return PageRequest(limit, cursor, count)


PageParameters = Annotated[PageRequest, Depends(page_request)]


def list_part(request: Request, page: PageParameters) -> Part:
    """The part of a list that a request asks for, with the cursors of `app.state.cursors`."""
    return Part(cast("Cursors", request.app.state.cursors), page.limit, page.cursor, page.count)


ListPart = Annotated[Part, Depends(list_part)]

#: `responses=` of every route that returns a page
PAGE_PROBLEMS = problem_responses(InvalidValue, InvalidCursor)


class PageOut(BaseModel, Generic[T]):
    """One page of a list, in its order, made by `PageOut[RowOut].model_validate(page)`."""

    model_config = ConfigDict(from_attributes=True)

    items: list[T]
    next_cursor: str | None = Field(default=None, description="The `cursor` of the next page; null at the end.")
    count: int | None = Field(default=None, description="Rows in the whole list, when asked for.")
