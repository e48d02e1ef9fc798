"""What each kind of document must say, and how the values in one are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from strongroom.kernel.values import NotExact, exact_decimal
from strongroom.systems.export_readiness.rules.enums import DocumentTypeEnum
from strongroom.systems.export_readiness.rules.validation.findings import Finding

Document = Mapping[str, Any]

MANDATORY: Mapping[DocumentTypeEnum, tuple[str, ...]] = MappingProxyType(
    {
        DocumentTypeEnum.COMMERCIAL_INVOICE: (
            "invoice_number", "invoice_date", "exporter_name", "exporter_address", "consignee_name",
            "consignee_address", "destination_country", "port_of_discharge", "items", "total_value", "currency",
            "payment_terms",
        ),
        DocumentTypeEnum.PACKING_LIST: (
            "packing_list_number", "date", "exporter_name", "consignee_name", "items", "total_packages",
            "total_weight", "dimensions",
        ),
        DocumentTypeEnum.SHIPPING_BILL: (
            "shipping_bill_number", "date", "exporter_name", "exporter_iec", "consignee_name", "destination_country",
            "port_of_loading", "port_of_discharge", "items", "total_fob_value", "currency",
        ),
        DocumentTypeEnum.GST_LUT: (
            "lut_number", "financial_year", "exporter_name", "exporter_gstin", "exporter_address", "declaration_date",
        ),
        DocumentTypeEnum.SOFTEX: (
            "softex_number", "date", "exporter_name", "exporter_gstin", "service_description", "service_recipient",
            "recipient_country", "invoice_value", "currency",
        ),
        DocumentTypeEnum.CERTIFICATE_OF_ORIGIN: (
            "certificate_number", "date", "exporter_name", "exporter_address", "consignee_name", "consignee_address",
            "destination_country", "items", "origin_country",
        ),
    }
)  # fmt: skip


def check_mandatory(document_type: DocumentTypeEnum, document: Document) -> Iterator[Finding]:
    """An error for every field that is missing or empty, and for items that are no list of goods."""
    for field in MANDATORY[document_type]:
        if is_blank(document.get(field)):
            words = field.replace("_", " ")
            yield Finding(field, f"{words} is missing", f"Fill in the {words}")
        elif field == "items" and not is_items(document["items"]):
            yield Finding(field, "items is not a list of goods", "Give each of the goods with its description")


def is_blank(value: Any) -> bool:
    """None, white space, and what has nothing in it; 0 is a value."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, list | tuple | Mapping) and not value)


def is_items(value: Any) -> bool:
    """Whether it is a list of objects."""
    return isinstance(value, list | tuple) and all(isinstance(item, Mapping) for item in value)


def items_of(document: Document) -> list[Document]:
    """The goods of a document; none where it does not say them properly."""
    value = document.get("items")
    return list(value) if isinstance(value, list | tuple) and is_items(value) else []


def text_of(document: Document, field: str) -> str:
    """Trimmed text; empty for what is no text."""
    value = document.get(field)
    return value.strip() if isinstance(value, str) else ""


def find_number(value: Any) -> Decimal | None:
    """A finite number as it is written in JSON or in text, "1,200.50" as well; None for anything else."""
    written = value.strip().replace(",", "") if isinstance(value, str) else value
    try:
        # the digits of a JSON number are those that were typed: nothing is computed with the float itself
        return exact_decimal(repr(written) if isinstance(written, float) else written)
    except NotExact:
        return None
