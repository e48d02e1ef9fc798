"""The kinds of file a report is written as."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from strongroom.systems.forecasting.services.report_documents import ReportDocument


class ReportFormat(StrEnum):
    """What a report can be asked for as; the value is the ending of the file."""

    HTML = "html"
    PDF = "pdf"
    JSON = "json"


MEDIA_TYPES: Mapping[ReportFormat, str] = MappingProxyType(
    {
        ReportFormat.HTML: "text/html; charset=utf-8",
        ReportFormat.PDF: "application/pdf",
        ReportFormat.JSON: "application/json",
    }
)
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


def render_report(document: ReportDocument, form: ReportFormat) -> bytes:
    """The file. Takes up to a second or two of computing, so not within a transaction; JSON is at once."""
    if form is ReportFormat.JSON:
        return json.dumps(document.to_dict(), ensure_ascii=False, allow_nan=False, indent=2).encode()
    if form is ReportFormat.HTML:
        from strongroom.systems.forecasting.documents.page import as_html

        return as_html(document).encode()
    from strongroom.systems.forecasting.documents.paper import as_pdf

    return as_pdf(document)


def file_name(document: ReportDocument, form: ReportFormat) -> str:
    """A name that is safe on every system and in a header, such as sales-2024-04-01.pdf."""
    words = _NOT_IN_A_NAME.sub("-", document.model_name.lower()).strip("-")[:60].strip("-")
    return f"{words or 'report'}-{document.period.start:%Y-%m-%d}.{form}"
