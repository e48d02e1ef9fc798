"""Whether an invoice adds up and says how it is paid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from strongroom.kernel.values import WIDE
from strongroom.systems.export_readiness.rules.amounts import ZERO, times
from strongroom.systems.export_readiness.rules.reference_rates import Rates
from strongroom.systems.export_readiness.rules.validation.fields import (
    Document,
    find_number,
    is_blank,
    items_of,
    text_of,
)
from strongroom.systems.export_readiness.rules.validation.findings import Finding, warning

_FACTORS = ("quantity", "unit_price")
_NUMBER = re.compile(r"[A-Za-z0-9/_-]+")
_TERMS = re.compile(
    r"\b\d{1,4}\s*days?\b|\badvance\b|\bon\s+delivery\b|\bletters?\s+of\s+credit\b|\bl/?c\b|\bsight\b|\bnet\s*\d{1,4}\b",
    re.IGNORECASE,
)


def check_invoice(document: Document, rates: Rates) -> Iterator[Finding]:
    """Number, currency, total and payment terms, where they are given."""
    yield from _check_number(document)
    yield from check_currency(document, rates)
    yield from _check_items(document)
    yield from _check_total(document, rates)
    terms = text_of(document, "payment_terms")
    if terms and not _TERMS.search(terms):
        suggestion = "Say for example: 30 days, net 30, advance, on delivery, letter of credit, at sight"
        yield warning("payment_terms", "the payment terms are not clear", suggestion)


def check_currency(document: Document, rates: Rates) -> Iterator[Finding]:
    """One of those that documents may be in."""
    allowed = rates.details("documents", "currencies")["items"]
    if not is_blank(document.get("currency")) and text_of(document, "currency") not in allowed:
        yield Finding("currency", "the currency is not accepted", f"Use one of {', '.join(allowed)}")


def _check_number(document: Document) -> Iterator[Finding]:
    value = document.get("invoice_number")
    if not is_blank(value) and not (isinstance(value, str) and _NUMBER.fullmatch(value.strip())):
        allowed = "Use letters, digits, - / and _ only"
        yield Finding("invoice_number", "the invoice number has characters that customs does not take", allowed)


def _check_items(document: Document) -> Iterator[Finding]:
    for position, item in enumerate(items_of(document)):
        for field in _FACTORS:
            if _factor(item, field) is None:
                message = f"{field.replace('_', ' ')} is not an amount"
                yield Finding(f"items[{position}].{field}", message, "Write a number greater than 0")


def _check_total(document: Document, rates: Rates) -> Iterator[Finding]:
    if is_blank(document.get("total_value")):
        return
    total = find_number(document["total_value"])
    if total is None or total < 0:
        yield Finding("total_value", "the total is not an amount", "Write a number from 0")
        return
    added = _sum_of_items(document)
    if added is not None and abs(WIDE.subtract(total, added)) > rates.value("documents", "total_tolerance"):
        message = f"the total {total:f} is not the sum of the items, {added:f}"
        yield Finding("total_value", message, "Correct the total, or a quantity or price")


def _sum_of_items(document: Document) -> Decimal | None:
    """None where there is no item, or one that cannot be reckoned."""
    added = ZERO
    for item in items_of(document):
        factors = [factor for field in _FACTORS if (factor := _factor(item, field)) is not None]
        if len(factors) < len(_FACTORS):
            return None
        added = WIDE.add(added, times(*factors))
    return added if items_of(document) else None


def _factor(item: Document, field: str) -> Decimal | None:
    """A free sample has a price of 0; a quantity of 0 is none."""
    number = find_number(item.get(field))
    is_one = number is not None and (number > 0 or (number == 0 and field == "unit_price"))
    return number if is_one else None
