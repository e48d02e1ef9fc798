"""What the columns of a report are: taken from the tables themselves, so that a new column is exported, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Mapper

from strongroom.kernel.tables import ExactDecimal
from strongroom.systems.portfolio.exports.report import ReportLine
from strongroom.systems.portfolio.models import MetricsInput, ReportingFinancials, ReportingMetrics
from strongroom.systems.portfolio.rules.measures import Measure, Unit

Value = str | Decimal | int | date | None


class Part(StrEnum):
    """Which part of the report a column belongs to."""

    COMPANY = "company"
    SENT = "input"
    FINANCIALS = "financials"
    METRICS = "metrics"


@dataclass(frozen=True, slots=True)
class Column:
    """name: unlike that of any other column of the report; label: for people. precision, scale: of a decimal.

    unit: None for what is no figure.
    """

    part: Part
    name: str
    label: str
    kind: type
    value_of: Callable[[ReportLine], Value]
    unit: Unit | None = None
    precision: int = 0
    scale: int = 0


@cache
def report_columns() -> tuple[Column, ...]:
    """Every column: the company, what it sent (named input_…), financials and metrics in the report's currency."""
    return tuple(
        (
            *_COMPANY,
            *_columns_of(MetricsInput, Part.SENT, lambda line: line.sent, prefix="input_"),
            *_columns_of(ReportingFinancials, Part.FINANCIALS, lambda line: line.financials),
            *_columns_of(ReportingMetrics, Part.METRICS, lambda line: line.metrics),
        )
    )


def _columns_of(model: type, part: Part, row_of: Callable[[ReportLine], object], prefix: str = "") -> Iterator[Column]:
    measures = {measure.value: measure for measure in Measure}
    mapper: Mapper[Any] = inspect(model)
    for attribute in mapper.column_attrs:
        name, kind = attribute.key, attribute.columns[0].type
        if name in _LEFT_OUT or (name in _SAID_ONCE and part is not Part.SENT):
            continue
        measure = measures.get(name)
        decimal = kind if isinstance(kind, ExactDecimal) else None
        yield Column(
            part,
            f"{prefix}{name}",
            measure.label if measure else name.replace("_", " ").capitalize(),
            Decimal if decimal else kind.python_type,
            lambda line, key=name: getattr(row_of(line), key),  # type: ignore[misc]  # a default binds the name now
            measure.unit if measure else None,
            decimal.precision if decimal else 0,
            decimal.scale if decimal else 0,
        )


#: keys and the trail of changes are no part of a report
_LEFT_OUT = frozenset({"id", "company_id", "created_date", "created_by", "last_update_date", "last_updated_by"})
#: the same in all three tables, or the report's own currency
_SAID_ONCE = frozenset(
    {"currency", "fiscal_reporting_date", "fiscal_reporting_quarter", "reporting_year", "reporting_quarter"}
)
_COMPANY = (
    Column(Part.COMPANY, "company_id", "Company id", str, lambda line: str(line.company.id)),
    Column(Part.COMPANY, "company", "Company", str, lambda line: line.company.name),
    Column(Part.COMPANY, "fund", "Fund", str, lambda line: line.company.fund),
    Column(Part.COMPANY, "reporting_status", "Status", str, lambda line: line.company.reporting_status.value),
    Column(Part.COMPANY, "location_country", "Country", str, lambda line: line.company.location_country),
    Column(Part.COMPANY, "customer_type", "Customer type", str, lambda line: line.company.customer_type.value),
    Column(Part.COMPANY, "revenue_type", "Revenue type", str, lambda line: line.company.revenue_type.value),
)
