"""Writes the report as Parquet: the decimals of the database as decimals, its dates as dates."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from strongroom.systems.portfolio.exports.columns import Column, report_columns
from strongroom.systems.portfolio.exports.report import Report


def as_parquet(report: Report) -> bytes:
    """One row for each company and quarter. What holds for all rows is in the schema's metadata."""
    columns = report_columns()
    fields = [pa.field(column.name, _type_of(column)) for column in columns]
    about: dict[str | bytes, str | bytes] = {
        "quarter": str(report.quarter),
        "currency": report.currency,
        "known_at": report.known_at.isoformat(),
    }
    arrays = [
        pa.array([column.value_of(line) for line in report.lines], field.type)
        for column, field in zip(columns, fields, strict=True)
    ]
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=about)), stream)
    return stream.getvalue()


def _type_of(column: Column) -> pa.DataType:
    if column.kind is Decimal:
        return pa.decimal128(column.precision, column.scale)
    if column.kind is date:
        return pa.date32()
    return pa.int32() if column.kind is int else pa.string()
