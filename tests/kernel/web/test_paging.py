"""Lists are asked for and answered in one way."""

from __future__ import annotations

from dataclasses import dataclass

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

from strongroom.kernel.repositories import Page
from strongroom.kernel.web import PAGE_PROBLEMS, PageOut, PageParameters, PageRequest


@dataclass
class Item:
    name: str
    secret: str = "hidden"


class ItemOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str


@pytest.fixture
def asked(app: FastAPI) -> list[PageRequest]:
    requests: list[PageRequest] = []

    @app.get("/items", responses=PAGE_PROBLEMS)
    async def items(page: PageParameters) -> PageOut[ItemOut]:
        requests.append(page)
        return PageOut[ItemOut].model_validate(Page([Item("a"), Item("b")], next_cursor="next", count=7))

    return requests


async def test_a_list_asked_for_plainly_is_a_page_of_fifty_without_a_count(
    asked: list[PageRequest], client: httpx2.AsyncClient
) -> None:
    assert (await client.get("/items")).status_code == 200
    assert asked == [PageRequest(50, None, "none")]


async def test_a_page_is_asked_for_by_limit_cursor_and_count(
    asked: list[PageRequest], client: httpx2.AsyncClient
) -> None:
    assert (await client.get("/items?limit=1000&cursor=abc&count=estimated")).status_code == 200
    assert asked == [PageRequest(1000, "abc", "estimated")]


async def test_a_page_shows_of_its_rows_what_the_model_names(
    asked: list[PageRequest], client: httpx2.AsyncClient
) -> None:
    answer = (await client.get("/items")).json()
    assert answer == {"items": [{"name": "a"}, {"name": "b"}], "next_cursor": "next", "count": 7}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=many", "limit"),
        ("cursor=", "cursor"),
        (f"cursor={'x' * 1025}", "cursor"),
        ("count=roughly", "count"),
    ],
)
async def test_a_page_that_cannot_be_is_refused(
    asked: list[PageRequest], client: httpx2.AsyncClient, query: str, field: str
) -> None:
    answer = await client.get(f"/items?{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert asked == []
