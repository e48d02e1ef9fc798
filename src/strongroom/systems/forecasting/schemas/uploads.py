"""Files that were sent: what they are taken for, what became of them, and the points they hold."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import NumberOut, ResponseBody
from strongroom.systems.forecasting.imports.detecting import Detected
from strongroom.systems.forecasting.rules import CategoryEnum, DataTypeEnum, UploadStatusEnum
from strongroom.systems.forecasting.services.uploads import Uploaded


class RowProblemOut(ResponseBody):
    """A row that cannot be read. line: as the file counts."""

    line: int
    column: str | None
    value: str | None
    reason: str


class DetectedOut(ResponseBody):
    """What a file is taken for. Once nothing is asked any more, send it with these choices, put right."""

    name: str
    kind: str = Field(description="csv, xlsx or parquet.")
    columns: list[str]
    beginning: list[list[str]] = Field(description="The first rows, as text.")
    choices: dict[str, Any] = Field(description="What to send back as `choices` if it is right.")
    findings: list[dict[str, Any]] = Field(description="How each choice came about, with what else it could be.")
    questions: list[str] = Field(description="What has to be told before the file can be stored.")
    rows: int
    problem_rows: int
    problems: list[RowProblemOut]
    series: list[dict[str, Any]] = Field(description="By category: counts, first and last moment, spacing.")
    quality_score: str | None = Field(description="Valid rows of a hundred.")
    notices: list[str]

    @classmethod
    def of(cls, detected: Detected) -> Self:
        """The same as it goes out."""
        return cls.model_validate(detected.to_dict())


class UploadOut(ResponseBody):
    """One file and what became of it."""

    id: UUID
    user_id: UUID
    filename: str
    data_type: DataTypeEnum
    row_count: int = Field(description="Points stored, once it is validated.")
    status: UploadStatusEnum
    error_message: str | None
    extra: Annotated[dict[str, Any], Field(serialization_alias="metadata")]
    created_at: datetime
    updated_at: datetime


class UploadedOut(ResponseBody):
    """An upload that was sent. job_id: who reads it in the background; null when it is stored."""

    upload: UploadOut
    is_new: bool = Field(description="False when the same file was stored before, and nothing was done.")
    job_id: int | None

    @classmethod
    def of(cls, uploaded: Uploaded) -> Self:
        """The same as it goes out."""
        return cls.model_validate(uploaded)


class PointOut(ResponseBody):
    """One value of a series at one moment."""

    id: UUID
    data_upload_id: UUID
    timestamp: datetime
    value: NumberOut
    category: CategoryEnum
    extra: Annotated[dict[str, Any], Field(serialization_alias="metadata")]


class TotalOut(ResponseBody):
    """The points of one period."""

    start: datetime
    total: NumberOut
    mean: NumberOut
    count: int


class LatestOut(ResponseBody):
    """How far series reach. timestamp: of the newest point, null when there is none."""

    timestamp: datetime | None


class GapsOut(ResponseBody):
    """Periods between the first and the last point that hold none, by their beginning."""

    count: int
    starts: list[datetime] = Field(description="The first 1,000.")


class DuplicateOut(ResponseBody):
    """A moment that several uploads of one user hold. uploads: how many."""

    category: CategoryEnum
    timestamp: datetime
    uploads: int


class DuplicatesOut(ResponseBody):
    """Moments that several uploads hold, oldest first."""

    count: int
    items: list[DuplicateOut] = Field(description="The first 1,000.")
