"""All checks of one document, and of two that must agree."""

from __future__ import annotations

from collections.abc import Iterator

from strongroom.systems.export_readiness.rules.enums import DocumentTypeEnum
from strongroom.systems.export_readiness.rules.reference_rates import Rates
from strongroom.systems.export_readiness.rules.validation.customs_words import check_words
from strongroom.systems.export_readiness.rules.validation.fields import Document, check_mandatory
from strongroom.systems.export_readiness.rules.validation.findings import Finding, Validation, build_validation
from strongroom.systems.export_readiness.rules.validation.invoices import check_currency, check_invoice
from strongroom.systems.export_readiness.rules.validation.ports import check_port
from strongroom.systems.export_readiness.rules.validation.tax_numbers import check_gstin, check_same_exporter

_WITH_CURRENCY = (DocumentTypeEnum.SHIPPING_BILL, DocumentTypeEnum.SOFTEX)


def validate_document(document_type: DocumentTypeEnum, document: Document, rates: Rates) -> Validation:
    """Everything that can be said of a document by itself; it may be of any shape, and is never changed."""
    return build_validation(_findings(document_type, document, rates))


def cross_check(gst_lut: Document, shipping_bill: Document) -> Validation:
    """Whether a letter of undertaking and a shipping bill are of the same exporter."""
    return build_validation(check_same_exporter(gst_lut, shipping_bill))


def _findings(document_type: DocumentTypeEnum, document: Document, rates: Rates) -> Iterator[Finding]:
    yield from check_mandatory(document_type, document)
    if document_type is DocumentTypeEnum.COMMERCIAL_INVOICE:
        yield from check_invoice(document, rates)
    elif document_type in _WITH_CURRENCY:
        yield from check_currency(document, rates)
    yield from check_port(document)
    yield from check_gstin(document)
    yield from check_words(document, rates)
