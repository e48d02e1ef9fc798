"""Serves the page behind every problem's `type`: which errors there are, and what each of them means."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter
from pydantic import BaseModel, Field

from strongroom.kernel.errors import NotFound, StrongroomError
from strongroom.kernel.web.problems import problem_responses, sentence_of, title_of


class ErrorOut(BaseModel):
    """One kind of error."""

    code: str
    title: str
    status: int = Field(description="The HTTP status it is answered with.")
    retryable: bool = Field(description="Whether the same request may succeed when it is sent again.")
    message: str = Field(description="What it says, with its facts in braces.")


def build_error_router() -> APIRouter:
    """Routes over every error known to the process, those of the systems included."""
    router = APIRouter(prefix="/errors", tags=["errors"])

    @router.get("", summary="Every error this service can answer with")
    async def list_errors() -> list[ErrorOut]:
        return [_shown(kind) for kind in known_errors().values()]

    @router.get("/{code}", summary="What an error code means", responses=problem_responses(NotFound))
    async def get_error(code: str) -> ErrorOut:
        kind = known_errors().get(code)
        if kind is None:
            raise NotFound("no error has this code")
        return _shown(kind)

    return router


def known_errors() -> dict[str, type[StrongroomError]]:
    """Every error class imported so far, by code, sorted; of two with one code the more general one."""
    found: dict[str, type[StrongroomError]] = {}
    for kind in _family(StrongroomError):
        found.setdefault(kind.code, kind)
    return dict(sorted(found.items()))


def _family(kind: type[StrongroomError]) -> Iterator[type[StrongroomError]]:
    generation = [kind]
    while generation:
        yield from generation
        generation = [child for parent in generation for child in parent.__subclasses__()]


def _shown(kind: type[StrongroomError]) -> ErrorOut:
    return ErrorOut(
        code=kind.code,
        title=title_of(kind.code),
        status=kind.status,
        retryable=kind.retryable,
        message=sentence_of(kind),
    )
