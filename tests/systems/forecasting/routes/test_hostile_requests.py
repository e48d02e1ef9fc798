"""Claims about what means ill: whatever is sent to whichever route, the answer is no failure of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from strongroom.kernel.sessions import Actor
from strongroom.kernel.values import new_id
from strongroom.kernel.web import TokenService
from strongroom.systems.forecasting.routes import router
from tests.systems.forecasting.routes.conftest import CONFIRMED, SECRET, NewModel, People, Send

NOBODY = "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"
PREFIX = "/api/forecasting"
SENT: tuple[Any, ...] = (
    "\x00",
    "\ud800",
    "9" * 400,
    "NaN",
    "-Infinity",
    "1e9999",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    float("nan"),
    -1,
    2**70,
    1.5,
    None,
    [[]],
    {"\x00": "\x00"},
)
CHOICES = (
    "[" * 50_000,
    '{"decimal_mark": [1], "columns": {"a": {}}}',
    '{"decimal_mark": [1]}',
    '{"outlier_limit": NaN}',
    '{"outlier_limit": {}}',
    '{"encoding": "\\u0000"}',
    '{"delimiter": "\\ud800"}',
    '{"accept_detected": true, "category": "revenue", "metadata": {"currency": "\\u0000"}}',
    '{"accept_detected": true, "category": "revenue", "metadata": {"\\ud800": "x"}}',
    '{"columns": {"\\ud800": "value"}}',
)


async def test_nothing_in_a_query_breaks_a_route(admin: httpx2.AsyncClient, new_model: NewModel) -> None:
    model_id = await new_model()
    broken = []
    for method, path, operation in _operations():
        names = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
        for name in names if method == "GET" else ():
            for sent in SENT:
                params = {name: str(sent).encode("utf-8", "replace").decode()}
                answer = await admin.request(method, _place(path, model_id), params=params)
                if answer.status_code >= 500:
                    broken.append((path, name, sent, answer.text[:200]))
    assert broken == []


async def test_nothing_in_a_body_breaks_a_route(admin: httpx2.AsyncClient, new_model: NewModel) -> None:
    model_id = await new_model()
    broken = []
    for method, path, operation in _operations():
        for body in _bodies(operation):
            headers = {"Content-Type": "application/json"}
            answer = await admin.request(method, _place(path, model_id), content=body, headers=headers)
            if answer.status_code >= 500:
                broken.append((method, path, body[:100], answer.text[:200]))
    assert broken == []


async def test_words_that_no_database_holds_are_no_metadata(admin: httpx2.AsyncClient, new_model: NewModel) -> None:
    place = f"/models/{await new_model()}/forecasts"
    for metadata in ({"\x00": "a"}, {"a": "\x00"}, {"a": "x" * 501}, {"a": 2**80}):
        forecast = {"forecast_date": "2024-01-01", "predicted_value": "1", "metadata": metadata}
        answer = await admin.put(place, json={"forecasts": [forecast]})
        assert answer.status_code == 422, (metadata, answer.text)


@pytest.mark.parametrize("choices", CHOICES)
async def test_nothing_in_the_choices_breaks_an_upload(send: Send, choices: str) -> None:
    for path in ("/uploads/detect", "/uploads"):
        answer = await send(choices=choices, path=path)
        assert answer.status_code in (200, 201, 400, 409, 413, 422), answer.text


async def test_the_ends_of_time_break_no_series(send: Send, analyst: httpx2.AsyncClient) -> None:
    for days in (("9999-10-01", "9999-12-01"), ("0001-01-01", "0001-03-01")):
        stored = await send("date,revenue\n" + "".join(f"{day},1.00\n" for day in days))
        assert stored.status_code in (201, 409, 422), stored.text
        for period in ("day", "week", "month", "quarter", "year"):
            for path in ("/series/totals", "/series/gaps"):
                answer = await analyst.get(path, params={"category": "revenue", "period": period})
                assert answer.status_code in (200, 404), (days, path, period, answer.text)


async def test_who_has_a_token_and_is_no_user_stores_nothing(app: FastAPI, people: People) -> None:
    token = TokenService(SECRET).of("forecasting").issue_access(Actor(new_id(), "A program", frozenset({"analyst"})))
    headers = {"Authorization": f"Bearer {token}"}
    for path in ("/uploads/detect", "/uploads"):
        files = {"file": ("a.csv", b"date,revenue\n2024-01-01,1\n2024-02-01,2\n")}
        answer = await people["nobody"].post(path, files=files, data={"choices": CONFIRMED}, headers=headers)
        assert answer.status_code < 500, answer.text
    assert (await people["nobody"].get("/uploads", headers=headers)).json()["items"] == []
    assert (await people["nobody"].get("/me", headers=headers)).status_code == 404


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\x00b.csv", "\u202efdp.csv", "x" * 500, "", "C:\\data\\a.csv"])
async def test_a_name_is_a_name_and_no_place(analyst: httpx2.AsyncClient, name: str) -> None:
    answer = await analyst.post("/uploads/detect", files={"file": (name, b"date,revenue\n2024-01-01,1\n")})
    assert answer.status_code in (200, 422), answer.text
    shown = answer.json().get("name", "")
    assert len(shown) <= 255
    assert not set(shown) & set("/\\\x00\u202e")


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            if method != "delete" and "/users/" not in path and not path.endswith("/sign-in"):
                yield method.upper(), path.removeprefix(PREFIX), operation


def _place(path: str, model_id: str) -> str:
    places = {"model_id": model_id, "job_id": "1"}
    return re.sub(r"\{(\w+)\}", lambda match: places.get(match[1], NOBODY), path)


def _bodies(operation: dict[str, Any]) -> Iterator[bytes]:
    """Each field alone, among valid ones where there are any, and nothing but rubbish."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    fields = DOCUMENT["components"]["schemas"].get(name, {}).get("properties", {})
    usual = {field: USUAL[field] for field in fields if field in USUAL}
    for sent in SENT if name else ():
        yield json.dumps(sent).encode()
        for field in fields:
            yield json.dumps({**usual, field: sent}).encode()


#: what makes a body valid but for one field
USUAL: dict[str, Any] = {
    "model_name": "revenue",
    "category": "revenue",
    "start": "2023-01-01",
    "end": "2024-01-01",
    "current_password": "Wrong guess 1",
    "password": "A good one 1",
}


def _document() -> dict[str, Any]:
    app = FastAPI()
    app.include_router(router)
    return app.openapi()


DOCUMENT = _document()
