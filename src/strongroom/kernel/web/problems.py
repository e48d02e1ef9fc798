"""Every failure leaves as one RFC 9457 problem document, and none of them tells a secret."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from strongroom.kernel.errors import (
    AccessDenied,
    InvalidValue,
    NotAuthenticated,
    NotFound,
    RateLimitExceeded,
    StrongroomError,
    TooLarge,
)

log = logging.getLogger("strongroom.web")

MEDIA_TYPE = "application/problem+json"
FIELD_CHARACTERS_MAX = 200
#: fields named in one answer, lest a small request of many mistakes earn a large answer
FIELDS_MAX = 50


class InternalError(StrongroomError):
    """the server failed; quote the request id when you report it"""

    code = "INTERNAL_ERROR"


class MethodNotAllowed(StrongroomError):
    """this address does not answer that method; the Allow header lists those it does"""

    code = "METHOD_NOT_ALLOWED"
    status = 405


class FieldProblem(BaseModel):
    """One field of a request that cannot be taken as it is."""

    field: str = Field(description="Where it stands, the parts joined by dots.", examples=["lines.0.amount"])
    message: str = Field(description="What it should be; never what was sent.")


class Problem(BaseModel):
    """A failure as RFC 9457 describes it."""

    type: str = Field(description="Address of this kind of problem, `about:blank` for a plain HTTP status.")
    title: str = Field(description="The kind of problem in words; the same for every occurrence.")
    status: int = Field(description="The HTTP status.")
    code: str = Field(description="The kind of problem for programs; never renamed.", examples=["NOT_FOUND"])
    detail: str = Field(description="What happened this time and, where known, the way out.")
    instance: str | None = Field(default=None, description="The request id; the log has it too.")
    facts: dict[str, str] | None = Field(default=None, description="Figures in the detail, by name, as text.")
    errors: list[FieldProblem] | None = Field(default=None, description="The fields to correct.")


def install_problem_handlers(app: FastAPI) -> None:
    """Answer every failure inside the application with a problem document."""
    for kind in (StrongroomError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _handle)


async def _handle(request: Request, error: Exception) -> Response:
    return problem_response(request.scope, error)


def problem_response(scope: Scope, error: Exception) -> Response:
    """The answer to a failed request; failures of ours, not of callers, are logged with the request id."""
    if isinstance(error, HTTPException) and error.status_code in (204, 304):
        return Response(status_code=error.status_code, headers=error.headers)  # these have no body by definition
    problem = describe(error, request_id_of(scope))
    if problem.status >= 500:
        cause = error if problem.status == 500 else None
        log.error("request %s failed with %s: %s", problem.instance, problem.code, problem.detail, exc_info=cause)
    # with ASCII escapes: JSON can carry half a surrogate pair into a message, and UTF-8 cannot carry it out
    content = json.dumps(problem.model_dump(exclude_none=True), ensure_ascii=True)
    return Response(content, problem.status, headers=_headers(error, problem.status), media_type=MEDIA_TYPE)


def request_id_of(scope: Scope) -> str | None:
    """The id under which this request is known, None outside of the application's middleware."""
    request_id: str | None = scope.get("state", {}).get("request_id")
    return request_id


def describe(error: Exception, request_id: str | None = None) -> Problem:
    """What a caller may know about a failure; of unknown exceptions and our own mistakes, nothing."""
    if isinstance(error, RequestValidationError):
        fields = [_field_problem(found) for found in error.errors()[:FIELDS_MAX]]
        names = ", ".join(dict.fromkeys(field.field for field in fields))
        return _problem(InvalidValue, f"the request is not valid: {names}", request_id, errors=fields)
    if isinstance(error, InvalidValue) and "field" in error.facts:
        field = FieldProblem(field=str(error.facts["field"]), message=str(error.facts.get("reason", error)))
        return _problem(type(error), str(error), request_id, errors=[field])
    if isinstance(error, HTTPException):
        return _describe_http(error, request_id)
    if not isinstance(error, StrongroomError):
        return _problem(InternalError, str(InternalError()), request_id)
    if error.status == 500:
        return _problem(type(error), str(InternalError()), request_id)
    facts = {name: _as_text(value) for name, value in error.facts.items() if value is not None}
    return _problem(type(error), str(error), request_id, facts=facts or None)


