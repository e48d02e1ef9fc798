"""Takes a file in as it arrives: on disk, within its limit, from whoever may send one and from nobody else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import JSONResponse, Response

from strongroom.kernel.errors import InvalidValue, StrongroomError, TooLarge
from strongroom.kernel.web.problems import MEDIA_TYPE, FieldProblem, describe, request_id_of
from strongroom.systems.forecasting.errors import UploadNotConfirmed, UploadRefused
from strongroom.systems.forecasting.imports import Choices
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.rules import DataTypeEnum

FIELD_BYTES_MAX = 64 * 1024
NAME_LETTERS_MAX = 255

#: what FastAPI would say of these fields, if it read them; it reads a body before it asks who sends it
MULTIPART: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "CSV, .xlsx or Parquet."},
                        "choices": {
                            "type": "string",
                            "description": "The `choices` of a detection, put right, as JSON.",
                            "default": "{}",
                        },
                        "data_type": {
                            "type": "string",
                            "enum": [kind.value for kind in DataTypeEnum],
                            "default": DataTypeEnum.TIME_SERIES.value,
                        },
                    },
                }
            }
        },
    }
}


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was sent. name: fit to be stored and shown. size: in bytes."""

    file: BinaryIO
    name: str
    size: int
    choices: Choices
    data_type: DataTypeEnum


@asynccontextmanager
async def received(request: Request, options: ForecastingOptions) -> AsyncIterator[Received]:
    """The file of a request, for as long as the block lasts. Call it once the sender is known to be allowed.

    Raises TooLarge, by its Content-Length before it is read, and InvalidValue for the fields beside it.
    """
    limit = options.upload_bytes_max
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise TooLarge(limit_bytes=limit)
    async with request.form(max_files=1, max_fields=len(DataTypeEnum), max_part_size=FIELD_BYTES_MAX) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise InvalidValue(field="file", reason="must be a file, sent as multipart/form-data")
        if (sent.size or 0) > limit:
            raise TooLarge(limit_bytes=limit)
        yield Received(sent.file, _name_of(sent), sent.size or 0, _choices_of(form), _data_type_of(form))


def refusal(request: Request, error: UploadRefused | UploadNotConfirmed) -> Response:
    """The refusal as a problem document: every row that cannot be read, or every question, is one of its errors."""
    facts = {name: fact for name, fact in error.facts.items() if name not in ("problems", "open")}
    problem = describe(_without_lists(error, facts), request_id_of(request.scope))
    problem.errors = [*_rows(error), *_questions(error)] or None
    return JSONResponse(problem.model_dump(exclude_none=True), problem.status, media_type=MEDIA_TYPE)


def _without_lists(error: StrongroomError, facts: dict[str, Any]) -> StrongroomError:
    return type(error)(**facts)


def _rows(error: StrongroomError) -> list[FieldProblem]:
    rows = error.facts.get("problems", ())
    return [FieldProblem(field=f"{row['line']}:{row['column'] or ''}", message=row["reason"]) for row in rows]


def _questions(error: StrongroomError) -> list[FieldProblem]:
    return [FieldProblem(field="choices", message=question) for question in error.facts.get("open", ())]


def _name_of(sent: UploadFile) -> str:
    """No folders, no letters that cannot be printed."""
    last = PurePosixPath((sent.filename or "").replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable()).strip()[-NAME_LETTERS_MAX:].strip() or "file"


def _choices_of(form: FormData) -> Choices:
    text = form.get("choices") or "{}"
    try:
        document = json.loads(text) if isinstance(text, str) else None
        plain = json.dumps(document, ensure_ascii=False)
        plain.encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        document, plain = None, ""
    if "\\u0000" in plain:
        raise InvalidValue(field="choices", reason="must not hold the character NUL")
    if not isinstance(document, dict):
        raise InvalidValue(field="choices", reason="must be a JSON object")
    return Choices.from_dict(document)


def _data_type_of(form: FormData) -> DataTypeEnum:
    try:
        return DataTypeEnum(form.get("data_type") or DataTypeEnum.TIME_SERIES)
    except ValueError:
        words = ", ".join(kind.value for kind in DataTypeEnum)
        raise InvalidValue(field="data_type", reason=f"must be one of {words}") from None
