"""Writes the report as CSV: one row for each company and quarter, digits as they are stored, text that stays text."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from strongroom.kernel.files.formulas import guard_text
from strongroom.systems.portfolio.exports.columns import Value, report_columns
from strongroom.systems.portfolio.exports.report import Report


def as_csv(report: Report) -> bytes:
    """UTF-8 with a mark, as Excel wants it; lines end as RFC 4180 has it. Nothing is written for NULL."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    columns = report_columns()
    writer.writerow(["currency", "known_at", *(column.name for column in columns)])
    for line in report.lines:
        values = (_text(column.value_of(line)) for column in columns)
        writer.writerow([report.currency, report.known_at.isoformat(), *values])
    return stream.getvalue().encode("utf-8-sig")


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guard_text(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
