"""Whatever fails, the caller reads one shape and no secret."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import httpx2
import pytest
from fastapi import Body, FastAPI
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from strongroom.kernel.errors import (
    DatabaseUnavailable,
    InvalidValue,
    NotFound,
    RateLimitExceeded,
    StrongroomError,
    WroteInReadOnly,
)
from strongroom.kernel.web import install_problem_handlers, problem_responses

SECRET = "4111111111111111"


class InsufficientFunds(StrongroomError):
    """the account has {available} and needs {shortfall} more"""

    code = "TEST_INSUFFICIENT_FUNDS"
    status = 400


async def get_problem(app: FastAPI, client: httpx2.AsyncClient, error: Exception) -> httpx2.Response:
    @app.get("/failing")
    async def failing() -> None:
        raise error

    return await client.get("/failing")


async def test_an_error_of_ours_is_a_problem_document_with_its_facts_as_text(
    app: FastAPI, client: httpx2.AsyncClient
) -> None:
    error = InsufficientFunds(available=Decimal("1E+2"), shortfall=Decimal("0.5000"))
    answer = await get_problem(app, client, error)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/errors/TEST_INSUFFICIENT_FUNDS",
        "title": "Test insufficient funds",
        "status": 400,
        "code": "TEST_INSUFFICIENT_FUNDS",
        "detail": "the account has 1E+2 and needs 0.5000 more",
        "instance": answer.headers["x-request-id"],
        "facts": {"available": "100", "shortfall": "0.5000"},
    }


async def test_the_type_of_a_problem_is_an_address_that_explains_it(app: FastAPI, client: httpx2.AsyncClient) -> None:
    problem = (await get_problem(app, client, InsufficientFunds(available=1, shortfall=2))).json()
    page = (await client.get(problem["type"])).json()
    assert page["message"] == "the account has {available} and needs {shortfall} more"
    assert page["title"] == problem["title"]


async def test_the_list_of_errors_holds_each_code_once(client: httpx2.AsyncClient) -> None:
    codes = [error["code"] for error in (await client.get("/errors")).json()]
    assert codes == sorted(set(codes))
    assert {"NOT_FOUND", "INTERNAL_ERROR", "METHOD_NOT_ALLOWED"} <= set(codes)


async def test_an_unknown_error_code_is_not_found(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/errors/NO_SUCH")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_an_unexpected_exception_keeps_its_text_for_the_log(
    app: FastAPI, client: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "strongroom.web"):
        answer = await get_problem(app, client, RuntimeError(f"no room for {SECRET}"))
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_ERROR")
    assert SECRET not in answer.text
    assert "RuntimeError" not in answer.text
    assert answer.headers["x-request-id"] in caplog.text
    assert SECRET in caplog.text


async def test_a_mistake_of_ours_keeps_its_code_and_hides_its_text(app: FastAPI, client: httpx2.AsyncClient) -> None:
    answer = await get_problem(app, client, WroteInReadOnly(table="users"))
    assert (answer.status_code, answer.json()["code"]) == (500, "WROTE_IN_READ_ONLY")
    assert "read-only" not in answer.text
    assert "facts" not in answer.json()


async def test_an_exception_without_the_middleware_is_answered_too() -> None:
    app = FastAPI()
    install_problem_handlers(app)

    @app.get("/failing")
    async def failing() -> None:
        raise RuntimeError(SECRET)

    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/failing")
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_ERROR")
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("error", "pause"),
    [(RateLimitExceeded(retry_after_s=29.2), "30"), (DatabaseUnavailable(), "1"), (HTTPException(503), "1")],
)
async def test_a_caller_who_should_wait_is_told_how_long(
    app: FastAPI, client: httpx2.AsyncClient, error: Exception, pause: str
) -> None:
    assert (await get_problem(app, client, error)).headers["retry-after"] == pause


async def test_an_error_that_asks_for_no_pause_has_no_retry_after(app: FastAPI, client: httpx2.AsyncClient) -> None:
    assert "retry-after" not in (await get_problem(app, client, NotFound(what="account"))).headers


async def test_an_address_that_does_not_exist_is_a_problem(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_a_method_that_is_not_allowed_names_those_that_are(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/health")
    assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "GET"


async def test_a_plain_http_error_has_no_type_of_its_own(app: FastAPI, client: httpx2.AsyncClient) -> None:
    problem = (await get_problem(app, client, HTTPException(410, "it was here"))).json()
    assert (problem["type"], problem["code"]) == ("about:blank", "HTTP_410")
    assert (problem["title"], problem["detail"]) == ("Gone", "it was here")


async def test_a_status_that_has_no_body_gets_none(app: FastAPI, client: httpx2.AsyncClient) -> None:
    answer = await get_problem(app, client, HTTPException(304, headers={"ETag": '"1"'}))
    assert (answer.content, answer.headers["etag"]) == (b"", '"1"')


def refuse(value: str) -> str:
    raise ValueError(f"cannot take {value}")


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amount: Decimal = Decimal(1)
    lines: list[int] = []
    account: UUID | None = None
    refused: Annotated[str, AfterValidator(refuse)] | None = None
    pet: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None
    short: Annotated[str, Field(max_length=3, pattern="^[a-z]+$")] | None = None


@pytest.fixture
def ordering(app: FastAPI) -> FastAPI:
    @app.post("/orders")
    async def order(order: Order, note: str = "") -> None: ...

    @app.post("/raw")
    async def raw(text: Annotated[str, Body()]) -> None: ...

    return app


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"amount": f"{SECRET}x"}, "amount"),
        ({"lines": [1, f"{SECRET}x"]}, "lines.1"),
        ({"account": f"{SECRET}x"}, "account"),
        ({"refused": SECRET}, "refused"),
        ({"pet": {"kind": SECRET}}, "pet"),
        ({"short": SECRET}, "short"),
        ({"unknown": SECRET}, "unknown"),
        ([SECRET], "body"),
    ],
)
async def test_a_request_that_is_not_valid_names_the_field_and_never_the_value(
    ordering: FastAPI, client: httpx2.AsyncClient, body: object, field: str
) -> None:
    answer = await client.post("/orders", json=body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "VALIDATION_ERROR")
    assert [error["field"] for error in problem["errors"]] == [field]
    assert all(error["message"] for error in problem["errors"])
    assert SECRET not in answer.text


async def test_a_request_of_many_mistakes_is_answered_in_few_words(
    ordering: FastAPI, client: httpx2.AsyncClient
) -> None:
    answer = await client.post("/orders", json={"lines": ["x"] * 150})
    assert len(answer.json()["errors"]) == 50


async def test_text_that_is_not_json_is_not_repeated(ordering: FastAPI, client: httpx2.AsyncClient) -> None:
    answer = await client.post("/orders", content=f'{{"amount": {SECRET}', headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "body", "message": "Invalid JSON"}]


async def test_a_message_with_half_a_character_in_it_can_be_sent(app: FastAPI, client: httpx2.AsyncClient) -> None:
    answer = await get_problem(app, client, NotFound("no account is named \ud800"))
    assert answer.status_code == 404
    assert r"\ud800" in answer.text


async def test_a_value_refused_by_a_rule_reads_like_one_refused_at_the_door(
    app: FastAPI, client: httpx2.AsyncClient
) -> None:
    problem = (await get_problem(app, client, InvalidValue(field="currency", reason="has 3 letters"))).json()
    assert problem["code"] == "VALIDATION_ERROR"
    assert problem["errors"] == [{"field": "currency", "message": "has 3 letters"}]


async def test_the_documented_problems_of_a_route_refer_to_schemas_that_exist(
    app: FastAPI, client: httpx2.AsyncClient
) -> None:
    @app.post("/transfers", responses=problem_responses(NotFound, InsufficientFunds))
    async def transfer(order: Order) -> None: ...

    document = (await client.get("/openapi.json")).json()
    responses = document["paths"]["/transfers"]["post"]["responses"]
    assert set(responses) == {"200", "400", "404", "default"}
    content = responses["400"]["content"]
    assert list(content) == ["application/problem+json"]
    assert list(content["application/problem+json"]["examples"]) == ["TEST_INSUFFICIENT_FUNDS"]
    reference = content["application/problem+json"]["schema"]["$ref"]
    problem = document["components"]["schemas"][reference.rpartition("/")[2]]
    assert {"type", "title", "status", "code", "detail"} == set(problem["required"])
    assert "FieldProblem" in document["components"]["schemas"]
