"""The forms a report can be written in; each is loaded when it is asked for, as their libraries are large."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from strongroom.systems.portfolio.exports.report import Report


class Format(StrEnum):
    """xlsx for people; csv for any program, one row a company; parquet for analysis, with exact decimal types."""

    XLSX = "xlsx"
    CSV = "csv"
    PARQUET = "parquet"


MEDIA_TYPES: Mapping[Format, str] = MappingProxyType(
    {
        Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format.CSV: "text/csv; charset=utf-8",
        Format.PARQUET: "application/vnd.apache.parquet",
    }
)


def write_report(report: Report, form: Format) -> bytes:
    """The report as a file of this form."""
    match form:
        case Format.XLSX:
            from strongroom.systems.portfolio.exports.workbook import as_xlsx

            return as_xlsx(report)
        case Format.CSV:
            from strongroom.systems.portfolio.exports.delimited import as_csv

            return as_csv(report)
        case Format.PARQUET:
            from strongroom.systems.portfolio.exports.parquet import as_parquet

            return as_parquet(report)