def problem_responses(*errors: type[StrongroomError]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that raises these errors: one entry a status, one example an error."""
    by_status: dict[int | str, list[type[StrongroomError]]] = {}
    for error in errors:
        by_status.setdefault(error.status, []).append(error)
    return {status: _documented(kinds) for status, kinds in by_status.items()}


def any_problem() -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a whole application: whatever else fails has this shape."""
    return {"default": {"description": "Any other failure", "content": _content()}}


def problem_schemas() -> dict[str, Any]:
    """The OpenAPI schemas that `problem_responses` refers to, by name."""
    schema = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Problem": schema}


def sentence_of(error: type[StrongroomError]) -> str:
    """The message of an error with its facts still in braces."""
    return " ".join((error.__doc__ or error.code).strip().split("\n\n")[0].split())


def title_of(code: str) -> str:
    """INSUFFICIENT_FUNDS as words."""
    return code.replace("_", " ").capitalize()


_BY_STATUS: Mapping[int, type[StrongroomError]] = {
    kind.status: kind
    for kind in (
        NotAuthenticated,
        AccessDenied,
        NotFound,
        MethodNotAllowed,
        TooLarge,
        InvalidValue,
        RateLimitExceeded,
        InternalError,
    )
}


def _problem(kind: type[StrongroomError], detail: str, request_id: str | None, **more: Any) -> Problem:
    return Problem(
        type=f"/errors/{kind.code}",
        title=title_of(kind.code),
        status=kind.status,
        code=kind.code,
        detail=detail,
        instance=request_id,
        **more,
    )


def _describe_http(error: HTTPException, request_id: str | None) -> Problem:
    kind = _BY_STATUS.get(error.status_code)
    detail = error.detail if isinstance(error.detail, str) else _phrase(error.status_code)
    if kind is MethodNotAllowed:
        return _problem(kind, str(kind()), request_id)
    if kind is not None:
        return _problem(kind, str(kind()) if kind.status == 500 else detail, request_id)
    return Problem(
        type="about:blank",
        title=_phrase(error.status_code),
        status=error.status_code,
        code=f"HTTP_{error.status_code}",
        detail=detail,
        instance=request_id,
    )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "HTTP error"


def _field_problem(found: Mapping[str, Any]) -> FieldProblem:
    source, *place = (str(part) for part in found["loc"])
    # malformed JSON has no field yet: its place is a position in the text
    field = source if found["type"] == "json_invalid" else ".".join(place) or source
    return FieldProblem(field=field[:FIELD_CHARACTERS_MAX], message=_message_without_input(found))


def _message_without_input(found: Mapping[str, Any]) -> str:
    general = _MESSAGES_THAT_ECHO.get(found["type"])
    if general is not None:
        return general
    message = str(found["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    sent = str(found.get("input", ""))
    # a validator may put the value into its message; two characters are no secret and occur in any sentence
    return "this value is not valid" if len(sent) > 2 and sent in message else message


#: pydantic's messages that repeat a part of what was sent, and what to say instead
_MESSAGES_THAT_ECHO: Mapping[str, str] = {
    "uuid_parsing": "Input should be a valid UUID",
    "union_tag_invalid": "Input should have one of the expected tags",
    "timezone_offset": "Input should have the expected timezone offset",
    "json_invalid": "Invalid JSON",
    "url_parsing": "Input should be a valid URL",
}


def _headers(error: Exception, status: int) -> dict[str, str]:
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if status == 401:
        headers.setdefault("WWW-Authenticate", "Bearer")
    if status in (429, 503):
        pause_s = error.facts.get("retry_after_s", 1) if isinstance(error, StrongroomError) else 1
        headers.setdefault("Retry-After", str(max(1, math.ceil(pause_s))))
    return headers


def _as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")  # 1E+2 is a hundred, but not to everyone
    return str(value.value) if isinstance(value, Enum) else str(value)


def _documented(kinds: Sequence[type[StrongroomError]]) -> dict[str, Any]:
    examples = {
        kind.code: {"summary": title_of(kind.code), "value": _example(kind).model_dump(exclude_none=True)}
        for kind in kinds
    }
    return {"description": ", ".join(sorted(examples)), "content": _content(examples)}


def _example(kind: type[StrongroomError]) -> Problem:
    return _problem(kind, sentence_of(kind), "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11")


def _content(examples: Mapping[str, Any] | None = None) -> dict[str, Any]:
    shown: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {MEDIA_TYPE: {**shown, "examples": dict(examples)} if examples else shown}
