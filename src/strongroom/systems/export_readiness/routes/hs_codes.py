"""The Harmonized System: looked up, searched by words, checked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from strongroom.kernel.web import problem_responses
from strongroom.systems.export_readiness.errors import HsCodeNotFound
from strongroom.systems.export_readiness.routes.dependencies import ActingDatabase
from strongroom.systems.export_readiness.routes.problems import READING
from strongroom.systems.export_readiness.schemas.references import HeadingOut, SearchOut, VerdictOut
from strongroom.systems.export_readiness.schemas.reports import HsCodeIn
from strongroom.systems.export_readiness.services import hs_codes

router = APIRouter(prefix="/hs-codes", tags=["export readiness: HS codes"])

_READ = problem_responses(*READING)
Words = Annotated[str, Query(min_length=1, max_length=500, examples=["turmeric powder"])]
Limit = Annotated[int, Query(ge=1, le=hs_codes.LIMIT_MAX)]


@router.get("", summary="What begins with these digits, in order", responses=_READ)
async def list_below(
    prefix: Annotated[str, Query(min_length=1, max_length=10, examples=["0910"])],
    database: ActingDatabase,
    limit: Limit = 100,
) -> list[HeadingOut]:
    found = await database.read(hs_codes.list_below, prefix, limit=limit)
    return [HeadingOut.model_validate(heading) for heading in found]


@router.get("/search", summary="Chapters, headings and subheadings that fit the words, best first", responses=_READ)
async def search_codes(text: Words, database: ActingDatabase, limit: Limit = 20) -> SearchOut:
    return SearchOut.model_validate(await database.read(hs_codes.search, text, limit=limit))


@router.get("/suggestions", summary="The subheadings that fit a product's description best", responses=_READ)
async def suggest(product: Words, database: ActingDatabase, limit: Limit = 5) -> SearchOut:
    return SearchOut.model_validate(await database.read(hs_codes.suggest, product, limit=limit))


@router.get("/validation", summary="Whether there is such a code, and what else may be meant", responses=_READ)
async def validate(code: Annotated[HsCodeIn, Query()], database: ActingDatabase, limit: Limit = 5) -> VerdictOut:
    return VerdictOut.model_validate(await database.read(hs_codes.validate, code, limit=limit))


@router.get(
    "/{code}",
    summary="One chapter, heading or subheading",
    responses=problem_responses(*READING, HsCodeNotFound),
)
async def get_code(
    code: Annotated[str, Path(max_length=20, pattern=r"^[0-9. ]+$", examples=["0910.30"])], database: ActingDatabase
) -> HeadingOut:
    return HeadingOut.model_validate(await database.read(hs_codes.get_hs_code, code))
