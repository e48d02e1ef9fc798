"""Published constants as a table: calculator, name, valid_from, value, unit, source, and details as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import NotExact, exact_decimal
from strongroom.systems.export_readiness.errors import ConstantsRefused
from strongroom.systems.export_readiness.rules import Constant
from strongroom.systems.export_readiness.services.reference_rates import put_constants

COLUMNS = ("calculator", "name", "valid_from", "value", "unit", "source")
_PROBLEMS_MAX = 20


def import_constants(session: Session, content: bytes, name: str) -> int:
    """Put the constants of a CSV file that are not there yet: all or none. Returns how many.

    Raises ConstantsRefused, which names every problem by its line, InvalidValue, AccessDenied.
    """
    return put_constants(session, read_constants(content, name))


def read_constants(content: bytes, name: str) -> list[Constant]:
    """The constants of a file. Raises ConstantsRefused."""
    problems: list[str] = []
    constants: list[Constant] = []
    for line, row in _rows(content, name):
        try:
            constants.append(_constant(row))
        except (InvalidValue, NotExact, ValueError) as error:
            problems.append(f"line {line}: {error}")
    if problems:
        raise _refusal(name, problems)
    return constants


def _constant(row: Mapping[str, str]) -> Constant:
    for column in ("calculator", "name", "unit", "source"):
        if not row[column]:
            raise InvalidValue(field=column, reason="must not be blank")
    return Constant(
        calculator=row["calculator"],
        name=row["name"],
        value=_value(row["value"]),
        unit=row["unit"],
        source=row["source"],
        valid_from=_day(row["valid_from"]),
        details=_details(row.get("details", "")),
    )


def _value(text: str) -> Decimal | None:
    return exact_decimal(text, "value") if text else None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidValue(field="valid_from", reason="must be a day such as 2025-04-01") from None


def _details(text: str) -> Mapping[str, object]:
    if not text:
        return {}
    try:
        details = json.loads(text)
    except ValueError:
        raise InvalidValue(field="details", reason="must be JSON") from None
    if not isinstance(details, dict):
        raise InvalidValue(field="details", reason="must be a JSON object")
    return details


def _rows(content: bytes, name: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refusal(name, ["line 1: the text is not UTF-8"]) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    if missing := [column for column in COLUMNS if column not in (reader.fieldnames or ())]:
        raise _refusal(name, [f"line 1: there is no column {column}" for column in missing])
    try:
        for row in reader:
            yield reader.line_num, {column: (row.get(column) or "").strip() for column in (*COLUMNS, "details")}
    except csv.Error as error:
        raise _refusal(name, [f"line {reader.line_num}: {error}"]) from None


def _refusal(name: str, problems: list[str]) -> ConstantsRefused:
    shown = tuple(problems[:_PROBLEMS_MAX])
    return ConstantsRefused(file=name, count=len(problems), first=shown[0], problems=shown)
