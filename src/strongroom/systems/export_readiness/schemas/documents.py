"""Export documents on the wire: what they say, and what the checks found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from strongroom.kernel.web import RequestBody, ResponseBody
from strongroom.systems.export_readiness.rules import DocumentTypeEnum
from strongroom.systems.export_readiness.rules.validation import SeverityEnum
from strongroom.systems.export_readiness.schemas.bodies import DocumentId, ReportId

FIELDS_MAX = 200
_FIELDS = "What it says, by the names of its fields; amounts as decimal text."


class DocumentIn(RequestBody):
    """A document to make of what the report says and of these fields."""

    document_type: DocumentTypeEnum
    fields: dict[str, Any] = Field(
        default={}, max_length=FIELDS_MAX, description=_FIELDS, examples=[{"invoice_number": "INV-2026-7"}]
    )


class DocumentChangeIn(RequestBody):
    """Fields to put in place of those of the same name; null takes one away."""

    fields: dict[str, Any] = Field(min_length=1, max_length=FIELDS_MAX, description=_FIELDS)


class FindingOut(ResponseBody):
    """Something to correct or to look at."""

    field: str
    message: str
    suggestion: str
    severity: SeverityEnum


class ValidationOut(ResponseBody):
    """What the checks found; only errors make a document invalid."""

    is_valid: bool
    errors: list[FindingOut]
    warnings: list[FindingOut]


class DocumentOut(ResponseBody):
    """A document. What is not valid is a draft."""

    id: DocumentId
    report_id: ReportId
    document_type: DocumentTypeEnum
    document_data: dict[str, Any]
    pdf_url: str | None
    editable_url: str | None
    validation_results: ValidationOut | None
    is_valid: bool
    created_at: datetime
    updated_at: datetime
