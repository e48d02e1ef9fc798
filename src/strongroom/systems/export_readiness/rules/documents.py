"""What a document says before anybody has filled it in, and what may be filled in: data of bounded size."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import NotExact, exact_decimal
from strongroom.systems.export_readiness.rules.amounts import ZERO, times
from strongroom.systems.export_readiness.rules.enums import DocumentTypeEnum
from strongroom.systems.export_readiness.rules.wording import JOINERS

ORIGIN = "India"

_KEY_MAX, _TEXT_MAX, _DEPTH_MAX = 100, 2000, 5
#: values of one document, all levels together
_VALUES_MAX = 5000
_APRIL = 4


@dataclass(frozen=True, slots=True)
class Known:
    """What a report and its business already say. hs_code: dotted."""

    day: date
    exporter_name: str | None
    product_name: str
    destination_country: str
    hs_code: str | None = None
    payment_terms: str | None = None


def build_data(document_type: DocumentTypeEnum, known: Known, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a new document: what is known, with what is given in its place; sums are added up if they can be.

    Raises InvalidValue.
    """
    return with_totals(document_type, {**_prefilled(document_type, known), **plain_fields(fields)})


def with_totals(document_type: DocumentTypeEnum, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with the total of its items, where none is given and every item says what it is worth."""
    total = {
        DocumentTypeEnum.COMMERCIAL_INVOICE: ("total_value", ("quantity", "unit_price")),
        DocumentTypeEnum.SHIPPING_BILL: ("total_fob_value", ("fob_value",)),
    }.get(document_type)
    items = data.get("items")
    if total is None or total[0] in data or not isinstance(items, list) or not items:
        return dict(data)
    added = ZERO
    for item in items:
        factors = [_number(item.get(factor)) if isinstance(item, Mapping) else None for factor in total[1]]
        present = [factor for factor in factors if factor is not None]
        if len(present) < len(factors):
            return dict(data)
        added += times(*present)
    return {**data, total[0]: f"{added:f}"}


def plain_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same as JSON keeps it: amounts and JSON numbers as exact text, days in ISO 8601, text trimmed and composed.

    Raises InvalidValue for control characters, for anything that is no JSON, and for too much.
    """
    budget = [_VALUES_MAX]
    return {_key(name): _plain(value, str(name)[:_KEY_MAX], 1, budget) for name, value in fields.items()}


def financial_year(day: date) -> str:
    """2026-27 for any day from April 2026 to March 2027."""
    first = day.year if day.month >= _APRIL else day.year - 1
    return f"{first}-{(first + 1) % 100:02}"


def _prefilled(document_type: DocumentTypeEnum, known: Known) -> dict[str, Any]:
    today = known.day.isoformat()
    item = {"description": known.product_name, "hs_code": known.hs_code}
    goods = {"items": [{name: value for name, value in item.items() if value is not None}]}
    found: dict[str, Any] = {"exporter_name": known.exporter_name}
    match document_type:
        case DocumentTypeEnum.COMMERCIAL_INVOICE:
            found |= {"invoice_date": today, "payment_terms": known.payment_terms, **goods}
            found |= {"destination_country": known.destination_country}
        case DocumentTypeEnum.PACKING_LIST:
            found |= {"date": today, **goods}
        case DocumentTypeEnum.SHIPPING_BILL:
            found |= {"date": today, "destination_country": known.destination_country, **goods}
        case DocumentTypeEnum.GST_LUT:
            found |= {"financial_year": financial_year(known.day), "declaration_date": today}
        case DocumentTypeEnum.SOFTEX:
            found |= {"date": today, "service_description": known.product_name}
            found |= {"recipient_country": known.destination_country}
        case DocumentTypeEnum.CERTIFICATE_OF_ORIGIN:
            found |= {"date": today, "destination_country": known.destination_country, **goods}
            found |= {"origin_country": ORIGIN}
    return {name: value for name, value in found.items() if value is not None}


def _key(name: Any) -> str:
    text = name.strip() if isinstance(name, str) else ""
    if not text or len(text) > _KEY_MAX or not text.isprintable():
        raise InvalidValue(field="fields", reason=f"must be named by 1 to {_KEY_MAX} printable characters each")
    return text


def _plain(value: Any, field: str, depth: int, budget: list[int]) -> Any:
    budget[0] -= 1
    if budget[0] < 0:
        raise InvalidValue(field="fields", reason=f"must be at most {_VALUES_MAX} values")
    if depth > _DEPTH_MAX:
        raise InvalidValue(field=field, reason=f"must not lie deeper than {_DEPTH_MAX} levels")
    match value:
        case None | bool():
            return value
        case str():
            return _text(value, field)
        case Decimal() | float() | int():
            return _number_text(value, field)
        case date():
            return value.isoformat()
        case Mapping():
            return {_key(name): _plain(inner, f"{field}.{name}", depth + 1, budget) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner, f"{field}[{at}]", depth + 1, budget) for at, inner in enumerate(value)]
    raise InvalidValue(field=field, reason="must be text, a number, a day, a list or an object")


def _text(value: str, field: str) -> str:
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\t", " ")).strip()
    if len(text) > _TEXT_MAX:
        raise InvalidValue(field=field, reason=f"must have at most {_TEXT_MAX} characters")
    if not all(sign.isprintable() or sign in JOINERS + "\n" for sign in text):
        raise InvalidValue(field=field, reason="must not contain control characters")
    return text


def _number_text(value: Decimal | float | int, field: str) -> int | str:
    """A whole number stays one. The digits of a JSON number are those that were typed; nothing is computed with it."""
    if isinstance(value, int):
        if abs(value) >= 10**15:
            raise InvalidValue(field=field, reason="must have at most 15 digits, or be written as text")
        return value
    if not math.isfinite(value):
        raise InvalidValue(field=field, reason="must be a finite number")
    text = f"{Decimal(repr(value)) if isinstance(value, float) else value:f}"
    if len(text) > _KEY_MAX:
        raise InvalidValue(field=field, reason="must have fewer digits")
    return text


def _number(value: Any) -> Decimal | None:
    written = value.strip().replace(",", "") if isinstance(value, str) else value
    try:
        found = exact_decimal(written, "value")
    except NotExact:
        return None
    return found if found >= 0 and abs(found) < Decimal(10**15) else None
