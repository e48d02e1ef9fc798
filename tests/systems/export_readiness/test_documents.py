"""Documents on real databases: made, checked, corrected, compared, counted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import Database
from strongroom.systems.export_readiness.errors import DocumentNotFound, ReportNotFound
from strongroom.systems.export_readiness.rules import DOCUMENT, DocumentTypeEnum, shown_id
from strongroom.systems.export_readiness.services import documents, metrics
from tests.systems.export_readiness.building import acting, add_user
from tests.systems.export_readiness.progressing import completed_report

GSTIN = "27AABCU9603R1ZN"
INVOICE: dict[str, Any] = {
    "invoice_number": "INV/2026-7",
    "exporter_address": "1 Market Road, Mumbai",
    "consignee_name": "Spice Trade Inc",
    "consignee_address": "2 Harbor Street, New York",
    "port_of_discharge": "USNYC",
    "currency": "USD",
    "payment_terms": "net 30",
    "items": [{"description": "Turmeric powder", "quantity": 100, "unit_price": Decimal("12.50")}],
}


def test_a_document_says_what_the_report_says_and_what_is_given(any_database: Database) -> None:
    user_id, report_id = any_database.write(completed_report)
    made = any_database.write(
        documents.generate_document, report_id, "commercial_invoice", INVOICE, day=date(2026, 11, 21)
    )
    assert made.document_data["exporter_name"] == "Asha Foods"
    assert made.document_data["destination_country"] == "United States"
    assert made.document_data["invoice_date"] == "2026-11-21"
    assert made.document_data["total_value"] == "1250.00"
    assert made.document_data["items"] == [{"description": "Turmeric powder", "quantity": 100, "unit_price": "12.50"}]
    assert made.validation_results is not None
    assert (made.is_valid, made.validation_results["errors"]) == (True, [])
    shown = shown_id(made.id, DOCUMENT)
    assert made.pdf_url == f"/api/export_readiness/documents/{shown}/file.pdf"
    assert made.editable_url == f"/api/export_readiness/documents/{shown}/file.docx"
    assert any_database.read(documents.get_document, shown).id == made.id
    assert any_database.read(metrics.get_metrics, user_id).documents_generated == 1


def test_a_document_with_errors_is_kept_as_a_draft_and_becomes_valid_when_corrected(any_database: Database) -> None:
    user_id, report_id = any_database.write(completed_report)
    draft = any_database.write(
        documents.generate_document, report_id, DocumentTypeEnum.COMMERCIAL_INVOICE, {**INVOICE, "total_value": "1"}
    )
    assert not draft.is_valid
    assert draft.validation_results is not None
    assert [error["field"] for error in draft.validation_results["errors"]] == ["total_value"]
    fixed = any_database.write(documents.change_document, draft.id, {"total_value": "1250"})
    assert fixed.is_valid
    assert any_database.read(metrics.get_metrics, user_id).documents_generated == 1


def test_warnings_leave_a_document_valid(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    made = any_database.write(
        documents.generate_document, report_id, "commercial_invoice", {**INVOICE, "payment_terms": "as agreed"}
    )
    assert made.is_valid
    assert made.validation_results is not None
    assert [found["field"] for found in made.validation_results["warnings"]] == ["payment_terms"]


def test_other_items_bring_another_total(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    made = any_database.write(documents.generate_document, report_id, "commercial_invoice", INVOICE)
    items = [{"description": "Turmeric powder", "quantity": 2, "unit_price": 0.1}]
    changed = any_database.write(documents.change_document, made.id, {"items": items, "payment_terms": None})
    assert changed.document_data["total_value"] == "0.20"
    assert "payment_terms" not in changed.document_data
    assert not changed.is_valid


def test_a_document_is_checked_again_by_what_it_says_now(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    made = any_database.write(documents.generate_document, report_id, "commercial_invoice", INVOICE)

    def written_by_hand(session: Session) -> None:
        document = documents.get_document(session, made.id)
        document.document_data = {**document.document_data, "currency": "XXX"}

    any_database.write(written_by_hand)
    checked = any_database.write(documents.revalidate_document, made.id)
    assert not checked.is_valid
    assert any_database.write(documents.revalidate_document, made.id).validation_results == checked.validation_results


def test_the_latest_of_each_type_is_found_and_all_are_listed_newest_first(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    made = [
        any_database.write(documents.generate_document, report_id, kind).id for kind in ("gst_lut", "softex", "gst_lut")
    ]
    latest = any_database.read(documents.latest_documents, report_id)
    assert {kind.value: found.id for kind, found in latest.items()} == {"gst_lut": made[2], "softex": made[1]}
    assert [found.id for found in any_database.read(documents.list_documents, report_id)] == made[::-1]
    only = any_database.read(documents.list_documents, report_id, DocumentTypeEnum.GST_LUT, limit=1)
    assert [found.id for found in only] == [made[2]]


def test_undertaking_and_shipping_bill_are_compared(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    with pytest.raises(DocumentNotFound):
        any_database.read(documents.cross_check_documents, report_id)
    any_database.write(documents.generate_document, report_id, "gst_lut", {"exporter_gstin": GSTIN})
    bill = {"exporter_gstin": GSTIN.lower(), "exporter_name": "ASHA FOODS Private Limited"}
    any_database.write(documents.generate_document, report_id, "shipping_bill", bill)
    assert any_database.read(documents.cross_check_documents, report_id).is_valid
    any_database.write(documents.generate_document, report_id, "shipping_bill", {**bill, "exporter_name": "Others"})
    assert not any_database.read(documents.cross_check_documents, report_id).is_valid


@pytest.mark.parametrize(
    "fields",
    [
        {"invoice_number": "A\x00B"},
        {"note": "x" * 2001},
        {"": "no name"},
        {"nested": [[[[[["too deep"]]]]]]},
        {"items": [{"quantity": float("nan")}]},
        {"items": list(range(5001))},
        {"note": object()},
    ],
)
def test_what_cannot_be_kept_as_data_is_refused_and_counts_for_nothing(
    any_database: Database, fields: dict[str, Any]
) -> None:
    user_id, report_id = any_database.write(completed_report)
    with pytest.raises(InvalidValue):
        any_database.write(documents.generate_document, report_id, "commercial_invoice", fields)
    assert any_database.read(metrics.get_metrics, user_id).documents_generated == 0


def test_somebody_else_s_documents_are_not_there(any_database: Database) -> None:
    _, report_id = any_database.write(completed_report)
    made = any_database.write(documents.generate_document, report_id, "gst_lut")
    stranger = acting(any_database, any_database.write(add_user, email="other@example.com"))
    for refused in (documents.get_document, documents.revalidate_document, documents.delete_document):
        with pytest.raises(DocumentNotFound):
            stranger.write(refused, made.id)
    with pytest.raises(DocumentNotFound):
        stranger.write(documents.change_document, made.id, {})
    with pytest.raises(ReportNotFound):
        stranger.write(documents.generate_document, report_id, "gst_lut")
    any_database.write(documents.delete_document, made.id)
    with pytest.raises(DocumentNotFound):
        any_database.read(documents.get_document, made.id)
